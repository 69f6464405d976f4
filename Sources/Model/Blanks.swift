// Blanks of every kind, and what spreadsheets put around a value: nothing that an ID or a name is meant to
// have.

extension UnsafeBufferPointer<UInt8> {
    /// How many bytes the blank at a position of UTF-8 text has; 0 where there is none.
    ///
    /// Blanks are Unicode's White_Space and the characters without width: U+200B to U+200D, U+2060 and
    /// U+FEFF, the byte order mark. Nil where the text ends before that can be told.
    package func blankLength(at position: Int) -> Int? {
        let first = self[position]
        if first < 0x80 { return first == 0x20 || 0x09...0x0d ~= first ? 1 : 0 }
        switch first {
        case 0xc2:
            guard position + 2 <= count else { return nil }
            return Self.isBlank(first, self[position + 1]) ? 2 : 0
        case 0xe1, 0xe2, 0xe3, 0xef:
            guard position + 3 <= count else { return nil }
            return Self.isBlank(first, self[position + 1], self[position + 2]) ? 3 : 0
        default: return 0
        }
    }

    /// The text without the blanks around it.
    package var withoutBlanks: UnsafeBufferPointer<UInt8> {
        var (start, end) = (0, count)
        while start < end, let length = blankLength(at: start), length > 0 { start += length }
        while start < end {
            let length = blankLength(before: end)
            guard length > 0, end - length >= start else { break }
            end -= length
        }
        return UnsafeBufferPointer(rebasing: self[start..<end])
    }

    /// The text without the blanks around it, and without the guards by which spreadsheets are told that it
    /// is text: `="…"`, `'…` and `'…'`; for `quotes` also a pair of quotes that are part of the text.
    package func withoutGuards(quotes: Bool) -> UnsafeBufferPointer<UInt8> {
        let (quote, apostrophe) = (UInt8(ascii: "\""), UInt8(ascii: "'"))
        var text = withoutBlanks
        // One guard may be in another, such as `'="…"`; nobody nests more of them.
        for _ in 0..<4 {
            guard text.count >= 2 else { break }
            let (first, second, last) = (text[0], text[1], text[text.count - 1])
            if first == UInt8(ascii: "="), second == quote, last == quote, text.count >= 3 {
                text = UnsafeBufferPointer(rebasing: text[2..<text.count - 1])
            } else if quotes, first == quote, last == quote {
                text = UnsafeBufferPointer(rebasing: text[1..<text.count - 1])
            } else if first == apostrophe {
                text = UnsafeBufferPointer(
                    rebasing: text[1..<(last == apostrophe ? text.count - 1 : text.count)]
                )
            } else {
                break
            }
            text = text.withoutBlanks
        }
        return text
    }

    /// How many bytes the blank has that ends where `end` begins; 0 where there is none.
    private func blankLength(before end: Int) -> Int {
        let last = self[end - 1]
        if last < 0x80 { return last == 0x20 || 0x09...0x0d ~= last ? 1 : 0 }
        if end >= 2, Self.isBlank(self[end - 2], last) { return 2 }
        if end >= 3, Self.isBlank(self[end - 3], self[end - 2], last) { return 3 }
        return 0
    }

    /// U+0085 and U+00A0.
    private static func isBlank(_ first: UInt8, _ second: UInt8) -> Bool {
        first == 0xc2 && (second == 0x85 || second == 0xa0)
    }

    private static func isBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        // U+1680.
        case (0xe1, 0x9a): third == 0x80
        // U+2000 to U+200F, U+2028, U+2029, U+202F.
        case (0xe2, 0x80): 0x80...0x8f ~= third || third == 0xa8 || third == 0xa9 || third == 0xaf
        // U+205F and U+2060.
        case (0xe2, 0x81): third == 0x9f || third == 0xa0
        // U+3000.
        case (0xe3, 0x80): third == 0x80
        // U+FEFF.
        case (0xef, 0xbb): third == 0xbf
        default: false
        }
    }
}
