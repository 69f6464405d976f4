import Testing

@testable import Exports

@Suite struct SpreadsheetCellTests {
    /// What LibreOffice and Excel make numbers, dates or formulas of (measured: `000331` becomes 331).
    @Test(arguments: [
        ("000331", "=\"000331\""), ("2026-11-28T02:15:00Z", "=\"2026-11-28T02:15:00Z\""),
        ("+49 30 1", "=\"+49 30 1\""), ("=1+1", "=\"=1+1\""), ("-\"x\"", "=\"-\"\"x\"\"\""),
        ("TRUE", "=\"TRUE\""), ("Mar 5", "=\"Mar 5\""), ("Marta", "Marta"), ("Ann", "Ann"), ("", ""),
        ("https://a.example/?f=1", "https://a.example/?f=1"), ("mar5@example.org", "mar5@example.org"),
    ])
    func cellsStayAsTheyAre(_ value: String, _ cell: String) {
        #expect(SpreadsheetCell.text(of: value) == cell)
    }

    @Test func whatIsTooLongForAFormulaIsStillNone() {
        let long = "=" + String(repeating: "x", count: 300)
        #expect(SpreadsheetCell.text(of: long) == "'" + long)
        #expect(SpreadsheetCell.text(of: "=a\nb") == "'=a\nb")
    }
}
