import Testing

@testable import Exports

@Suite struct FieldTextTests {
    @Test(arguments: [
        ("Zoë Ünlü", "Zoë Ünlü"), ("", ""), ("Ann\r\nBcc: x", "Ann Bcc: x"), ("a\u{0}b\u{7f}c", "abc"),
        ("\n\nAnn\n", "Ann"), ("a\tb", "a b"), ("a\u{2028}b\u{85}c", "a b c"), ("a \n b", "a b"),
        ("“x” – y", "“x” – y"), ("Ann\u{9b}31m", "Ann31m"),
    ])
    func lineBreaksAndControlsGo(_ text: String, _ cleaned: String) {
        #expect(FieldText.cleaned(text) == cleaned)
        #expect(FieldText.isClean(text) == (text == cleaned))
    }

    @Test(arguments: [
        ("{{code}}", ["{{"], "{ {code}}"), ("*|FNAME|*", ["*|"], "* |FNAME|*"), ("[X]", ["["], "[ X]"),
        ("50%", ["%"], "50% "), ("{{{x", ["{{", "{%"], "{ { {x"), ("Ann", ["{{"], "Ann"),
    ])
    func beginningsOfTagsAreBrokenUp(_ text: String, _ tags: [String], _ escaped: String) {
        #expect(FieldText.hasTag(text, tags) == (text != escaped))
        #expect(FieldText.withoutTags(text, tags) == escaped)
    }

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
