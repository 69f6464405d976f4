import Files
import Testing

@Suite struct CSVFormatTests {
    private func written(_ fields: [String], _ formulas: FormulaTreatment = .keep) -> (
        text: String, formulas: Int
    ) {
        var format = CSVFormat(formulas: formulas)
        var bytes: [UInt8] = []
        format.append(row: fields, to: &bytes)
        return (String(decoding: bytes, as: UTF8.self), format.formulaFields)
    }

    @Test(arguments: [
        (["a", "b"], "a,b\n"),
        ([], "\n"),
        (["", ""], ",\n"),
        (["a,b", "c"], "\"a,b\",c\n"),
        (["say \"hi\""], "\"say \"\"hi\"\"\"\n"),
        (["\""], "\"\"\"\"\n"),
        (["two\nlines"], "\"two\nlines\"\n"),
        (["two\r\nlines"], "\"two\r\nlines\"\n"),
        (["a\r"], "\"a\r\"\n"),
        ([" blank ", "semi;colon", "it's"], " blank ,semi;colon,it's\n"),
        (["0012345", "1e5"], "0012345,1e5\n"),
        (["Zoë", "李雷", "👩‍👩‍👧", "e\u{301}"], "Zoë,李雷,👩‍👩‍👧,e\u{301}\n"),
        (["李,雷"], "\"李,雷\"\n"),
    ])
    func quotesWhatMustBeQuoted(_ fields: [String], _ text: String) {
        #expect(Array(written(fields).text.utf8) == Array(text.utf8))
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-5", "'-5"), ("@sum", "'@sum"), ("\ttab", "'\ttab"),
        ("\rcr", "\"'\rcr\""), ("=a,b", "\"'=a,b\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("=", "'="),
    ])
    func formulasAreCountedAndEscapedWhenAsked(_ field: String, _ escaped: String) {
        let kept = written([field])
        let (text, count) = written([field], .escape)
        #expect(text == escaped + "\n")
        #expect(count == 1)
        #expect(kept.formulas == 1)
        #expect(!kept.text.contains("'"))
    }

    @Test(arguments: ["", "a=b", " =1", "'=1", "1-2", "ann@example.org", "\n=1", "\"=1", "é=", "０"])
    func nothingElseIsAFormula(_ field: String) {
        #expect(written([field], .escape).formulas == 0)
        #expect(written([field], .escape).text == written([field]).text)
    }

    @Test func formulasAreCountedOverAllRows() {
        var format = CSVFormat()
        var bytes: [UInt8] = []
        format.append(row: ["=a", "b", "-c"], to: &bytes)
        format.append(row: ["a", "@b"], to: &bytes)
        #expect(format.formulaFields == 3)
        #expect(String(decoding: bytes, as: UTF8.self) == "=a,b,-c\na,@b\n")
    }
}
