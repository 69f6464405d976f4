import Testing

@testable import IdentitySimulator

@Suite struct PasswordRuleTests {
    private let rule = PasswordRule(lengthMin: 8)

    @Test(arguments: [
        ("", 4_000_002), ("short", 4_000_032), ("ééééééé", 4_000_032), ("batch00988@example.test", 4_000_031),
        ("BATCH00988@EXAMPLE.TEST", 4_000_031), ("batch00988@example.te", 4_000_031),
        ("example.test12", 4_000_031),
    ])
    func badPasswordsAreToldApart(_ password: String, _ id: Int64) {
        #expect(rule.complaint(about: password, of: "batch00988@example.test")?.id == id)
    }

    @Test func goodPasswordsPass() {
        #expect(rule.complaint(about: "Brand-New-Pw-9182", of: "batch00988@example.test") == nil)
        #expect(rule.complaint(about: "batch00988@example.test", of: nil) == nil)
        // Half of it from the address is just allowed.
        #expect(rule.complaint(about: "example.zQ7-w_Xk", of: "batch00988@example.test") == nil)
    }
}
