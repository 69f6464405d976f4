// What a user logs in by, as far as an identity shows it.

import Drill
import HTTPTransport
import Providers
import Testing
import Model

@Suite struct AccountFactsTests {
    private func facts(_ members: String) -> AccountFacts? {
        let body = #"{"id":"d364372d-6ffc-49f1-bf90-3704d84e5f1b"\#(members)}"#
        return AccountFacts(HTTPResponse(status: 200, body: Array(body.utf8)))
    }

    /// As Kratos v26.2 shows one to administrators.
    @Test func thePasswordsOwnIdentifierComesFirst() {
        let shown = facts(
            #","credentials":{"password":{"type":"password","identifiers":["alice"],"version":0},"#
                + #""totp":{"type":"totp"}},"state":"active","traits":{"email":"alice@example.test"}"#
        )
        #expect(shown?.identifier?.revealed == "alice")
        #expect(shown?.identity?.text == "d364372d-6ffc-49f1-bf90-3704d84e5f1b")
        #expect(shown?.isActive == true)
    }

    @Test(arguments: [
        (#","traits":{"email":"a@x.test","username":"a"}"#, "a@x.test"),
        (#","traits":{"email":"","username":"a"}"#, "a"),
        (#","traits":{"name":{"first":"A"},"username":"a"}"#, "a"),
        (#","credentials":null,"traits":{},"recovery_addresses":[{"value":"r@x.test"}]"#, "r@x.test"),
        (#","verifiable_addresses":[{"value":"v@x.test"}],"recovery_addresses":[]"#, "v@x.test"),
        (#","credentials":{"password":{"type":"password"}},"traits":{"email":"a@x.test"}"#, "a@x.test"),
        (#","traits":{"nickname":"n"}"#, nil), ("", nil),
    ])
    func elseATraitOrAnAddressDoes(_ members: String, _ identifier: String?) {
        #expect(facts(members)?.identifier?.revealed == identifier)
    }

    @Test func whatIsNoIdentityIsNone() {
        #expect(AccountFacts(HTTPResponse(status: 404, body: Array(#"{"id":"x"}"#.utf8))) == nil)
        #expect(AccountFacts(HTTPResponse(status: 200, body: Array("<html>".utf8))) == nil)
        #expect(facts(#","state":"inactive""#)?.isActive == false)
    }

    @Test func anIdentifierIsNotPrinted() throws {
        var dumped = ""
        dump(try #require(facts(#","traits":{"email":"a@x.test"}"#)), to: &dumped)
        #expect(!dumped.contains("a@x.test"))
    }
}
