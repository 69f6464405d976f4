// What servers say, without what may open an account.

import Testing

@testable import IdentityAPI

@Suite struct KeysInTextTests {
    @Test(arguments: [
        ("code 424242 is wrong", "code [redacted] is wrong"),
        ("\"recovery_code\":\"123456\"", "\"recovery_code\":\"[redacted]\""),
        ("12345678", "[redacted]"),
        (
            "link https://ui.example.com/recovery?flow=5a-b&token=abc, sent",
            "link https://ui.example.com/recovery?flow=[redacted]&token=[redacted], sent"
        ),
        ("„123456“, 验证码654321", "„[redacted]“, 验证码[redacted]"),
        ("/r?flow=a&amp;token=b;x=c", "/r?flow=[redacted]&amp;token=[redacted];x=[redacted]"),
        ("/r?filter[x.y]=z", "/r?filter[x.y]=[redacted]"),
        ("see /recovery?flow=x", "see /recovery?flow=[redacted]"),
        ("(https://a.example/?token=x)", "(https://a.example/?token=[redacted])"),
    ])
    func codesAndLinksAreTakenOut(_ said: String, _ kept: String) {
        #expect(said.withoutKeys == kept)
        #expect(kept.withoutKeys == kept)
    }

    @Test(arguments: [
        "", "?", "&=", "?=x", "what? a=b", "12345", "123456789", "a123456", "123456-7890",
        "5a14f9c3-0000-4000-8000-123456789012", "at 2026-11-21T13:46:16.796290506Z", "Größe 12 ÷ 4 = 3",
        "dial tcp 10.0.0.1:5432: connection refused", "SQLSTATE 40001", "?flow=", "?flow= x",
    ])
    func whatIsNoneStays(_ said: String) {
        #expect(said.withoutKeys == said)
    }
}
