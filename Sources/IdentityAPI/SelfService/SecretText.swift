// A text that opens an account and cannot be printed by accident.

/// A code, a link, a token or a password; its text is only to be had by name.
package struct SecretText: Hashable, Sendable {
    /// The text itself.
    package let secret: String

    package init(_ text: String) {
        secret = text
    }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
