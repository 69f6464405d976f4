// CSV back into fields, to look at what was written.

/// The rows of RFC 4180 text, by characters' UTF-8; independent of what the product reads CSV with.
package func readCSV(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        index += 1
        switch (byte, isQuoted) {
        case (UInt8(ascii: "\""), true) where index < bytes.count && bytes[index] == byte:
            field.append(byte)
            index += 1
        case (UInt8(ascii: "\""), _):
            isQuoted.toggle()
        case (UInt8(ascii: ","), false):
            row.append(String(decoding: field, as: UTF8.self))
            field = []
        case (UInt8(ascii: "\n"), false):
            rows.append(row + [String(decoding: field, as: UTF8.self)])
            (row, field) = ([], [])
        default:
            field.append(byte)
        }
    }
    return rows
}
