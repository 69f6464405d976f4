// Last tries, until they are judged.

import Ledger
import Testing

@testable import Work

@Suite struct LastTriesTests {
    private func last(_ number: Int, wasSent: Bool = true) -> LastTry {
        LastTry(
            work: StageWork(claims: [.numbered(number)]),
            failure: .forTests,
            isAmbiguous: false,
            wasSent: wasSent,
            at: .seconds(number)
        )
    }

    @Test func thoseThatFailedBeforeAGoodRequestAreJudgedByIt() {
        var tries = LastTries()
        for number in 1...4 { tries.add(last(number)) }
        #expect(tries.take(failedBy: .seconds(2)).map(\.work.claim.sequence) == [1, 2])
        #expect(tries.count == 2 && !tries.hasUnsent)
        #expect(tries.takeAll().map(\.work.claim.sequence) == [3, 4])
        #expect(tries.isEmpty)
    }

    @Test func oneThatCouldNotBeSentIsNoticed() {
        var tries = LastTries()
        tries.add(last(1))
        tries.add(last(2, wasSent: false))
        #expect(tries.hasUnsent)
    }
}
