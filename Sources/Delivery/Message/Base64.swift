// Base64 (RFC 4648), without line breaks.

enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// How many digits so many bytes make.
    static func length(of count: Int) -> Int { (count + 2) / 3 * 4 }

    static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var (bits, bitCount) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(digits[bits >> bitCount & 63])
            }
            bits &= 0xff
        }
        if bitCount > 0 { text.append(digits[bits << (6 - bitCount) & 63]) }
        while text.count % 4 != 0 { text.append(padding) }
        return text
    }

    /// Nil where there are other characters in it.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, bitCount) = (0, 0)
        for byte in text.utf8.reversed().drop(while: { $0 == padding || $0 <= 0x20 }).reversed() {
            guard let value = digits.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | value) & 0xffff
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        return bytes
    }
}
