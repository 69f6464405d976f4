// What servers and files say, without what may open an account.

import Testing
import Model

@Suite struct RedactorTests {
    private let redactor = Redactor(lengthMax: 300)

    @Test(arguments: [
        // Codes: six to eight digits.
        ("code 424242 is wrong", "code [redacted] is wrong"),
        ("\"recovery_code\":\"123456\"", "\"recovery_code\":\"[redacted]\""),
        ("12345678", "[redacted]"),
        ("(123456)", "([redacted])"),
        ("123456.", "[redacted]."),
        ("123456-7890 or 1234567/8", "[redacted] or [redacted]"),
        ("١٢٣٤٥٦", "[redacted]"),
        ("„123456“, 验证码654321", "„[redacted]“, 验证码[redacted]"),
        // Links: everything from the query or the fragment on.
        (
            "link https://ui.example.com/recovery?flow=5a-b&token=abc, sent",
            "link https://ui.example.com/recovery?[redacted], sent"
        ),
        ("/r?flow=a&amp;token=b;x=c", "/r?[redacted]"),
        ("/r?filter[x.y]=z", "/r?[redacted]"),
        ("see /recovery?flow=x", "see /recovery?[redacted]"),
        ("(https://a.example/?token=x)", "(https://a.example/?[redacted])"),
        ("to: http://ui:4455/settings?flow=5122 now", "to: http://ui:4455/settings?[redacted] now"),
        ("or https://x/y#access_token=z", "or https://x/y#[redacted]"),
        ("https://x/y?5122", "https://x/y?[redacted]"),
        ("https://x/123456?a=b", "https://x/[redacted]?[redacted]"),
        ("{\"link\":\"https://x/?t=a\",\"code\":\"424242\"}", "{\"link\":\"https://x/?[redacted]\"}"),
        ("?flow=", "?[redacted]"),
        ("?flow= x", "?[redacted] x"),
        // Parameters without a link.
        ("flow=a&token=b;x=c, sent", "flow=a&token=[redacted];x=[redacted], sent"),
        // Tokens and keys.
        ("key ory_pat_0123456789abcdef refused", "key [redacted] refused"),
        ("{\"token\":\"ory_at_0123456789\"}", "{\"[redacted]\"}"),
        ("a eyJhbGciOiJIUzI1NiJ9.e30.x here", "a [redacted] here"),
        ("Bearer sk-live-4711 is 123456", "Bearer [redacted] is [redacted]"),
        ("basic dXNlcjpwYXNz is wrong", "basic [redacted] is wrong"),
        ("token abcdefghi", "token [redacted]"),
        ("Token: abcdefgh12", "Token: [redacted]"),
        ("https://user:hunter2@x.example/y", "https://[redacted]@x.example/y"),
        ("redis://u:p@w@h:6379 is down", "redis://[redacted]@h:6379 is down"),
        ("AKIA0123456789abcdefghijkl, twice", "[redacted], twice"),
        // What does not show is a blank, and hides nothing.
        ("one\ntwo\u{200b}three\u{2028}four", "one two three four"),
        ("424242\u{200b}x", "[redacted] x"),
        ("123456-7\u{200b}x", "[redacted] x"),
        ("/r?token=a\u{200b}b\u{a0}c d", "/r?[redacted] d"),
    ])
    func keysAreTakenOut(_ said: String, _ shown: String) {
        #expect(redactor.said(said) == shown)
        #expect(redactor.said(shown) == shown)
    }

    @Test(arguments: [
        "", "?", "&=", "what? a=b", "12345", "123456789", "a123456", "token was refused", "why?",
        "5a14f9c3-0000-4000-8000-123456789012", "at 2026-11-21T13:46:16.796290506Z", "Größe 12 ÷ 4 = 3",
        "dial tcp 10.0.0.1:5432: connection refused", "SQLSTATE 40001", "https://x.example/y",
        "of firstname.lastname.2026@mail.example.org", "self_service_flow_return_to_forbidden",
        "C = US, O = Example", "[redacted]", "?[redacted]",
    ])
    func whatIsNoneStays(_ said: String) {
        #expect(redactor.said(said) == said)
    }

    @Test func knownSecretsAreTakenOutOfEveryText() {
        let redactor = Redactor(hiding: ["T0K", "T0K-LONG", "", "e\u{301}"].map(Secret.init), lengthMax: 300)
        #expect(redactor.bounded("no T0K here, T0K-LONGT0K") == "no [redacted] here, [redacted][redacted]")
        #expect(redactor.said("T0K 424242") == "[redacted] [redacted]")
        #expect(redactor.bounded("e\u{301}x") == "[redacted]x")
        // Our own words are not searched for more.
        #expect(redactor.bounded("424242") == "424242")
    }

    @Test func aTextIsOneLineOfBoundedLength() {
        let redactor = Redactor(hiding: [Secret(String(repeating: "s", count: 40))], lengthMax: 300)
        #expect(redactor.bounded("one\ntwo") == "one two")
        let accents = redactor.said("e" + String(repeating: "\u{301}", count: 4000))
        #expect(accents.unicodeScalars.count == 300 && accents.hasSuffix("…"))
        // A secret that the bound would cut is taken out before.
        let cut = String(repeating: "x", count: 280) + String(repeating: "s", count: 40)
        #expect(!redactor.bounded(cut).contains("sss"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["?", "?=", "http://", "&a=", "#", "h", "1", "ory_"])
    func aHostileTextTakesNoTime(_ piece: String) {
        let text = String(repeating: piece, count: 20_000)
        #expect(redactor.said(text).unicodeScalars.count <= 300)
    }
}
