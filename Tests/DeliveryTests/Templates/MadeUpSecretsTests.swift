import Delivery
import Model
import TestSupport
import Testing

@Suite struct MadeUpSecretsTests {
    @Test(arguments: ["000331", "a", "0", "Ab3-Zx9", "é1", "12345678"], 0..<20 as Range<UInt64>)
    func aMadeUpCodeHasTheShapeOfTheRealOne(_ code: String, _ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let made = MailFields.ann(code: code).madeUp(using: &generator).code.revealed
        #expect(made != code)
        #expect(made.utf8.count == code.utf8.count)
        for (real, other) in zip(code.utf8, made.utf8) where real < 0x80 {
            #expect(Self.kind(real) == Self.kind(other))
        }
    }

    private static func kind(_ byte: UInt8) -> Int {
        switch byte {
        case 0x30...0x39: 0
        case 0x41...0x5a: 1
        case 0x61...0x7a: 2
        default: Int(byte) + 10
        }
    }

    @Test func aMadeUpLinkKeepsWhatIsNoSecret() {
        var generator = SeededGenerator(seed: 1)
        let real =
            "https://id.example.org:4433/self-service/recovery?flow=0b7b2a5e-9a53&code=000331&to=%2Fui#tok3n"
        let made = MailFields.ann(link: real).madeUp(using: &generator)
        let link = made.link.revealed
        #expect(link.utf8.count == real.utf8.count)
        #expect(link.hasPrefix("https://id.example.org:4433/self-service/recovery?flow="))
        #expect(link.contains("&code=\(made.code.revealed)&to=%2F"))
        for secret in ["0b7b2a5e", "9a53", "000331", "tok3n"] { #expect(!link.contains(secret)) }
    }

    @Test(arguments: [
        "https://user:pa55word@id.example.org/r/abcdefghijkl?x", "/self-service/t0kentoken",
        "nolink-abcdefgh",
        "https://id.example.org/Recovery1/abcdefghijkl", "https://id.example.org?abcdefghijkl",
    ])
    func whatMayBeSecretIsMadeUp(_ real: String) {
        var generator = SeededGenerator(seed: 2)
        let link = MailFields.ann(link: real).madeUp(using: &generator).link.revealed
        #expect(link != real)
        for secret in ["pa55word", "abcdefgh", "t0kentoken"] { #expect(!link.contains(secret)) }
    }

    @Test func whatIsNotThereStaysAway() {
        var generator = SeededGenerator(seed: 3)
        let made = MailFields.ann(code: "", link: "", locale: "de").madeUp(using: &generator)
        #expect(made.code.revealed == "")
        #expect(made.link.revealed == "")
        #expect(made.locale == "de")
        #expect(made.columns == MailFields.ann.columns)
    }
}
