// The bodies of flows and sessions, written as literals in the order in which Kratos has their members.

/// A JSON value to be sent.
indirect enum FlowJSON: Sendable {
    case text(String)
    case number(Int64)
    case truth(Bool)
    case null
    case list([FlowJSON])
    case members([(String, FlowJSON)])
    /// What came in and goes out as it is.
    case tree(JSONTree)

    /// Adds a member to an object; a value of nil adds nothing.
    mutating func add(_ name: String, _ value: FlowJSON?) {
        guard let value, case .members(let members) = self else { return }
        self = .members(members + [(name, value)])
    }

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): JSONText.append(text, to: &bytes)
        case .number(let number): bytes.append(contentsOf: String(number).utf8)
        case .truth(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .null: bytes.append(contentsOf: "null".utf8)
        case .tree(let tree): tree.append(to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .members(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONText.append(member.0, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.1.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The bytes of a body: Go ends each with a line break.
    var body: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4096)
        append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    static func time(_ time: GoTime) -> FlowJSON { .text(time.rfc3339Nano) }
}

extension FlowJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: FlowJSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, FlowJSON)...) { self = .members(elements) }
}
