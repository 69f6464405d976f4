// The dialogue with a relay: whatever it says, and whenever, each mail comes to one end.

import Delivery
import Model

/// The input's first byte chooses the relay's extensions; then each byte is how much is written and how much
/// of the relay's words, which are the rest of the input, comes next.
enum DialogueHarness {
    private static let extensions = [
        SMTPExtensions(),
        SMTPExtensions(lines: ["relay", "PIPELINING", "SIZE 1000", "8BITMIME", "SMTPUTF8"]),
    ]
    private static let recipient = "ann.smith@example.org"
    private static let mail = OutgoingMail(
        sender: "it@example.com",
        recipient: recipient,
        messageID: "<1@example.com>",
        message: Array("Subject: a\r\n\r\n.b\r\n".utf8)
    )

    static func run(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        var dialogue = SMTPDialogue(extensions: input.choose(extensions))
        let plan = (0..<input.byte() % 64).map { _ in input.byte() }
        var words = input.bytes[...]
        var mail = Progress()
        for step in plan where !dialogue.isEnded {
            if dialogue.isReady, !mail.isOpen {
                mail = Progress(isOpen: true)
                try require(dialogue.begin(Self.mail) == nil, "a good mail is not begun")
            }
            try write(step, &dialogue, &mail)
            let said = words.prefix(Int(step >> 2))
            words = words.dropFirst(said.count)
            mail.has354 = mail.has354 || dialogue.awaited == .content || said.contains(UInt8(ascii: "3"))
            if let outcome = dialogue.receive(said) { try mail.end(outcome) }
        }
        mail.has354 = mail.has354 || dialogue.awaited == .content
        if let outcome = dialogue.fail("closed") { try mail.end(outcome) }
        try require(!mail.isOpen, "a mail has no outcome")
        try require(dialogue.isEnded && dialogue.unsent.isEmpty, "an ended dialogue has more to say")
    }

    /// Writes all, a little or nothing.
    private static func write(
        _ step: UInt8,
        _ dialogue: inout SMTPDialogue,
        _ mail: inout Progress
    ) throws(BrokenProperty) {
        if dialogue.awaited == .data {
            try require(
                "DATA\r\n".utf8.suffix(dialogue.unsent.count).elementsEqual(dialogue.unsent),
                "DATA is not alone"
            )
        }
        let piece = dialogue.unsent.prefix(step & 3 == 0 ? 0 : step & 3 == 1 ? 7 : Int.max)
        mail.written += piece
        dialogue.wrote(piece.count)
    }

    private struct Progress {
        var isOpen = false
        var has354 = false
        var written: [UInt8] = []

        mutating func end(_ outcome: MailOutcome) throws(BrokenProperty) {
            try require(isOpen, "\(outcome) of no mail")
            isOpen = false
            let isWhole = written.suffix(5).elementsEqual("\r\n.\r\n".utf8)
            switch outcome {
            case .sent(let reply):
                try require(isWhole, "a mail was taken that was not sent")
                try check(reply.text)
                let id = reply.queueID ?? "-"
                try require(!id.isEmpty && !id.hasControlCharacter && !id.contains("@"), "a queue ID \(id)")
            case .inDoubt(let words):
                try require(has354, "in doubt before 354")
                try check(words)
            case .notTaken(let words):
                try require(!isWhole, "a mail that was sent counts as not taken")
                try check(words)
            case .later(let reply, _), .refused(let reply): try check(reply.text)
            case .stop(let stop): try check(stop.reason)
            case .unsendable: try require(false, "a mail is unsendable after it was begun")
            }
        }

        private func check(_ words: String) throws(BrokenProperty) {
            try require(!words.hasControlCharacter, "control characters in \(words)")
            try require(
                words.unicodeScalars.count <= 400,
                "\(words.unicodeScalars.count) characters of words"
            )
            try require(!words.contains(recipient), "the address is shown")
        }
    }
}
