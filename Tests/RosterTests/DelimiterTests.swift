import Roster
import Testing

@Suite struct DelimiterTests {
    @Test(arguments: [
        (",", Delimiter.comma), (";", .semicolon), ("tab", .tab), ("TAB", .tab), ("\t", .tab), ("\\t", .tab),
        ("|", .pipe), ("pipe", .pipe), ("comma", .comma), ("semicolon", .semicolon),
    ])
    func readsWhatIsTyped(argument: String, delimiter: Delimiter) {
        #expect(Delimiter(argument: argument) == delimiter)
    }

    @Test(arguments: ["", ":", ",,", " ", "space"])
    func refusesAnythingElse(argument: String) {
        #expect(Delimiter(argument: argument) == nil)
    }
}
