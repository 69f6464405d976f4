// An `invitations.csv` without its header, told by what is in its columns.

import Vocabulary

/// Finds codes, links and expiries where no header names them.
///
/// They stand beside one another, after their identity's ID: a code or nothing, a link with a recovery flow, a time.
enum HeaderlessInvitations {
    private static let rowsMax = 100

    /// The positions of the three columns; empty where most rows of the sample have no such fields.
    static func secretColumns(in text: [UInt8], delimiter: Delimiter?, quotes: CSVQuotes) -> [Int] {
        guard let delimiter else { return [] }
        let reader = CSVRowReader(sample: text, delimiter: delimiter, quotes: quotes)
        var rows = 0
        var found: [Int: Int] = [:]
        while rows < rowsMax, let event = reader.nextOfSample() {
            switch event {
            case .rowTooLong, .unterminated, .end: continue
            case .row:
                let texts = reader.fields.prefix(RosterBounds.columnsMax).map { field in
                    field.withBytes(in: reader.bytes) { bytes in
                        String(decoding: bytes.prefix(512), as: UTF8.self)
                    }
                }
                guard let idIndex = texts.firstIndex(where: { IdentityID($0) != nil }) else { continue }
                rows += 1
                if let place = place(in: texts, from: idIndex) { found[place, default: 0] += 1 }
            }
        }
        guard let (place, count) = found.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            count * 2 > rows
        else { return [] }
        return [place, place + 1, place + 2]
    }

    /// Where the code stands in a row.
    private static func place(in texts: [String], from idIndex: Int) -> Int? {
        guard texts.count >= idIndex + 4 else { return nil }
        return (idIndex + 1...texts.count - 3).first { index in
            isCode(texts[index]) && isRecoveryLink(texts[index + 1]) && isTime(texts[index + 2])
        }
    }

    private static func isCode(_ text: String) -> Bool {
        text.utf8.count <= 64 && !text.unicodeScalars.contains { $0.properties.isWhitespace }
    }

    private static func isRecoveryLink(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.contains("/") && (text.contains("flow=") || text.contains("token="))
    }

    /// `2026-11-22T02:25:08.943142855Z`.
    private static func isTime(_ text: String) -> Bool {
        let shape = text.unicodeScalars.prefix(11).map { ("0"..."9").contains($0) ? "0" : $0 }
        return String(String.UnicodeScalarView(shape)) == "0000-00-00T"
    }
}
