// What is kept of a relay's words.

import Model
import TestSupport
import Testing

@testable import Delivery

@Suite struct SMTPReplyTests {
    private func reply(_ code: Int, _ text: String) -> SMTPReply {
        SMTPReply(code: code, text: Array(text.utf8), hiding: "ann.smith@example.org")
    }

    @Test func noAddressIsShownInFull() {
        for text in [
            "5.1.1 <ann.smith@example.org>: Recipient address rejected: User unknown",
            "user ann.smith@example.org unknown", "no ann.smith=example.org here",
            "bob@other.example and \"ann.smith@example.org\", ann.smith@example.org.",
        ] {
            let shown = reply(550, text).text
            #expect(!shown.contains("ann") && !shown.contains("bob"), "\(shown)")
            #expect(shown.contains(Redactor.mark))
        }
        #expect(reply(550, "a@b.example no").text == "[redacted]@b.example no")
    }

    @Test func noCodeOrLinkIsShown() {
        let shown = reply(554, "spam: your code is 123456, https://a.example/x?flow=f&token=abcd").text
        #expect(!shown.contains("123456") && !shown.contains("abcd"))
        #expect(reply(250, "ok id=123456").queueID == nil)
    }

    @Test func aTextIsOneCleanBoundedLine() {
        let text = "a\u{1b}[31m\u{7}\tb\u{0}\u{202e}c " + String(repeating: "x", count: 2000)
        let shown = reply(550, text).text
        #expect(shown.unicodeScalars.count <= SMTPReply.textLengthMax && !shown.isEmpty)
        #expect(shown.unicodeScalars.allSatisfy { !$0.isInvisible })
        #expect(SMTPReply(code: 550, text: [0xff, 0xfe, 0x41]).text.hasSuffix("A"))
        #expect(SMTPReply(code: 250, text: []).text == "")
    }

    /// The short way gives what the long one would.
    @Test func whatIsHarmlessIsLeftAsItIsByTheRedactor() {
        var random = SeededGenerator(seed: 15)
        let pieces = [
            " ", " ", "2.0.0", "Ok:", "queued", "12345", "6", "bearer", "Token", "eyJ", "ory_", "-", ".", "<",
            "a",
            "4XyZ", "(", ")", "@", "=", "?", "\"", ",", "http:", "/", "Basic", "\u{e4}", "x9", "[", "]", ":",
        ]
        var harmless = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard SMTPReply.isHarmless(text) else { continue }
            harmless += 1
            #expect(Redactor(lengthMax: SMTPReply.textLengthMax).said(text) == text)
        }
        #expect(harmless > 1000)
        #expect(SMTPReply.isHarmless("2.0.0 Ok: queued as 3E52CFA8571"))
    }

    @Test(arguments: [
        ("5.1.1 no", "5.1.1"), ("4.7.28 no", "4.7.28"), ("2.0.0", "2.0.0"), ("3.0.0 no", nil),
        ("5.1 no", nil), ("5.1.1234 no", nil), ("no 5.1.1", nil), ("", nil), ("5..1 a", nil),
    ])
    func enhancedCodes(_ text: String, _ code: String?) {
        #expect(reply(550, text).enhanced == code)
    }

    @Test(arguments: [
        ("2.0.0 Ok: queued as 4XyZ1bCd", "4XyZ1bCd"), ("OK id=1abcDE-000Abc-12", "1abcDE-000Abc-12"),
        ("2.0.0 x12ABC Message accepted for delivery", "x12ABC"),
        ("2.6.0 <a@b.c> [InternalId=1234, Hostname=h.example] Queued mail for delivery", "1234"),
        ("Ok 010201890abcdef0-1234abcd-000000", "010201890abcdef0-1234abcd-000000"),
        ("2.0.0 OK  1600000000 a1-20020a.12 - gsmtp", "a1-20020a.12"),
        ("ok 1600000000 qp 12345", "12345"), ("Message Queued (8A1B.1)", "8A1B.1"),
        ("Ok: queued as abc-DEF_1", "abc-DEF_1"), ("Ok", nil), ("2.0.0 Great success", nil),
        ("queued as ann.smith@example.org", nil), ("Ok: queued as \u{1b}[0m", nil), ("", nil),
    ])
    func queueIDs(_ text: String, _ id: String?) {
        #expect(reply(250, text).queueID == id)
        #expect(reply(451, text).queueID == nil)
    }

    @Test func aReplyIsReadFromPiecesOfAnySize() {
        let bytes = Array("250-one\r\n250-\r\n250 two\r\n451\n".utf8)
        for size in 1...bytes.count {
            var parser = SMTPReplyParser()
            var items: [SMTPReplyParser.Item] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                var piece = bytes[start..<min(bytes.count, start + size)]
                while let item = parser.next(in: &piece) { items.append(item) }
            }
            #expect(
                items == [
                    .reply(code: 250, text: Array("one two".utf8)), .reply(code: 451, text: []),
                ]
            )
            #expect(parser.isBetweenReplies)
        }
    }
}
