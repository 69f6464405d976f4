// The dialogue of a mail, reply by reply.

import Model
import Testing

@testable import Delivery

@Suite struct SMTPDialogueTests {
    static let everything = SMTPExtensions(
        lines: ["relay", "PIPELINING", "SIZE 1000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN"]
    )

    static func mail(
        to recipient: String = "ann@example.org",
        message: String = "Subject: a\r\n\r\n.b\r\n"
    ) -> OutgoingMail {
        OutgoingMail(
            sender: "it@example.com",
            recipient: recipient,
            messageID: "<1@example.com>",
            message: Array(message.utf8)
        )
    }

    /// A dialogue whose output is written at once.
    struct Talk {
        var dialogue: SMTPDialogue

        init(_ extensions: SMTPExtensions = SMTPExtensions()) {
            dialogue = SMTPDialogue(extensions: extensions)
        }

        mutating func begin(_ mail: OutgoingMail = SMTPDialogueTests.mail()) -> MailOutcome? {
            dialogue.begin(mail)
        }

        /// What has been written since, as text.
        mutating func written() -> String {
            let text = String(decoding: dialogue.unsent, as: UTF8.self)
            dialogue.wrote(dialogue.unsent.count)
            return text
        }

        mutating func hear(_ text: String) -> MailOutcome? {
            _ = written()
            return dialogue.receive(Array((text + "\r\n").utf8)[...])
        }
    }

    @Test func aMailGoesStepByStep() {
        var talk = Talk()
        #expect(talk.begin() == nil)
        #expect(talk.written() == "MAIL FROM:<it@example.com>\r\n")
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.written() == "RCPT TO:<ann@example.org>\r\n")
        #expect(talk.hear("250-ok\r\n250 really") == nil)
        #expect(talk.written() == "DATA\r\n")
        #expect(talk.hear("354 go ahead") == nil)
        #expect(talk.written() == "Subject: a\r\n\r\n..b\r\n.\r\n")
        #expect(!talk.dialogue.isReady)
        let outcome = talk.hear("250 2.0.0 Ok: queued as 4XyZ")
        #expect(
            outcome
                == .sent(
                    SMTPReply(
                        code: 250,
                        enhanced: "2.0.0",
                        text: "2.0.0 Ok: queued as 4XyZ",
                        queueID: "4XyZ"
                    )
                )
        )
        #expect(talk.dialogue.isReady && talk.dialogue.awaited == nil)
    }

    @Test func dataIsNeverPipelined() {
        var talk = Talk(Self.everything)
        #expect(talk.begin() == nil)
        #expect(
            talk.written() == "MAIL FROM:<it@example.com> SIZE=18\r\nRCPT TO:<ann@example.org>\r\n"
        )
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.written() == "")
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.written() == "DATA\r\n")
    }

    /// A first version of others sent DATA along, and a refused MAIL beside a taken RCPT made an empty mail.
    @Test func aRefusedMailWithATakenRecipientSendsNothing() {
        var talk = Talk(Self.everything)
        #expect(talk.begin() == nil)
        #expect(talk.hear("552 5.3.4 too big") == .refused(Self.reply(552, "5.3.4", "5.3.4 too big")))
        #expect(talk.written() == "RSET\r\n")
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.written() == "")
        #expect(!talk.dialogue.isReady)
        #expect(talk.hear("250 reset") == nil)
        #expect(talk.dialogue.isReady)
    }

    @Test func bothRepliesMayComeAtOnce() {
        var talk = Talk(Self.everything)
        #expect(talk.begin() == nil)
        #expect(Self.meaning(talk.hear("550 no\r\n503 5.5.1 MAIL first")) == "refused")
        #expect(talk.written() == "RSET\r\n")
        #expect(talk.hear("250 ok") == nil && talk.dialogue.isReady)
        #expect(talk.begin() == nil)
        #expect(talk.hear("250 ok\r\n250 ok") == nil)
        #expect(talk.written() == "DATA\r\n")
    }

    static func reply(_ code: Int, _ enhanced: String?, _ text: String) -> SMTPReply {
        SMTPReply(code: code, enhanced: enhanced, text: text)
    }

    @Test func afterARefusalComesRSETAndTheNextMail() {
        var talk = Talk()
        #expect(talk.begin() == nil)
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.hear("550 5.1.1 unknown") == .refused(Self.reply(550, "5.1.1", "5.1.1 unknown")))
        #expect(talk.written() == "RSET\r\n")
        #expect(!talk.dialogue.isReady)
        #expect(talk.hear("250 ok") == nil)
        #expect(talk.dialogue.isReady)
        #expect(talk.begin() == nil)
        #expect(talk.written().hasPrefix("MAIL"))
    }

    /// What a refusal means, at each command.
    @Test(arguments: [
        (SMTPCommand.mail, "421 4.7.0 slow", "slower", false), (.mail, "451 4.7.1 later", "later", true),
        (.mail, "552 5.3.4 size", "refused", true),
        (.mail, "530 5.7.0 Authentication required", "stop", false),
        (.mail, "530 5.7.0 Must issue a STARTTLS command first", "stop", false),
        (.mail, "535 5.7.8 no", "stop", false), (.mail, "503 5.5.1 nested MAIL", "not taken", false),
        (.recipient, "550 5.1.1 unknown", "refused", true),
        (.recipient, "450 4.2.0 greylisted", "later", true),
        (.recipient, "450 4.7.28 rate", "slower", true), (.recipient, "452 4.5.3 too many", "slower", true),
        (.recipient, "452 4.2.2 mailbox full", "later", true), (.recipient, "421 bye", "slower", false),
        (.recipient, "503 AUTH first", "stop", false),
        (.recipient, "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname", "stop", false),
        (.recipient, "553 5.7.1 <it@example.com>: Sender address rejected: not owned", "stop", false),
        (.mail, "550 5.7.60 Client does not have permissions to send as this sender", "stop", false),
        (.recipient, "450 4.7.1 <vm>: Helo command rejected: Host not found", "later", true),
        (.recipient, "554 5.7.1 <ann@example.org>: Relay access denied", "refused", true),
        (.data, "554 no", "refused", true),
        (.data, "451 later", "later", true), (.data, "454 4.7.0 no", "slower", true),
        (.content, "451 4.3.0 queue", "later", true), (.content, "554 5.7.1 spam", "refused", true),
        (.content, "421 4.3.2 going down", "slower", false), (.content, "535 no", "refused", true),
    ])
    func refusals(_ command: SMTPCommand, _ text: String, _ meaning: String, _ goesOn: Bool) {
        for extensions in [SMTPExtensions(), Self.everything] {
            var talk = Talk(extensions)
            #expect(talk.begin() == nil)
            while talk.dialogue.awaited != command {
                #expect(talk.hear(talk.dialogue.awaited == .data ? "354 go" : "250 ok") == nil)
            }
            let outcome = talk.hear(text)
            #expect(Self.meaning(outcome) == meaning)
            #expect(talk.dialogue.isEnded == !goesOn)
            guard goesOn else { continue }
            #expect(talk.written() == "RSET\r\n")
            while talk.dialogue.awaited != nil {
                #expect(talk.hear(talk.dialogue.awaited == .reset ? "250 ok" : "503 5.5.1 MAIL first") == nil)
            }
            #expect(talk.dialogue.isReady)
        }
    }

    static func meaning(_ outcome: MailOutcome?) -> String {
        switch outcome {
        case nil: "nothing"
        case .sent: "sent"
        case .later(_, let slowDown): slowDown ? "slower" : "later"
        case .refused: "refused"
        case .unsendable: "unsendable"
        case .inDoubt: "in doubt"
        case .notTaken: "not taken"
        case .stop: "stop"
        }
    }

    @Test(arguments: [
        (SMTPCommand.mail, "not taken"), (.recipient, "not taken"), (.data, "not taken"),
        (.content, "in doubt"),
    ])
    func whatFailsAfter354IsInDoubt(_ command: SMTPCommand, _ meaning: String) {
        for failure in ["close", "garbage", "200 ok", "399 what", "long", "lines", "codes"] {
            var talk = Talk()
            #expect(talk.begin() == nil)
            while talk.dialogue.awaited != command {
                #expect(talk.hear(talk.dialogue.awaited == .data ? "354 go" : "250 ok") == nil)
            }
            let outcome: MailOutcome?
            switch failure {
            case "close": outcome = talk.dialogue.fail("closed")
            case "garbage": outcome = talk.hear("HTTP/1.1 400 Bad Request")
            case "200 ok":
                // A good reply that nothing asked for, except where a 2xx is what is waited for.
                guard command == .data else { continue }
                outcome = talk.hear("200 ok")
            case "long": outcome = talk.hear("250 " + String(repeating: "a", count: 10_000))
            case "lines": outcome = talk.hear(Array(repeating: "250-a", count: 200).joined(separator: "\r\n"))
            case "codes": outcome = talk.hear("250-a\r\n251 b")
            default: outcome = talk.hear(failure)
            }
            #expect(Self.meaning(outcome) == meaning, "\(failure)")
            #expect(talk.dialogue.isEnded && talk.dialogue.unsent.isEmpty)
        }
    }

    @Test func aReplyBeforeTheMessagesEndIsBelievedOnlyIfItRefuses() {
        for (text, meaning) in [("554 no", "refused"), ("421 bye", "slower"), ("250 ok", "in doubt")] {
            var talk = Talk()
            #expect(talk.begin() == nil)
            #expect(talk.hear("250 ok") == nil && talk.hear("250 ok") == nil)
            _ = talk.written()
            // The message has not been written yet when the second reply comes.
            let outcome = talk.dialogue.receive(Array("354 go\r\n\(text)\r\n".utf8)[...])
            #expect(Self.meaning(outcome) == meaning)
            #expect(talk.dialogue.isEnded)
        }
    }

    @Test func repliesThatNobodyAskedForEndTheConnection() {
        var talk = Talk()
        #expect(talk.begin() == nil)
        for text in ["250 ok", "250 ok", "354 go"] { #expect(talk.hear(text) == nil) }
        #expect(Self.meaning(talk.hear("250 ok\r\n421 idle")) == "sent")
        #expect(talk.dialogue.isEnded)
        var other = Talk()
        #expect(other.dialogue.receive(Array("25".utf8)[...]) == nil)
        #expect(!other.dialogue.isReady && !other.dialogue.isEnded)
    }

    @Test func whatTheRelayCannotTakeIsNotBegun() {
        var talk = Talk()
        #expect(Self.meaning(talk.begin(Self.mail(to: "änn@example.org"))) == "unsendable")
        #expect(Self.meaning(talk.begin(Self.mail(message: "Subject: ä\r\n\r\n"))) == "unsendable")
        for address in ["", "a b@example.org", "a@example.org>\r\nRCPT TO:<b@example.org", "a\u{0}@b.c"] {
            #expect(Self.meaning(talk.begin(Self.mail(to: address))) == "unsendable")
        }
        #expect(talk.dialogue.isReady && talk.written() == "")
        var large = Talk(Self.everything)
        let long = String(repeating: "a", count: 1001)
        #expect(Self.meaning(large.begin(Self.mail(message: long))) == "unsendable")
        #expect(large.begin(Self.mail(to: "änn@example.org")) == nil)
        #expect(large.written().hasPrefix("MAIL FROM:<it@example.com> SIZE=18 BODY=8BITMIME SMTPUTF8\r\n"))
    }

    @Test func noLineEndOfAMessageIsAnythingButCRLF() {
        for (message, wire) in [
            ("a\nb\r.\r\n.\n", "a\r\nb\r\n..\r\n..\r\n.\r\n"), ("", ".\r\n"), (".", "..\r\n.\r\n"),
            ("a\n.\r\nMAIL FROM:<x>\r\n", "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
            ("\r\r\n\n", "\r\n\r\n\r\n.\r\n"),
        ] {
            #expect(String(decoding: SMTPContent(Array(message.utf8)).bytes, as: UTF8.self) == wire)
        }
    }

    @Test func extensionsAreReadInAnyCase() {
        let read = SMTPExtensions(
            lines: ["PIPELINING", "size", "8bitMime", "Auth=Login", "AUTH plain cram-md5", "SIZE 0", "X 1"]
        )
        #expect(!read.isPipelining && read.takes8Bit && read.takesSize && read.sizeMax == nil)
        #expect(read.authentications == ["LOGIN", "PLAIN", "CRAM-MD5"])
        #expect(Self.everything.sizeMax == 1000)
    }
}
