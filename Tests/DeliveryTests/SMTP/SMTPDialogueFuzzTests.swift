// Dialogues with relays that say anything at any time.

import Model
import TestSupport
import Testing

@testable import Delivery

@Suite struct SMTPDialogueFuzzTests {
    /// A relay's words: plausible replies in any order, cut and mixed with bytes that are none.
    private static func words(using random: inout SeededGenerator) -> [UInt8] {
        let replies = [
            "250 ok", "250-a\r\n250 b", "354 go", "421 bye", "450 later", "452 4.2.2 full", "503 5.5.1 no",
            "550 5.1.1 <ann@example.org> unknown", "554 no", "220 hi", "334 YQ==", "250", "25", "999 x",
            "250 2.0.0 Ok: queued as A1", "250-endless", "-", "",
        ]
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            return (0..<Int.random(in: 1...40, using: &random)).map { _ in
                .random(in: 0...255, using: &random)
            }
        case 1: return Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 1...9000, using: &random))
        case 2: return Array("\n".utf8)
        default: return Array((replies.randomElement(using: &random) ?? "").utf8) + [0x0d, 0x0a]
        }
    }

    @Test func noRelayMakesADialogueForgetOrRepeat() throws {
        for seed in 0..<4000 {
            var random = SeededGenerator(seed: UInt64(seed))
            try Self.live(seed, using: &random)
        }
    }

    private static func live(_ seed: Int, using random: inout SeededGenerator) throws {
        let extensions = Bool.random(using: &random) ? SMTPDialogueTests.everything : SMTPExtensions()
        var dialogue = SMTPDialogue(extensions: extensions)
        var (outcomes, begun) = (0, 0)
        var (isOpen, has354) = (false, false)
        var written: [UInt8] = []
        for _ in 0..<60 {
            if dialogue.isReady, !isOpen {
                #expect(dialogue.begin(SMTPDialogueTests.mail()) == nil)
                (isOpen, has354, written) = (true, false, [])
                begun += 1
            }
            if dialogue.isEnded { break }
            // DATA goes out alone.
            if dialogue.awaited == .data {
                #expect(String(decoding: dialogue.unsent, as: UTF8.self).utf8.count <= 6)
            }
            let part = dialogue.unsent.prefix(Int.random(in: 0...30, using: &random))
            let isWritten = Bool.random(using: &random) || dialogue.unsent.count < 60
            let piece = isWritten ? dialogue.unsent : part
            written += piece
            dialogue.wrote(piece.count)
            var outcome: MailOutcome?
            if Int.random(in: 0..<25, using: &random) == 0 {
                has354 = has354 || dialogue.awaited == .content
                outcome = dialogue.fail("closed")
                #expect(dialogue.isEnded)
            } else {
                let text = words(using: &random)
                has354 = has354 || (text.starts(with: "354".utf8) && isOpen) || dialogue.awaited == .content
                outcome = dialogue.receive(text[...])
            }
            guard let outcome else { continue }
            #expect(isOpen, "an outcome for no mail: seed \(seed)")
            isOpen = false
            outcomes += 1
            check(outcome, has354: has354, written, seed)
        }
        if isOpen {
            #expect(
                dialogue.isEnded || dialogue.fail("end") != nil,
                "a mail without an outcome: seed \(seed)"
            )
            outcomes += dialogue.isEnded ? 1 : 0
        }
        #expect(outcomes == begun, "seed \(seed)")
    }

    private static func check(_ outcome: MailOutcome, has354: Bool, _ written: [UInt8], _ seed: Int) {
        switch outcome {
        case .sent(let reply):
            // Only a whole message can have been taken.
            #expect(written.suffix(5) == Array("\r\n.\r\n".utf8)[...], "seed \(seed)")
            #expect(200..<300 ~= reply.code)
        case .inDoubt: #expect(has354, "in doubt without 354: seed \(seed)")
        case .later(let reply, _), .refused(let reply):
            #expect(!reply.text.contains("ann@"))
            #expect(reply.text.unicodeScalars.count <= SMTPReply.textLengthMax)
        case .notTaken(let words):
            #expect(!words.unicodeScalars.contains { $0.isInvisible })
            #expect(
                written.suffix(5) != Array("\r\n.\r\n".utf8)[...],
                "a message that was sent: seed \(seed)"
            )
        case .stop, .unsendable: break
        }
    }
}
