import Testing

@testable import Delivery

@Suite struct GroupedCodeTests {
    @Test(arguments: [
        ("", ""), ("12345", "12345"), ("000331", "000 331"), ("1234567", "123 4567"),
        ("12345678", "1234 5678"), ("123456789", "123 456 789"), ("1234567890", "123 456 7890"),
        ("12345678901", "123 4567 8901"), ("123456789012", "1234 5678 9012"),
        ("1234567890123", "123 456 789 0123"), ("abcDEF", "abc DEF"), ("12-345678", "12-345678"),
        ("12345é78", "12345é78"),
    ])
    func codesAreGrouped(_ code: String, _ grouped: String) {
        #expect(GroupedCode.text(of: code) == grouped)
    }

    @Test(arguments: 0..<80)
    func noCharacterIsLost(_ length: Int) {
        let code = String((0..<length).map { Character("\($0 % 10)") })
        let grouped = GroupedCode.text(of: code)
        #expect(grouped.filter { $0 != " " } == code)
        if length >= 6 {
            #expect(grouped.split(separator: " ").allSatisfy { (3...4).contains($0.count) })
        }
    }
}
