// A header that cannot be read as text: the names of columns are too much to lose silently.

import Model

/// Refuses a roster whose header has bytes that are not text.
enum HeaderCheck {
    /// Throws a `RosterError` that names the header's line.
    static func check(
        _ text: [UInt8],
        _ line: Int,
        _ delimiter: Delimiter?,
        _ quotes: CSVQuotes,
        _ encoding: TextEncoding
    ) throws {
        let window = TextWindow(MemoryByteSource(text))
        let rows = CSVRowReader(window: window, delimiter: delimiter, quotes: quotes)
        while let event = try? rows.next() {
            if case .end = event { return }
            if rows.line == line { return try check(rows.bytes, line, encoding) }
        }
    }

    private static func check(
        _ header: UnsafeBufferPointer<UInt8>,
        _ line: Int,
        _ encoding: TextEncoding
    ) throws {
        let shown = String(decoding: header.prefix(400), as: UTF8.self).showingInvisible(max: 100)
        guard header.isUTF8 else {
            let advice =
                switch encoding {
                case .utf8 where looksLikeWindows1252(header):
                    "it looks like Windows-1252; convert the file, for example with "
                        + "iconv -f WINDOWS-1252 -t UTF-8 roster.csv > roster-utf8.csv"
                case .utf8: "save the file as UTF-8, or convert it from its encoding with iconv"
                default: "export the file again"
                }
            throw RosterError(
                .invalidUTF8,
                "line \(line), the header, is not valid \(encoding.isUTF16 ? "UTF-16" : "UTF-8") "
                    + "(\(shown)): \(advice)"
            )
        }
        guard !header.contains(0) else {
            throw RosterError(
                .notText,
                "line \(line), the header, has a NUL byte (\(shown)): take it out, or export the file again"
            )
        }
    }

    /// Whether bytes beyond ASCII are letters and signs of Western Europe, most of them alone among ASCII.
    ///
    /// In other encodings they come in pairs or whole words, or are bytes that Windows-1252 hardly uses.
    private static func looksLikeWindows1252(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (high, alone) = (0, 0)
        for (index, byte) in text.enumerated() where byte >= 0x80 {
            switch byte {
            // Euro, dots, Š, Œ, Ž, quotes and dashes, trademark, š, œ, ž, Ÿ.
            case 0x80, 0x85, 0x8a, 0x8c, 0x8e, 0x91...0x97, 0x99, 0x9a, 0x9c, 0x9e, 0x9f, 0xa0...: break
            default: return false
            }
            high += 1
            let isAfter = index > 0 && text[index - 1] >= 0x80
            let isBefore = index + 1 < text.count && text[index + 1] >= 0x80
            if !isAfter, !isBefore { alone += 1 }
        }
        return alone * 2 > high
    }
}

extension TextEncoding {
    fileprivate var isUTF16: Bool { self != .utf8 }
}
