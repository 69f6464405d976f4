// An input taken apart: the choices at its beginning, and the text.

/// Bytes that are read from the front; beyond the end all are 0.
///
/// The choices are single bytes, so that a mutation changes one of them, and ASCII digits and letters in the seeds.
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

    /// What is left, where 0x1e and a byte `n` repeat the byte before them, which is no blank, 4,096 × n times.
    ///
    /// So that small inputs come to the end of a roster's sample; 512 KiB at most.
    var expanded: [UInt8] {
        var bytes: [UInt8] = []
        var iterator = rest.makeIterator()
        while let byte = iterator.next() {
            guard byte == 0x1e, let last = bytes.last, last > 0x20, let count = iterator.next() else {
                bytes.append(byte)
                continue
            }
            let room = max(0, Self.expandedMax - bytes.count)
            bytes.append(contentsOf: repeatElement(last, count: min(room, Int(count) * 4096)))
        }
        return bytes
    }

    private static let expandedMax = 512 << 10
}
