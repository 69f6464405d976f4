// JSON kept whole: traits and metadata go out as they came in, in their order and without blanks.

/// A JSON value with everything in it.
enum JSONTree: Hashable, Sendable {
    case object([Member])
    case array([JSONTree])
    case string(String)
    /// The digits as they were written.
    case number(String)
    case bool(Bool)
    case null

    struct Member: Hashable, Sendable {
        var name: String
        var value: JSONTree
    }

    /// The value of a member; nil where this is no object or has none of that name.
    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The name of the kind in Go's complaints.
    var goName: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .number: "number"
        case .bool: "bool"
        case .null: "null"
        }
    }

    /// The value with the members of every object as PostgreSQL's `jsonb` orders them: short names first.
    var inBinaryOrder: JSONTree {
        switch self {
        case .object(let members):
            let ordered = members.map { Member(name: $0.name, value: $0.value.inBinaryOrder) }.sorted {
                let (left, right) = (Array($0.name.utf8), Array($1.name.utf8))
                return left.count == right.count
                    ? left.lexicographicallyPrecedes(right) : left.count < right.count
            }
            return .object(ordered)
        case .array(let values): return .array(values.map(\.inBinaryOrder))
        case .string, .number, .bool, .null: return self
        }
    }

    /// Writes the value as Go's `json.Compact` leaves it.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONText.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string(let text): JSONText.append(text, to: &bytes)
        case .number(let digits): bytes.append(contentsOf: digits.utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: bytes.append(contentsOf: "null".utf8)
        }
    }
}

extension JSONTree {
    /// Deeper than anything that is asked of an identity, and shallow enough for the stack of any thread.
    private static let depthMax = 500

    /// Reads the first value of a text; what comes after it is not looked at.
    ///
    /// - Throws: what Go's `json.Decoder` says of it.
    init(_ bytes: UnsafeRawBufferPointer) throws(GoJSONError) {
        var reader = GoJSONReader(bytes)
        reader.skipBlanks()
        guard reader.position < bytes.count else { throw GoJSONError(text: "EOF") }
        self = try Self.read(&reader)
    }

    private static func read(_ reader: inout GoJSONReader) throws(GoJSONError) -> JSONTree {
        reader.skipBlanks()
        let start = reader.position
        switch try reader.value() {
        case .string(let text): return .string(text)
        case .number: return .number(String(decoding: reader.bytes[start..<reader.position], as: UTF8.self))
        case .bool: return .bool(reader.bytes[start] == UInt8(ascii: "t"))
        case .null: return .null
        case .object:
            var members: [Member] = []
            guard try !reader.closes(.object) else { return .object([]) }
            guard reader.open.count <= depthMax else { throw GoJSONError(text: "exceeded max depth") }
            repeat {
                let name = try reader.name()
                members.append(Member(name: name, value: try read(&reader)))
            } while try reader.goesOn(.object)
            return .object(members)
        case .array:
            var values: [JSONTree] = []
            guard try !reader.closes(.array) else { return .array([]) }
            guard reader.open.count <= depthMax else { throw GoJSONError(text: "exceeded max depth") }
            repeat { values.append(try read(&reader)) } while try reader.goesOn(.array)
            return .array(values)
        }
    }
}
