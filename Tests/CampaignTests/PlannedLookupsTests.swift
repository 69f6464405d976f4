// Look-ups for a plan, which has no ledger.

import Campaign
import Providers
import Pacing
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct PlannedLookupsTests {
    /// Has everybody with an even number; notes how many are asked for at a time.
    private final class EvenOnes: IdentityLookingUp {
        private let asked = Mutex<[Int]>([])
        private let refusesAt: Int

        init(refusesAt: Int = .max) { self.refusesAt = refusesAt }

        var sizes: [Int] { asked.withLock(\.self) }

        func probe(onSend: (@Sendable () -> Void)?) async -> LookupReply {
            await lookUp([], onSend: onSend)
        }

        func lookUp(_ ids: [IdentityID], onSend: (@Sendable () -> Void)?) async -> LookupReply {
            onSend?()
            let count = asked.withLock { asked in
                asked.append(ids.count)
                return asked.count
            }
            guard count < refusesAt else {
                let answer = FatalAnswer(.lookupRefused, "no more")
                return LookupReply(outcome: .fatal(answer), wasSent: true, wasAnswered: true)
            }
            let found = ids.filter { $0.number % 2 == 0 }.map { id in
                ListedIdentity(id: id, isActive: true, hasRecoveryAddress: true, columns: [])
            }
            return LookupReply(outcome: .found(found), wasSent: true, wasAnswered: true)
        }
    }

    private func lookups(_ api: EvenOnes) throws -> PlannedLookups {
        let options = StageOptions(pacing: PacingOptions(concurrency: .fixed(1)), attemptsMax: 3)
        return try PlannedLookups(api, options: options, time: ManualClock().time)
    }

    @Test func eachCallGetsItsOwn() async throws {
        let api = EvenOnes()
        let lookups = try lookups(api)
        let first = try await lookups.identities((1...1200).map(IdentityID.numbered))
        #expect(Set(first.map(\.id.number)) == Set((1...1200).filter { $0 % 2 == 0 }))
        #expect(try await lookups.identities([]).isEmpty)
        #expect(try await lookups.identities([.numbered(8), .numbered(9)]).map(\.id.number) == [8])
        await lookups.end()
        // One to see whether it can be asked like this.
        #expect(api.sizes == [0, 500, 500, 200, 2])
    }

    @Test func whatStopsItIsThrownThenAndLater() async throws {
        let lookups = try lookups(EvenOnes(refusesAt: 3))
        for _ in 0..<2 {
            let error = await #expect(throws: PlannedLookups.Stopped.self) {
                try await lookups.identities((1...900).map(IdentityID.numbered))
            }
            #expect(error?.reason.code == "lookup_refused")
        }
        await lookups.end()
    }
}
