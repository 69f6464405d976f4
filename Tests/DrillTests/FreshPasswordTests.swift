// Passwords that nobody has seen.

import Drill
import Providers
import Testing
import Model

@Suite struct FreshPasswordTests {
    /// The same numbers each time (an xorshift of 64 bits).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private func expectStrong(_ password: String) {
        #expect(password.utf8.count >= 24)
        #expect(password.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        #expect(password.contains { $0.isLowercase })
        #expect(password.contains { $0.isUppercase })
        #expect(password.contains { $0.isNumber })
        #expect(password.contains { !$0.isLetter && !$0.isNumber })
    }

    @Test func everyPasswordHasEveryClassOfCharacters() {
        var generator = SystemRandomNumberGenerator()
        var seen: Set<String> = []
        for _ in 0..<500 {
            let password = FreshPassword.make(using: &generator)
            expectStrong(password.revealed)
            seen.insert(password.revealed)
        }
        #expect(seen.count == 500)
    }

    @Test func itFollowsFromTheGeneratorAlone() {
        let make = { (seed: UInt64) in
            var generator = Seeded(state: seed)
            return FreshPassword.make(using: &generator)
        }
        #expect(make(7) == make(7))
        #expect(make(7) != make(8))
        for seed in 1...200 { expectStrong(make(UInt64(seed)).revealed) }
    }

    @Test func itIsNotPrinted() {
        var generator = SystemRandomNumberGenerator()
        let password = FreshPassword.make(using: &generator)
        var dumped = "\(password) \(String(reflecting: password))"
        dump(password, to: &dumped)
        #expect(!dumped.contains(password.revealed))
    }
}
