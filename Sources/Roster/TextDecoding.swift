// Raw bytes in one of four encodings to UTF-8, in pieces of any size.

/// How a roster's text is encoded.
package enum TextEncoding: String, Hashable, Sendable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"

    /// What the byte order mark tells, and its length; UTF-8 without one.
    static func told(by head: some Collection<UInt8>) -> (encoding: TextEncoding, markLength: Int) {
        let head = Array(head.prefix(3))
        if head == [0xef, 0xbb, 0xbf] { return (.utf8, 3) }
        if head.starts(with: [0xff, 0xfe]) { return (.utf16LittleEndian, 2) }
        if head.starts(with: [0xfe, 0xff]) { return (.utf16BigEndian, 2) }
        return (.utf8, 0)
    }
}

/// A streaming transcoder from UTF-16.
///
/// A lone surrogate becomes the three bytes that would encode it, which no UTF-8 validation accepts: so the
/// row that holds it is found to be invalid where every other row's text is checked. So does half a code unit
/// at the end, as 0xff.
struct UTF16Decoder {
    private let isBigEndian: Bool
    private var pendingByte: UInt8?
    private var highSurrogate: UInt32?

    init(isBigEndian: Bool) {
        self.isBigEndian = isBigEndian
    }

    /// The most bytes of UTF-8 that `count` bytes of UTF-16 can add, what was pending included.
    static func capacity(for count: Int) -> Int {
        (count / 2 + 2) * 3
    }

    mutating func decode(_ bytes: UnsafeRawBufferPointer, to append: inout UTF8Appender) {
        for byte in bytes {
            guard let first = pendingByte else {
                pendingByte = byte
                continue
            }
            pendingByte = nil
            let (high, low) = isBigEndian ? (first, byte) : (byte, first)
            accept(UInt32(high) << 8 | UInt32(low), to: &append)
        }
    }

    mutating func finish(to append: inout UTF8Appender) {
        if let high = highSurrogate { append.three(high) }
        if pendingByte != nil { append.byte(0xff) }
        (highSurrogate, pendingByte) = (nil, nil)
    }

    private mutating func accept(_ unit: UInt32, to append: inout UTF8Appender) {
        if let high = highSurrogate {
            highSurrogate = nil
            if 0xdc00..<0xe000 ~= unit {
                append.four(0x10000 + (high - 0xd800) << 10 + (unit - 0xdc00))
                return
            }
            append.three(high)
        }
        switch unit {
        case 0xd800..<0xdc00: highSurrogate = unit
        case ..<0x80: append.byte(UInt8(unit))
        case ..<0x800: append.two(unit)
        default: append.three(unit)
        }
    }
}

/// Writes UTF-8 into memory that its maker knows to be large enough.
struct UTF8Appender {
    let base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0

    init(base: UnsafeMutablePointer<UInt8>) {
        self.base = base
    }

    mutating func byte(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    mutating func two(_ scalar: UInt32) {
        byte(UInt8(0xc0 | scalar >> 6))
        byte(UInt8(0x80 | scalar & 0x3f))
    }

    mutating func three(_ scalar: UInt32) {
        byte(UInt8(0xe0 | scalar >> 12))
        byte(UInt8(0x80 | scalar >> 6 & 0x3f))
        byte(UInt8(0x80 | scalar & 0x3f))
    }

    mutating func four(_ scalar: UInt32) {
        byte(UInt8(0xf0 | scalar >> 18))
        byte(UInt8(0x80 | scalar >> 12 & 0x3f))
        byte(UInt8(0x80 | scalar >> 6 & 0x3f))
        byte(UInt8(0x80 | scalar & 0x3f))
    }
}
