// Any member of a JSON object, for answers that are read member by member.

/// A key of any object.
package struct AnyKey: CodingKey {
    package let stringValue: String
    package let intValue: Int?

    package init(_ text: String) {
        stringValue = text
        intValue = nil
    }

    package init(stringValue: String) { self.init(stringValue) }

    package init?(intValue: Int) { nil }
}
