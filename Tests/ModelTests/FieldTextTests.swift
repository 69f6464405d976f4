import Model
import Testing

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

    @Test(arguments: [
        ("50%", "%", false), ("%NAME%", "%", true), ("a] [b", "]", false), ("a[b] c", "]", true),
    ])
    func aBeginningWithoutItsEndIsNoTag(_ text: String, _ end: String, _ isTag: Bool) {
        #expect(FieldText.hasTag(text, [end == "]" ? "[" : "%"], endingWith: end) == isTag)
    }
}
