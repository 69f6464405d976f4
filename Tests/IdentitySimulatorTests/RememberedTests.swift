import Testing

@testable import IdentitySimulator

@Suite struct RememberedTests {
    @Test func theOldestIsForgottenFirst() {
        var remembered = Remembered<Int, String>(max: 3)
        for key in 1...3 { remembered.keep("\(key)", key) }
        remembered.keep("one", 1)
        #expect(remembered[1] == "one")
        #expect(remembered.latest(2) == "one")
        remembered.keep("4", 4)
        #expect(remembered[1] == nil)
        for key in 5...9 { remembered.keep("\(key)", key) }
        #expect((0..<4).map { remembered.latest($0) } == ["9", "8", "7", nil])
        #expect(remembered.count == 3)
    }
}
