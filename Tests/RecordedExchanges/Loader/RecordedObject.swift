// Reading the members of a recording.

/// An object of a recording, whose members are taken one by one; one that is left over is a mistake.
struct RecordedObject {
    private var members: [String: RecordedJSON] = [:]

    init(_ json: RecordedJSON) throws {
        guard case .object(let list) = json else { throw RecordingError("an object is missing") }
        for (spelled, value) in list {
            let name = RecordedJSON.string(spelled).text ?? ""
            guard members.updateValue(value, forKey: name) == nil else {
                throw RecordingError("\"\(name)\" stands there twice")
            }
        }
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    mutating func optional(_ name: String) -> RecordedJSON? {
        members.removeValue(forKey: name)
    }

    mutating func json(_ name: String) throws -> RecordedJSON {
        guard let json = optional(name) else { throw RecordingError("\"\(name)\" is missing") }
        return json
    }

    mutating func object(_ name: String) throws -> RecordedObject { try RecordedObject(try json(name)) }

    mutating func text(_ name: String) throws -> String { try Self.text(try json(name), name) }

    /// Nil where the member is not there, or is null.
    mutating func optionalText(_ name: String) throws -> String? {
        switch optional(name) {
        case nil, .word("null"): nil
        case let json?: try Self.text(json, name)
        }
    }

    /// One of the words that `Value` knows; nil where the member is not there.
    mutating func word<Value: RawRepresentable<String>>(_ name: String) throws -> Value? {
        guard let text = try optionalText(name) else { return nil }
        guard let value = Value(rawValue: text) else { throw RecordingError("\"\(name)\" is \"\(text)\"") }
        return value
    }

    /// False where the member is not there.
    mutating func flag(_ name: String) throws -> Bool {
        switch optional(name) {
        case nil: false
        case .word("true"): true
        default: throw RecordingError("\"\(name)\" is neither true nor left out")
        }
    }

    mutating func number(_ name: String) throws -> Int? {
        switch optional(name) {
        case nil: nil
        case .word(let word): Int(word)
        default: throw RecordingError("\"\(name)\" is no number")
        }
    }

    /// Empty where the member is not there.
    mutating func list(_ name: String) throws -> [RecordedJSON] {
        switch optional(name) {
        case nil: []
        case .array(let values): values
        default: throw RecordingError("\"\(name)\" is no list")
        }
    }

    mutating func texts(_ name: String) throws -> [String] { try list(name).map { try Self.text($0, name) } }

    /// Pairs of a header's name and its value as lines.
    mutating func headerLines() throws -> [String] {
        try list("headers").map { json in
            guard case .array(let pair) = json, pair.count == 2 else {
                throw RecordingError("a header is not a name and a value")
            }
            return try pair.map { try Self.text($0, "headers") }.joined(separator: ": ")
        }
    }

    /// The names of all members that were not taken yet, and their texts.
    mutating func allTexts() throws -> [String: String] {
        defer { members = [:] }
        return try Dictionary(uniqueKeysWithValues: members.map { ($0, try Self.text($1, $0)) })
    }

    func end() throws {
        guard let name = members.keys.min() else { return }
        throw RecordingError("\"\(name)\" is not a member that a recording has")
    }

    private static func text(_ json: RecordedJSON, _ name: String) throws -> String {
        guard let text = json.text else { throw RecordingError("\"\(name)\" is no string") }
        return text
    }
}
