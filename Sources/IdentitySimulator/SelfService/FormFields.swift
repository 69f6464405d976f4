// The fields of a form, whether they come as JSON, as a form's body or in a query.

/// Names and texts; the first of several with one name counts, as in Go.
struct FormFields: Sendable {
    private var values: [String: String] = [:]

    init() {}

    subscript(name: String) -> String { values[name] ?? "" }

    /// Reads `a=b&c=d` with percent-encoding.
    init(encoded text: some StringProtocol) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            add(GoQuery.decoded(parts[0]), parts.count == 2 ? GoQuery.decoded(parts[1]) : "")
        }
    }

    /// Reads the texts and numbers among the members of a JSON object.
    init(json bytes: UnsafeRawBufferPointer) throws(GoJSONError) {
        var reader = GoJSONReader(bytes)
        let (value, members) = try reader.read()
        guard value == .object else { throw GoJSONError(text: "no object") }
        for member in members {
            switch member.value {
            case .string(let text), .number(let text): add(member.name, text)
            case .bool, .object, .array, .null: break
            }
        }
    }

    private mutating func add(_ name: String, _ value: String) {
        if values[name] == nil { values[name] = value }
    }
}
