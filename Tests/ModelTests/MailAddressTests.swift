import Model
import Testing

@Suite struct MailAddressTests {
    @Test(arguments: [
        "ann@example.org", "a.b+tag@sub.example.co.uk", "o'neil@example.org", "müller@example.org",
        "x@bücher.example", "1@2.example", "a_b-c@x-y.example",
    ])
    func isPossible(_ text: String) {
        #expect(MailAddress.checked(text) == text)
        #expect(MailAddress.checked(" \(text)\t") == text)
    }

    @Test(arguments: [
        "", " ", "ann", "@example.org", "ann@", "ann@localhost", "a b@example.org", "ann@exam ple.org",
        ".ann@example.org", "ann.@example.org", "a..b@example.org", "ann@example..org", "ann@.example.org",
        "ann@-example.org", "ann@example-.org", "\"a b\"@example.org", "<ann@example.org>",
        "ann@example.org, bob@example.org", "ann@[10.0.0.1]", "ann@example.org\nBcc: x@example.org",
        "ann\u{a0}@example.org", "a\u{202e}b@example.org", "ann@exa\u{0}mple.org", "a@b@",
    ])
    func isImpossible(_ text: String) { #expect(MailAddress.checked(text) == nil) }

    @Test func lengthsAreThoseOfTheStandard() {
        let local = String(repeating: "a", count: 64)
        #expect(MailAddress.checked("\(local)@example.org") != nil)
        #expect(MailAddress.checked("a\(local)@example.org") == nil)
        let label = String(repeating: "b", count: 63)
        #expect(MailAddress.checked("a@\(label).example") != nil)
        #expect(MailAddress.checked("a@b\(label).example") == nil)
        #expect(MailAddress.checked("\(local)@\(label).\(label).\(label)") == nil, "257 bytes")
    }

    @Test func aSenderIsAnAddressWithANameOrWithout() {
        #expect(MailSender("it@example.com")?.text == "it@example.com")
        #expect(MailSender("Team <it@example.com>")?.text == "\"Team\" <it@example.com>")
        #expect(MailSender("\"The Team\" <it@example.com>")?.name == "The Team")
        for wrong in ["", "Team", "Team <it>", "A\nB <it@example.com>", "A\" <b> <it@example.com>"] {
            #expect(MailSender(wrong) == nil, "\(wrong)")
        }
    }
}
