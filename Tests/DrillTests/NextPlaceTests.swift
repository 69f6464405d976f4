// What the public port says is shown without what opens an account, and where its links lead.

import Drill
import HTTPTransport
import Providers
import Testing
import Model

@Suite struct NextPlaceTests {
    /// The text of an error, as a refusal keeps it.
    private func said(_ reason: String, hiding secrets: [String] = []) -> String {
        let reading = SelfServiceReading(hiding: secrets.map(Secret.init))
        let body = #"{"error":{"reason":"\#(reason)"}}"#
        switch reading.whoami(HTTPResponse(status: 400, body: Array(body.utf8))) {
        case .success: return "a success"
        case .failure(let refusal): return refusal.serverMessage
        }
    }

    @Test func anEchoedSecretIsTakenOut() {
        #expect(said("no session T0KEN here", hiding: ["T0KEN"]) == "no session [redacted] here")
        #expect(said("T0KEN-LONG T0KEN", hiding: ["T0KEN", "T0KEN-LONG"]) == "[redacted] [redacted]")
        #expect(said("all", hiding: [""]) == "all")
    }

    @Test func urlsLoseTheirQueries() {
        let reason = "redirect the browser to: http://ui:4455/settings?flow=5122 now, or https://x/y#z"
        #expect(
            said(reason)
                == "redirect the browser to: http://ui:4455/settings?[redacted] now, "
                + "or https://x/y#[redacted]"
        )
    }

    @Test func aTextIsOneLineOfBoundedLength() {
        #expect(said(#"one\ntwo"#) == "one two")
        let long = said(String(repeating: "x", count: 4000))
        #expect(long.count == 300 && long.hasSuffix("…"))
        let accents = said("e" + String(repeating: "\u{301}", count: 4000))
        #expect(accents.unicodeScalars.count == 300)
    }

    @Test func aSecretThatTheBoundWouldCutIsTakenOutWhole() {
        let secret = String(repeating: "s", count: 40)
        #expect(!said(String(repeating: "x", count: 280) + secret, hiding: [secret]).contains("sss"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:4433/self-service/recovery?flow=1&token=2", "http://127.0.0.1:4433", true),
        (
            "https://Auth.example.com/kratos/self-service/recovery?flow=1",
            "https://auth.example.com:443/kratos", true
        ),
        ("http://127.0.0.1:4433/self-service/recovery", "http://127.0.0.1:4434", false),
        ("http://127.0.0.1:4433/self-service/recovery", "http://localhost:4433", false),
        ("https://auth.example.com/r", "http://auth.example.com", false),
        ("https://auth.example.com@evil.test/r", "https://auth.example.com", false),
        ("/ui/recovery?flow=1", "http://127.0.0.1:4433", false),
        ("http://localhost/r", "unix:/run/k.sock", false),
    ])
    func aLinkBelongsToOneOrigin(_ link: String, _ server: String, _ isOwn: Bool) throws {
        #expect(Secret(link).isLink(to: try ServerURL(server)) == isOwn)
    }

    @Test(arguments: [
        ("http://127.0.0.1:4455/recovery?flow=d321-ab", "d321-ab"), ("/ui/recovery?x=1&flow=2", "2"),
        ("http://127.0.0.1:4455/recovery", nil), ("http://h/r?flow=", nil), ("http://h/r?flow=a%2Fb", nil),
        ("http://h/r?flow=\(String(repeating: "a", count: 65))", nil),
    ])
    func aLinkNamesItsFlow(_ link: String, _ flow: String?) {
        #expect(Secret(link).flowOfLink == flow)
    }
}
