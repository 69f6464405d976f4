import Testing
import Work

@Suite struct FailureBoundTests {
    @Test(arguments: [
        ("0", 0, 50, false), ("0", 1, 50, true), ("50", 50, 0, false), ("50", 51, 0, true),
        ("10%", 99, 0, false), ("10%", 11, 89, true), ("10%", 10, 90, false), ("10%", 101, 899, true),
        ("100%", 1000, 0, false), ("0%", 1, 99, true), ("0%", 0, 100, false),
    ])
    func isExceededByMoreThanItAllows(_ argument: String, _ failed: Int, _ issued: Int, _ expected: Bool)
        throws
    {
        let bound = try #require(FailureBound(argument: argument))
        #expect(bound.isExceeded(failed: failed, issued: issued) == expected)
        #expect(bound.description == argument)
    }

    @Test(arguments: ["", "%", "-1", "101%", "1.5%", "many", "5 %", "99999999999999999999"])
    func whatIsNoBoundIsRefused(_ argument: String) {
        #expect(FailureBound(argument: argument) == nil)
    }
}
