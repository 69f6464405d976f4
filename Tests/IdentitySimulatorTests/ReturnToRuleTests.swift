import Testing

@testable import IdentitySimulator

@Suite struct ReturnToRuleTests {
    private static let rule = ReturnToRule(allowed: ["http://127.0.0.1:4455", "https://example.test/app"])

    @Test(arguments: [
        "", "other=http://evil.test", "return_to=", "return_to=http://127.0.0.1:4455/x",
        "return_to=http%3A%2F%2F127.0.0.1%3A4455", "return_to=HTTPS://Example.Test/app/after?x=1",
        "a=b&return_to=/after", "return_to=http://127.0.0.1:4455?x",
    ])
    func whatLiesBelowAnAllowedURLMayPass(_ query: String) {
        #expect(Self.rule.forbidden(inQuery: query[...]) == nil)
    }

    @Test(arguments: [
        ("return_to=http://evil.example/x", "http://evil.example/x"),
        ("return_to=http%3A%2F%2Fevil.example%2F%C3%A4+b", "http://evil.example/ä b"),
        ("return_to=https://127.0.0.1:4455/x", "https://127.0.0.1:4455/x"),
        ("return_to=https://example.test/other", "https://example.test/other"),
        ("return_to=//evil.example/x", "//evil.example/x"),
        ("return_to=http://127.0.0.1:4455.evil.example", "http://127.0.0.1:4455.evil.example"),
    ])
    func whatDoesNotIsNamedInTheRefusal(_ query: String, _ shown: String) {
        #expect(Self.rule.forbidden(inQuery: query[...]) == shown)
    }
}
