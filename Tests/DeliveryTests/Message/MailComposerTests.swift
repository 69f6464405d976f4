// Mails as they go over the wire.

import Model
import TestSupport
import Testing

@testable import Delivery

@Suite struct MailComposerTests {
    static let date = Timestamp(milliseconds: 1_795_218_417_000)
    static let messageID = "<00112233445566778899aabbccddeeff@example.com>"

    static func composer(
        _ from: String = "Team <it@example.com>",
        replyTo: String? = nil,
        bounce: BounceAddress? = nil,
        headers: [String] = []
    ) throws -> MailComposer {
        try MailComposer(
            from: try #require(MailSender(from)),
            replyTo: try replyTo.map { try #require(MailSender($0)) },
            bounce: bounce,
            headers: try headers.map { try MailHeader($0) }
        )
    }

    static func text(
        _ composer: MailComposer,
        subject: String = "Your account",
        text: String = "Hello\n",
        html: String? = nil,
        to address: String = "ann@example.org",
        name: String? = nil
    ) throws -> String {
        let mail = try composer.mail(
            RenderedMail(subject: subject, text: text, html: html),
            to: address,
            name: name,
            messageID: messageID,
            date: date
        )
        return String(decoding: mail.message.revealed, as: UTF8.self)
    }

    @Test func aMailWithTextAlone() throws {
        let composer = try Self.composer(replyTo: "help@example.com", headers: ["X-Team:  a  b"])
        let message = try Self.text(composer, name: "Ann \"A\" O'Hara, \\Dr.")
        #expect(
            message == """
                Date: Fri, 20 Nov 2026 23:46:57 +0000\r
                From: "Team" <it@example.com>\r
                Reply-To: help@example.com\r
                To: "Ann \\"A\\" O'Hara, \\\\Dr." <ann@example.org>\r
                Subject: Your account\r
                Message-ID: <00112233445566778899aabbccddeeff@example.com>\r
                Auto-Submitted: auto-generated\r
                X-Auto-Response-Suppress: All\r
                X-Team: a  b\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                Hello\r

                """
        )
    }

    @Test func aMailWithTextAndHTML() throws {
        let message = try Self.text(try Self.composer(), html: "<p>Hello</p>")
        let body = try #require(message.firstRange(of: "MIME-Version: 1.0\r\n")).upperBound
        #expect(
            message[body...] == """
                Content-Type: multipart/alternative;\r
                 boundary="=_00112233445566778899aabbccddeeff"\r
                \r
                --=_00112233445566778899aabbccddeeff\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                Hello\r
                \r
                --=_00112233445566778899aabbccddeeff\r
                Content-Type: text/html; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                <p>Hello</p>\r
                \r
                --=_00112233445566778899aabbccddeeff--\r

                """
        )
    }

    @Test func noHeaderComesFromTheData() throws {
        let injected = "Ann\r\nBcc: eve@example.net\r\n\r\nbody\u{2028}x\u{0}"
        let message = try Self.text(try Self.composer(), subject: injected, name: injected)
        let lines = message.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(!lines.contains { $0.lowercased().hasPrefix("bcc") })
        #expect(lines.filter { $0.hasPrefix("Content-Type") }.count == 1)
        #expect(!message.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" || $0 == "\0" })
        #expect(throws: UnsendableMail.self) {
            _ = try Self.text(try Self.composer(), to: "ann@example.org>\r\nBcc: a@b.example")
        }
        #expect(throws: UnsendableMail.self) { _ = try Self.text(try Self.composer(), to: "no address") }
    }

    @Test func domainsAreWrittenInASCII() throws {
        let mail = try Self.composer("it@bücher.example").mail(
            RenderedMail(subject: "a", text: "b", html: nil),
            to: "ann@MÜLLER.example",
            name: "",
            messageID: Self.messageID,
            date: Self.date
        )
        #expect(mail.recipient == "ann@xn--mller-kva.example" && mail.sender == "it@xn--bcher-kva.example")
        #expect(!mail.needsSMTPUTF8)
        let message = String(decoding: mail.message.revealed, as: UTF8.self)
        #expect(message.contains("\r\nTo: ann@xn--mller-kva.example\r\n"))
        let other = try Self.composer().mail(
            RenderedMail(subject: "a", text: "b", html: nil),
            to: "änn@example.org",
            name: nil,
            messageID: Self.messageID,
            date: Self.date
        )
        #expect(other.needsSMTPUTF8 && other.recipient == "änn@example.org")
    }

    @Test func aMessageIDIsTheSameForTheSameInvitationOnly() throws {
        let composer = try Self.composer()
        let (key, other) = (Secret(Array("key".utf8)), Secret(Array("yek".utf8)))
        let ann = try #require(IdentityID("11111111-2222-4333-8444-555555555555"))
        let bob = try #require(IdentityID("11111111-2222-4333-8444-555555555556"))
        let id = composer.messageID(key: key, identity: ann, generation: 1)
        #expect(id == composer.messageID(key: key, identity: ann, generation: 1))
        #expect(id.wholeMatch(of: #/<[0-9a-f]{32}@example\.com>/#) != nil)
        let ids = [
            id, composer.messageID(key: key, identity: bob, generation: 1),
            composer.messageID(key: key, identity: ann, generation: 2),
            composer.messageID(key: other, identity: ann, generation: 1),
        ]
        #expect(Set(ids).count == 4)
    }

    @Test func bouncesComeWhereTheyAreWanted() throws {
        let plain = try BounceAddress("bounces@bücher.example")
        let verp = try BounceAddress("bounces@example.com", isVERP: true)
        #expect(plain.sender(forMessageID: Self.messageID) == "bounces@xn--bcher-kva.example")
        let sender = "bounces+id=00112233445566778899aabbccddeeff@example.com"
        #expect(verp.sender(forMessageID: Self.messageID) == sender)
        #expect(MailAddress.checked(sender) == sender)
        let long = String(repeating: "b", count: 29) + "@example.com"
        #expect(throws: MailSettingError.self) { try BounceAddress(long, isVERP: true) }
        #expect(try BounceAddress(long).address == long)
        #expect(throws: MailSettingError.self) { try BounceAddress("nobody") }
        let mail = try Self.composer(bounce: verp).mail(
            RenderedMail(subject: "a", text: "b", html: nil),
            to: "ann@example.org",
            name: nil,
            messageID: Self.messageID,
            date: Self.date
        )
        #expect(mail.sender == sender)
    }

    @Test(arguments: [
        "no colon", ": no name", "Na me: x", "Näme: x", "Bcc: a@b.example", "bcc: x", "To: x",
        "Content-Type: x",
        "Resent-To: x", "X-A: a\r\nBcc: b", "X-A: a\nb", "X-A: \u{2028}", "X-A:", "X-A:   ",
        "Message-ID: <a@b>",
        "X-A: " + String(repeating: "a", count: 901), String(repeating: "X", count: 71) + ": a",
    ])
    func headersThatAreNone(_ text: String) {
        let error = #expect(throws: MailSettingError.self) { try MailHeader(text) }
        #expect(error?.code == .mailHeader)
    }

    @Test func furtherHeadersAreFolded() throws {
        let link = "<https://example.com/" + String(repeating: "a", count: 200) + ">"
        let words = Array(repeating: "word", count: 40).joined(separator: " ")
        let message = try Self.text(
            try Self.composer(headers: [
                "List-Unsubscribe: \(link), \(link)", "X-Words: \(words)",
                "X-Umlaut: \(String(repeating: "ä", count: 100))",
            ])
        )
        #expect(message.contains("List-Unsubscribe: \(link),\r\n \(link)\r\n"))
        #expect(message.replacing("\r\n ", with: " ").contains("X-Words: \(words)\r\n"))
        for line in message.split(separator: "\r\n") where !line.contains("https") {
            #expect(line.utf8.count <= 78)
        }
    }
}
