// Credentials as files and variables hold them.

import Providers
import Testing

@Suite struct BearerTokenTests {
    @Test(arguments: [
        ("ory_pat_abc", "ory_pat_abc"),
        ("ory_pat_abc\n", "ory_pat_abc"),
        ("ory_pat_abc\r\n", "ory_pat_abc"),
        (" \t\r\nory_pat_abc \t\n\n", "ory_pat_abc"),
        ("a", "a"),
        ("!~+/=.-_", "!~+/=.-_"),
    ])
    func blanksAroundATokenAreNotPartOfIt(_ text: String, _ secret: String) {
        #expect(BearerToken(text)?.secret == secret)
    }

    @Test(arguments: [
        "", " ", "\n", "two words", "Bearer abc", "two\nlines", "two\r\nlines", "tab\tbed", "nul\0", "über",
        "\u{feff}abc", "abc\u{7f}", "abc\u{a0}", "x\u{301}",
    ])
    func whatCannotStandInAHeaderIsNoToken(_ text: String) {
        #expect(BearerToken(text) == nil)
    }

    @Test func aTokenIsNotPrinted() throws {
        let token = try #require(BearerToken("ory_pat_s3cret"))
        var dumped = ""
        dump(token, to: &dumped)
        dump(["key": Optional(token)], to: &dumped)
        for text in ["\(token)", String(reflecting: token), "\([token])", dumped] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("[redacted]"))
        }
    }
}
