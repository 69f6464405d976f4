// A value to be written as JSON.

/// The members of an object, in the order in which they are written.
package typealias JSONMembers = [(name: String, value: JSONValue)]

/// What a JSON document is made of; see `JSONWriter`.
package enum JSONValue: Sendable {
    case null
    case text(String)
    case number(Int)
    /// Rounded to thousandths; null where it is infinite or no number, which JSON cannot say.
    case decimal(Double)
    case flag(Bool)
    case list([JSONValue])
    case object(JSONMembers)

    /// The text, or null.
    package static func optional(_ text: String?) -> JSONValue { text.map(Self.text) ?? .null }

    /// The number, or null.
    package static func optional(_ number: Int?) -> JSONValue { number.map(Self.number) ?? .null }

    package static func texts(_ texts: [String]) -> JSONValue { .list(texts.map(Self.text)) }

    package static func objects(_ objects: [JSONMembers]) -> JSONValue { .list(objects.map(Self.object)) }

    /// An object of numbers, sorted by name.
    package static func counts(_ counts: [String: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
    }
}
