// What may not be printed by accident.

/// A value that describes itself without telling what it is.
///
/// Printing, interpolating, dumping and mirroring show `[redacted]`. It cannot be encoded: a type with a
/// secret in it has to say itself how it is stored.
@frozen package struct Secret<Value> {
    /// The value itself.
    package let revealed: Value

    @inlinable package init(_ value: Value) {
        revealed = value
    }
}

extension Secret: Sendable where Value: Sendable {}
extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Redactor.mark }
    package var debugDescription: String { Redactor.mark }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
