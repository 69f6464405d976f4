// A secret tells nothing of itself.

import Testing
import Model

@Suite struct SecretTests {
    private struct Holder {
        let name = "holder"
        let key = Secret("s3cret")
    }

    @Test func nothingShowsTheValue() {
        let secret = Secret("s3cret")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        dump(["key": Optional(secret)], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Holder())", dumped] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("[redacted]"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(secret.revealed == "s3cret")
    }

    @Test func secretsAreComparedByTheirValues() {
        #expect(Secret("a") == Secret("a") && Secret("a") != Secret("b"))
        #expect(Set([Secret(1), Secret(1), Secret(2)]).count == 2)
    }

    @Test func aSecretCannotBeEncoded() {
        let secret: Any = Secret("s3cret")
        #expect(!(secret is any Encodable) && !(secret is any Decodable))
    }
}
