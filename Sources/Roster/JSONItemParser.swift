// From an item's text to its scalars.

/// A parser that keeps what `JSONItem` has and checks the rest.
struct JSONItemParser {
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
                throw JSONItem.Failure.fieldTooLong(column: column, value: beginning(of: text))
            }
            guard let string = String(validating: text, as: UTF8.self) else {
                throw JSONItem.Failure.invalidUTF8(column: column, value: beginning(of: text))
            }
            return string
        }
    }

    /// As much of a value as a reject shows.
    private func beginning(of text: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: text.prefix(RejectedRow.valueCharactersMax * 4), as: UTF8.self)
    }
}
