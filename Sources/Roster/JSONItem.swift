// One item of a JSON roster, taken apart in the order of its members.

/// The scalars of an item that a roster's columns are made of.
///
/// Members at the top level, below `traits`, and of an `identity` and its traits, whose names are joined with dots
/// (`traits.name.first`, `identity.id`). Numbers stay as they are written, null is empty. Everything else is passed
/// over: credentials above all may never travel into an export.
struct JSONItem {
    enum Shape {
        case object, string(String), other
    }

    struct Member {
        let name: String
        let value: String
        let isNull: Bool
    }

    /// What the names of its members say about an item.
    struct Marks: OptionSet {
        let rawValue: Int

        /// It is an identity as Kratos shows them.
        static let identity = Marks(rawValue: 1)
        /// It is a session.
        static let session = Marks(rawValue: 2)
        /// It has a member `error`, `errors` or `fault` that says something.
        static let error = Marks(rawValue: 4)
        /// That member is an object or a list.
        static let errorObject = Marks(rawValue: 8)
        /// It has a member that an error answer would not have.
        static let beyondErrors = Marks(rawValue: 16)
    }

    enum Failure: Error {
        case malformed(offset: Int)
        case invalidUTF8(column: String?)
        case fieldTooLong(column: String?)
        case duplicateMember(String, values: String)
    }

    let shape: Shape
    let members: [Member]
    let marks: Marks
    /// The `reason` of the member `error`, or else its `message`, or else what comes nearest to one.
    let errorText: String?

    /// Throws a `Failure`.
    init(_ text: UnsafeBufferPointer<UInt8>) throws {
        var parser = JSONItemParser(text)
        shape = try parser.item()
        members = parser.members
        marks = parser.marks
        errorText = parser.errorReason ?? parser.errorMessage ?? parser.errorDetail
    }

    subscript(name: String) -> Member? {
        members.last { $0.name == name }
    }
}

/// A parser that keeps what `JSONItem` has and checks the rest.
private struct JSONItemParser {
    private(set) var members: [JSONItem.Member] = []
    private(set) var marks: JSONItem.Marks = []
    private(set) var errorReason: String?
    private(set) var errorMessage: String?
    private(set) var errorDetail: String?

    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    private enum Scope: Equatable {
        case top, identity, traits(prefix: String), error, passed
    }

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    mutating func item() throws -> JSONItem.Shape {
        let shape: JSONItem.Shape
        switch peek() {
        case UInt8(ascii: "{"):
            try object(.top)
            shape = .object
        case UInt8(ascii: "\""):
            shape = .string(try decoded(try string(), column: nil))
        default:
            try skip()
            shape = .other
        }
        guard peek() == nil else { throw failure }
        return shape
    }

    private mutating func object(_ scope: Scope) throws {
        position += 1
        if peek() == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            guard peek() == UInt8(ascii: "\"") else { throw failure }
            let key = try string()
            guard peek() == UInt8(ascii: ":") else { throw failure }
            position += 1
            if scope == .passed {
                try skip()
            } else {
                try member(decoded(key, column: nil), scope)
            }
            let byte = peek()
            position += 1
            if byte == UInt8(ascii: "}") { return }
            guard byte == UInt8(ascii: ",") else { throw failure }
        }
    }

    private mutating func member(_ key: String, _ scope: Scope) throws {
        let prefix =
            switch scope {
            case .traits(let prefix): prefix
            case .identity: JSONItem.nestedPrefix
            case .top, .error, .passed: ""
            }
        let name = prefix + key
        let first = peek()
        if scope == .top { mark(key, first) }
        switch first {
        case UInt8(ascii: "{"):
            switch (scope, key) {
            case (.top, "traits"), (.identity, "traits"): try object(.traits(prefix: name + "."))
            case (.top, "identity"): try object(.identity)
            case (.top, "error"), (.top, "errors"), (.top, "fault"): try object(.error)
            case (.traits, _): try object(.traits(prefix: name + "."))
            default: try skip()
            }
        case UInt8(ascii: "["):
            if scope == .top, key == "errors" { try errors() } else { try skip() }
        case UInt8(ascii: "\""):
            let value = try decoded(try string(), column: name)
            if scope == .error {
                noteError(key, value)
            } else if !isCredentials(key, scope) {
                try append(name, value)
                if scope == .top { noteErrorMember(key, value) }
            }
        default:
            let word = try self.word()
            if scope != .error, !isCredentials(key, scope) {
                let isNull = word == "null"
                try append(name, isNull ? "" : word, isNull: isNull)
            }
        }
    }

    private func isCredentials(_ key: String, _ scope: Scope) -> Bool {
        key == "credentials" && (scope == .top || scope == .identity)
    }

    /// The elements of `errors`, of which the first that says something is kept.
    private mutating func errors() throws {
        position += 1
        if peek() == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            switch peek() {
            case UInt8(ascii: "{"): try object(.error)
            case UInt8(ascii: "\""): noteError("message", try decoded(try string(), column: "errors"))
            default: try skip()
            }
            let byte = peek()
            position += 1
            if byte == UInt8(ascii: "]") { return }
            guard byte == UInt8(ascii: ",") else { throw failure }
        }
    }

    /// Throws where a member comes twice with two values: one of them would be lost.
    private mutating func append(_ name: String, _ value: String, isNull: Bool = false) throws {
        let member = JSONItem.Member(name: name, value: value, isNull: isNull)
        // Looking through all of them is quadratic; beyond the most columns of a roster it does not matter.
        if members.count <= RosterBounds.columnsMax,
            let index = members.firstIndex(where: { $0.name == name })
        {
            let first = members[index].value
            guard first == value else {
                throw JSONItem.Failure.duplicateMember(name, values: "\(first) | \(value)")
            }
        } else {
            members.append(member)
        }
    }
}

// MARK: - Errors

extension JSONItemParser {
    private static let errorMembers: Set<String> = [
        "error", "errors", "fault", "message", "error_description", "error_uri", "error_id", "error_code",
        "reason", "detail", "details", "title", "type", "instance", "status", "statuscode", "status_code",
        "code",
        "request", "request_id", "requestid", "trace_id", "traceid", "timestamp", "time", "path", "success",
        "data", "id", "created_at", "updated_at", "debug", "documentation_url",
    ]

    /// Takes note of what a member at the top level says about the item.
    private mutating func mark(_ key: String, _ first: UInt8?) {
        switch key {
        case "id": return
        case "schema_id", "schema_url", "traits": marks.formUnion([.identity, .beyondErrors])
        case "authenticated_at", "authentication_methods", "authenticator_assurance_level":
            marks.formUnion([.session, .beyondErrors])
        case "error", "errors", "fault":
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return }
            var rest = self
            rest.position += 1
            guard let inside = rest.peek(), inside != UInt8(ascii: "]") else { return }
            marks.formUnion([.error, .errorObject])
        default:
            guard !marks.contains(.beyondErrors), !Self.errorMembers.contains(key.lowercased()) else {
                return
            }
            marks.insert(.beyondErrors)
        }
    }

    /// A string within the member `error`; the first of each kind counts.
    private mutating func noteError(_ key: String, _ value: String) {
        guard !value.isEmpty else { return }
        switch key.lowercased() {
        case "reason": errorReason = errorReason ?? value
        case "message": errorMessage = errorMessage ?? value
        case "detail", "details", "title", "description", "error_description", "faultstring", "status":
            errorDetail = errorDetail ?? value
        default: break
        }
    }

    /// A string at the top level that may be an error answer's.
    private mutating func noteErrorMember(_ key: String, _ value: String) {
        guard !value.isEmpty else { return }
        switch key {
        case "error", "errors", "fault":
            marks.insert(.error)
            errorDetail = errorDetail ?? value
        case "error_description", "message": errorMessage = errorMessage ?? value
        case "detail", "title": errorDetail = errorDetail ?? value
        default: break
        }
    }
}

// MARK: - JSON

extension JSONItemParser {
    private var failure: JSONItem.Failure { .malformed(offset: position) }

    /// The next byte that is no blank; nil at the end.
    private mutating func peek() -> UInt8? {
        while position < text.count {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    /// Passes a string and returns what is between its quotes.
    private mutating func string() throws -> UnsafeBufferPointer<UInt8> {
        position += 1
        let start = position
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return UnsafeBufferPointer(rebasing: text[start..<position - 1])
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw failure
    }

    private mutating func word() throws -> String {
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0a, 0x0d, 0x09: break
            default:
                position += 1
                continue
            }
            break
        }
        let raw = UnsafeBufferPointer(rebasing: text[start..<position])
        guard raw.count <= 1024 else { throw failure }
        let word = String(decoding: raw, as: UTF8.self)
        guard ["true", "false", "null"].contains(word) || raw.isJSONNumber else {
            position = start
            throw failure
        }
        return word
    }

    /// Passes any value.
    ///
    /// Its depth is bounded by the scanner that delimited the item.
    private mutating func skip() throws {
        switch peek() {
        case UInt8(ascii: "{"): try object(.passed)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "["):
            position += 1
            if peek() == UInt8(ascii: "]") {
                position += 1
                return
            }
            while true {
                try skip()
                let byte = peek()
                position += 1
                if byte == UInt8(ascii: "]") { return }
                guard byte == UInt8(ascii: ",") else { throw failure }
            }
        default: _ = try word()
        }
    }

    private func decoded(_ raw: UnsafeBufferPointer<UInt8>, column: String?) throws -> String {
        var bytes: [UInt8] = []
        if raw.contains(UInt8(ascii: "\\")) {
            guard let unescaped = raw.unescapedJSON else {
                let start = raw.baseAddress.map { $0 - (text.baseAddress ?? $0) } ?? 1
                throw JSONItem.Failure.malformed(offset: start - 1)
            }
            bytes = unescaped
        }
        return try bytes.withUnsafeBufferPointer { unescaped in
            let text = unescaped.isEmpty ? raw : unescaped
            guard text.count <= RosterBounds.fieldBytesMax else {
                throw JSONItem.Failure.fieldTooLong(column: column)
            }
            guard let string = String(validating: text, as: UTF8.self) else {
                throw JSONItem.Failure.invalidUTF8(column: column)
            }
            return string
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// RFC 8259: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    fileprivate var isJSONNumber: Bool {
        var position = 0
        func digits() -> Int {
            let start = position
            while position < count, 0x30...0x39 ~= self[position] { position += 1 }
            return position - start
        }
        func accept(_ bytes: StaticString) -> Bool {
            guard position < count else { return false }
            let isAccepted = bytes.withUTF8Buffer { $0.contains(self[position]) }
            if isAccepted { position += 1 }
            return isAccepted
        }
        _ = accept("-")
        if !accept("0"), digits() == 0 { return false }
        if accept("."), digits() == 0 { return false }
        if accept("eE") {
            _ = accept("+-")
            if digits() == 0 { return false }
        }
        return position == count
    }

    /// A string's text without its escapes; nil where one is malformed.
    ///
    /// A lone surrogate becomes U+FFFD.
    fileprivate var unescapedJSON: [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var position = 0
        func unit(at start: Int) -> UInt32? {
            guard start + 4 <= count else { return nil }
            return self[start..<start + 4].reduce(UInt32?.some(0)) { sum, byte in
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                return sum.map { $0 << 4 | UInt32(digit) }
            }
        }
        while position < count {
            guard self[position] == UInt8(ascii: "\\") else {
                result.append(self[position])
                position += 1
                continue
            }
            guard position + 1 < count else { return nil }
            let escape = self[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard var scalar = unit(at: position) else { return nil }
                position += 4
                if 0xd800..<0xdc00 ~= scalar, position + 1 < count, self[position] == UInt8(ascii: "\\"),
                    self[position + 1] == UInt8(ascii: "u"), let low = unit(at: position + 2),
                    0xdc00..<0xe000 ~= low
                {
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                    position += 6
                }
                result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
            default: return nil
            }
        }
        return result
    }
}
