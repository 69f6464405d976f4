import Testing

@testable import IdentitySimulator

@Suite struct CSRFTokenTests {
    /// The cookie and the form's field of a flow that a real server took (`cw_06j`).
    @Test func aRecordedFieldFitsItsCookie() throws {
        let token = try #require(CSRFToken(cookie: "fePN6fvpni6gHbN8pxNtjGBRwhpzCiWdFid9U/Fdkw0="))
        let field = "BDPKbeZ5hBjDRylyT17fnnXLdtQU0o0oCEfvZehgO7F50AeEHZAaNmNamg7oTbISFZq0zmfYqLUeYJI2GT2ovA=="
        #expect(token.matches(field))
        #expect(
            !token.matches(
                "vff/qVPrUBFjaE3GDaGygza2poyreVLSpIl8aHm/BICTWE167Fy0vheU1VVAy3GAJ3LMxIKPoKAlb3dTWByLwg=="
            )
        )
        #expect(!token.matches(token.cookieValue))
        #expect(!token.matches(""))
    }

    @Test func everyPadCoversTheSameToken() throws {
        let token = try #require(CSRFToken(Array(0..<32)))
        for pad in [[UInt8](repeating: 0, count: 32), Array(100..<132)] {
            #expect(token.matches(token.masked(by: pad)))
        }
        #expect(CSRFToken(cookie: token.cookieValue) == token)
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func base64IsThatOfTheRFC(_ text: String, _ encoded: String) {
        #expect(Base64.encoded(Array(text.utf8)) == encoded)
        #expect(Base64.decoded(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zm9v=", "Zm9v====", "Z===", "Zm 9", "====", "Zm8=Zm8="])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(Base64.decoded(text) == nil)
    }
}
