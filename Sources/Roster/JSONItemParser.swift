// From an item's text to its scalars.

import Model

/// A parser that keeps what `JSONItem` has and checks the rest.
struct JSONItemParser {
    private(set) var members: [JSONItem.Member] = []
    private(set) var marks: JSONItem.Marks = []
    private(set) var errorReason: String?
    private(set) var errorMessage: String?
    private(set) var errorDetail: String?

    private var cursor: JSONCursor

    private enum Scope: Equatable {
        case top, identity, traits(prefix: String), error
    }

    init(_ text: UnsafeBufferPointer<UInt8>) {
        cursor = JSONCursor(text)
    }

    mutating func item() throws -> JSONItem.Shape {
        let shape: JSONItem.Shape
        switch cursor.peek() {
        case UInt8(ascii: "{"):
            try object(.top)
            shape = .object
        case UInt8(ascii: "\""):
            shape = .string(try decoded(try cursor.string(), column: nil))
        default:
            try cursor.pass()
            shape = .other
        }
        guard cursor.peek() == nil else { throw cursor.malformed }
        return shape
    }

    private mutating func object(_ scope: Scope) throws {
        guard cursor.enter(.object) else { return }
        repeat {
            try member(decoded(try cursor.key(), column: nil), scope)
        } while try cursor.goesOn(in: .object)
    }

    private mutating func member(_ key: String, _ scope: Scope) throws {
        let prefix =
            switch scope {
            case .traits(let prefix): prefix
            case .identity: JSONItem.nestedPrefix
            case .top, .error: ""
            }
        let name = prefix + key
        let first = cursor.peek()
        if scope == .top { mark(key, first) }
        switch first {
        case UInt8(ascii: "{"):
            switch (scope, key) {
            case (.top, "traits"), (.identity, "traits"): try object(.traits(prefix: name + "."))
            case (.top, "identity"): try object(.identity)
            case (.top, "error"), (.top, "errors"), (.top, "fault"): try object(.error)
            case (.traits, _): try object(.traits(prefix: name + "."))
            default: try cursor.pass()
            }
        case UInt8(ascii: "["):
            if scope == .top, key == "errors" { try errors() } else { try cursor.pass() }
        case UInt8(ascii: "\""):
            let value = try decoded(try cursor.string(), column: name)
            if scope == .error {
                noteError(key, value)
            } else if !isCredentials(key, scope) {
                try append(name, value)
                if scope == .top { noteErrorMember(key, value) }
            }
        default:
            let word = try cursor.word()
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
        guard cursor.enter(.list) else { return }
        repeat {
            switch cursor.peek() {
            case UInt8(ascii: "{"): try object(.error)
            case UInt8(ascii: "\""):
                noteError("message", try decoded(try cursor.string(), column: "errors"))
            default: try cursor.pass()
            }
        } while try cursor.goesOn(in: .list)
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
            var rest = cursor
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

// MARK: - Texts

extension JSONItemParser {
    private func decoded(_ raw: JSONString, column: String?) throws -> String {
        guard raw.hasEscapes else { return try checked(raw.bytes, column: column) }
        guard let unescaped = raw.unescaped() else {
            let start = raw.bytes.baseAddress.map { $0 - (cursor.bytes.baseAddress ?? $0) } ?? 1
            throw MalformedJSON(offset: start - 1)
        }
        return try unescaped.withUnsafeBufferPointer { try checked($0, column: column) }
    }

    private func checked(_ text: UnsafeBufferPointer<UInt8>, column: String?) throws -> String {
        guard text.count <= RosterBounds.fieldBytesMax else {
            throw JSONItem.Failure.fieldTooLong(column: column, value: beginning(of: text))
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw JSONItem.Failure.invalidUTF8(column: column, value: beginning(of: text))
        }
        return string
    }

    /// As much of a value as a reject shows.
    private func beginning(of text: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: text.prefix(RejectedRow.valueCharactersMax * 4), as: UTF8.self)
    }
}
