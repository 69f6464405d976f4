// An input taken apart: the choices at its beginning, and the text.

/// Bytes that are read from the front; beyond the end all are 0.
///
/// The choices are single bytes, so that a mutation changes one of them, and ASCII digits and letters in the
/// seeds.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func choose<Element>(_ elements: [Element]) -> Element {
        elements[Int(byte()) % elements.count]
    }

    /// What is left.
    var bytes: [UInt8] { Array(rest) }

    /// What is left, in lines.
    var lines: [String] {
        rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
