// The small values of the simulator's settings, and what is said of those that cannot be read.

/// A setting that cannot be used; the description says which and what to write instead.
package struct SettingError: Error, CustomStringConvertible, Sendable {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A share of a whole, from 0 to 1, written as `0.01` or `1%`.
package struct Share: Hashable, Sendable {
    package let value: Double

    package init(_ text: String) throws(SettingError) {
        let number = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let number, number >= 0, number <= 1 else {
            throw SettingError(
                "'\(text)' is no share: write a number from 0 to 1, or a percentage such as 1%"
            )
        }
        value = number
    }
}
