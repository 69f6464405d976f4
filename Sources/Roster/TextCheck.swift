// Whether a roster's first bytes are text at all, and which kind.

import Model

/// Tells what is no roster, in words that name what it is instead.
enum TextCheck {
    private static let magicNumbers: [(bytes: [UInt8], name: String)] = [
        ([0x1f, 0x8b], "compressed with gzip: decompress it first"),
        (
            Array("PK\u{3}\u{4}".utf8),
            "a zip archive or an Excel workbook (.xlsx): unpack it, or save it as CSV"
        ),
        ([0xd0, 0xcf, 0x11, 0xe0], "an Excel workbook (.xls): save it as CSV"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd: decompress it first"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz: decompress it first"),
        (Array("BZh".utf8), "compressed with bzip2: decompress it first"),
        (Array("%PDF-".utf8), "a PDF: export the list as CSV"),
        (Array("SQLite format 3\0".utf8), "an SQLite database: export the list as CSV"),
        (Array("PAR1".utf8), "a Parquet file: export the list as CSV"),
    ]

    /// Throws a `RosterError` where a sample is empty or not text.
    static func check(_ text: [UInt8], encoding: TextEncoding) throws {
        guard !text.isEmpty else {
            throw RosterError(.empty, "is empty; give a file with one identity ID a line or a CSV with them")
        }
        if encoding == .utf8, let kind = magicNumbers.first(where: { text.starts(with: $0.bytes) }) {
            throw RosterError(.notText, "is not text but \(kind.name)")
        }
        guard !hasNULsOfBinaries(text) else {
            throw RosterError(
                .notText,
                "is not text: it has NUL bytes; save it as CSV in UTF-8, or in UTF-16 with a byte order mark"
            )
        }
        guard !isMostlyInvalid(text) else {
            throw RosterError(.notText, "is not text: most of it is invalid UTF-8; save it as CSV in UTF-8")
        }
    }

    /// Whether there are more NUL bytes than the few that a broken export leaves in rows, which are rejects.
    ///
    /// UTF-16 has one for every letter of ASCII, and binary files have many of them, or long runs. Where no
    /// line is without one, nothing could be read.
    private static func hasNULsOfBinaries(_ text: [UInt8]) -> Bool {
        guard text.contains(0) else { return false }
        var (count, run, longest) = (0, 0, 0)
        for byte in text {
            run = byte == 0 ? run + 1 : 0
            if byte == 0 { count += 1 }
            longest = max(longest, run)
        }
        if count > 1 && count * 20 > text.count || longest >= 16 { return true }
        return text.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).allSatisfy { $0.contains(0) }
    }

    private static func isMostlyInvalid(_ text: [UInt8]) -> Bool {
        guard !text.withUnsafeBufferPointer(\.isUTF8) else { return false }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        return scalars.count { $0 == "\u{fffd}" } * 10 > scalars.count * 3
    }

    /// Whether text is JSON: `[`, or `{` that does not begin a UUID in braces.
    static func isJSON(_ text: [UInt8]) -> Bool {
        let rest = text.drop { [0x20, 0x0a, 0x0d, 0x09].contains($0) }
        guard rest.first == UInt8(ascii: "{") else { return rest.first == UInt8(ascii: "[") }
        let inside = rest.dropFirst().first { ![0x20, 0x0a, 0x0d, 0x09].contains($0) }
        return inside == nil || inside == UInt8(ascii: "\"") || inside == UInt8(ascii: "}")
    }
}
