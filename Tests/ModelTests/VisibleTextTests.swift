import Testing
import Model

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain text, é, 日本 and 😀", "plain text, é, 日本 and 😀"),
        ("a\u{a0}b", #"a\u00a0b"#),
        ("\u{feff}id\u{200b}", #"\ufeffid\u200b"#),
        ("\0\t\r\n\u{1b}[2J\u{7f}\u{9b}", #"\u0000\u0009\u000d\u000a\u001b[2J\u007f\u009b"#),
        ("\u{202e}x\u{2066}y\u{200f}", #"\u202ex\u2066y\u200f"#),
        ("\u{2028}\u{3000}\u{1680}\u{ad}\u{180e}", #"\u2028\u3000\u1680\u00ad\u180e"#),
        ("\u{3164}\u{115f}\u{2800}\u{fe0f}", #"\u3164\u115f\u2800\ufe0f"#),
        ("\u{e0001}", #"\u{e0001}"#),
        (#"\u00a0 \N"#, #"\u00a0 \N"#),
        ("e\u{301}\u{fffd}", "e\u{301}\u{fffd}"),
    ])
    func whatCannotBeSeenIsWrittenOut(_ text: String, _ shown: String) {
        #expect(text.showingInvisible() == shown)
    }

    @Test func textIsCutBetweenEscapes() {
        #expect("ab\u{a0}c".showingInvisible(max: 7) == "ab")
        #expect("ab\u{a0}c".showingInvisible(max: 8) == #"ab\u00a0"#)
        #expect("ab\u{a0}c".showingInvisible(max: 9) == #"ab\u00a0c"#)
        #expect("ééé".showingInvisible(max: 2) == "éé")
    }
}
