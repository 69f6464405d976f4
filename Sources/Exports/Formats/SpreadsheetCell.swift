// Cells that a spreadsheet leaves as they are when a CSV is opened by a double click.

import Model

/// `000331` as `="000331"`: Excel and LibreOffice turn it into 331 otherwise, quoted or not.
enum SpreadsheetCell {
    /// The longest text that a formula may hold, in UTF-16.
    private static let formulaLengthMax = 255

    /// The cell's text, before it is quoted as CSV wants.
    static func text(of value: String) -> String {
        guard isRead(value) else { return value }
        guard value.utf16.count <= formulaLengthMax, FieldText.isClean(value) else {
            return startsFormula(value) ? "'\(value)" : value
        }
        return "=\"\(value.replacing("\"", with: "\"\""))\""
    }

    /// Whether a spreadsheet may take it for a number, a date, a truth value or a formula.
    private static func isRead(_ value: String) -> Bool {
        guard let first = value.utf8.first(where: { $0 != 0x20 }) else { return false }
        if 0x30...0x39 ~= first || first == UInt8(ascii: ".") || startsFormula(value) { return true }
        let lower = value.lowercased()
        if lower == "true" || lower == "false" { return true }
        // "Mar 5" is a date.
        return months.contains(String(lower.prefix(3))) && lower.utf8.count <= 20
            && lower.utf8.contains { 0x30...0x39 ~= $0 } && !lower.contains("@")
    }

    private static func startsFormula(_ value: String) -> Bool {
        switch value.utf8.first(where: { $0 != 0x20 }) {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
        default: false
        }
    }

    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}
