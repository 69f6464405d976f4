// A row's further columns as one text: a JSON array of strings, which sqlite3's json functions read too.

import Model

/// Writes and reads JSON arrays of strings.
///
/// Ledgers are compared by these texts, so their spelling never changes: control characters by their numbers.
enum ColumnValues {
    /// Writes `["a","b"]`.
    static func encode(_ values: [String]) -> String {
        var writer = JSONWriter(controls: .numbered)
        writer.reserve(values.reduce(2) { $0 + $1.utf8.count + 3 })
        writer.append("[")
        for (index, value) in values.enumerated() {
            if index > 0 { writer.append(",") }
            writer.string(value)
        }
        writer.append("]")
        return writer.text
    }

    /// The strings of an array; nil when the text is none of ours.
    ///
    /// What `encode` writes, or sqlite3's json functions: no blanks, and `\\u00XX` of ASCII only.
    static func decode(_ text: String) -> [String]? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.first == UInt8(ascii: "[") else { return nil }
            var cursor = JSONCursor(bytes)
            var values: [String] = []
            if cursor.enter(.list) {
                repeat {
                    guard cursor.position < bytes.count, bytes[cursor.position] == UInt8(ascii: "\""),
                        let value = (try? cursor.string())?.text(.ascii), cursor.position < bytes.count,
                        [UInt8(ascii: ","), UInt8(ascii: "]")].contains(bytes[cursor.position])
                    else { return nil }
                    values.append(value)
                } while (try? cursor.goesOn(in: .list)) == true
            }
            return cursor.position == bytes.count ? values : nil
        }
    }
}
