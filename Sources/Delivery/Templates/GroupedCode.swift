// Codes as people read them aloud.

/// Codes with blanks in them.
enum GroupedCode {
    /// `123 456`, `1234 5678`: the code in groups of four characters where it has a multiple of four, else of
    /// three, else of three with the last ones of four.
    ///
    /// Up to five characters, and what has others than letters and digits, stay as they are.
    static func text(of code: String) -> String {
        let bytes = Array(code.utf8)
        guard bytes.count >= 6, bytes.allSatisfy(isLetterOrDigit) else { return code }
        let fours = bytes.count % 4 == 0 ? bytes.count / 4 : bytes.count % 3
        let threes = (bytes.count - fours * 4) / 3
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + fours + threes)
        for (index, byte) in bytes.enumerated() {
            let isStart = index <= threes * 3 ? index % 3 == 0 : (index - threes * 3) % 4 == 0
            if isStart, index > 0 { text.append(0x20) }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5a ~= byte || 0x61...0x7a ~= byte
    }
}
