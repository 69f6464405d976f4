// What waits for its next request, by itself.

import Ledger
import Testing

@testable import Work

@Suite struct WorkPoolTests {
    private func numbers(_ work: StageWork) -> [Int] { work.claims.map { Int($0.sequence) } }

    @Test func claimsBecomeBatches() {
        var pool = WorkPool()
        pool.add((1...7).map { .numbered($0) }, batchSize: 3)
        #expect(pool.ready.map(numbers) == [[1, 2, 3], [4, 5, 6], [7]])
        pool.add([.numbered(8), .numbered(9)], batchSize: 1)
        #expect(pool.ready.map(numbers).suffix(2) == [[8], [9]])
        #expect(pool.hasReady && !pool.isEmpty)
    }

    @Test func aBatchThatIsTooLongIsDivided() {
        var pool = WorkPool()
        var work = StageWork(claims: (1...5).map { .numbered($0) })
        work.tries = 2
        pool.putBack(work)
        let first = pool.takeReady(batchSize: 2)
        #expect(numbers(first) == [1, 2] && first.tries == 2)
        #expect(numbers(pool.takeReady(batchSize: 2)) == [3, 4])
        #expect(numbers(pool.takeReady(batchSize: 2)) == [5])
        #expect(pool.isEmpty)
        pool.retryNow(work)
        #expect(numbers(pool.takeRetry(batchSize: 1)) == [1])
        #expect(pool.retryReady.map(numbers) == [[2, 3, 4, 5]])
    }

    @Test func everyWayInHasItsPlace() {
        var pool = WorkPool()
        let works = (0...6).map { StageWork(claims: [.numbered($0)]) }
        pool.requeue(works[1])
        pool.requeue(works[2])
        pool.putBack(works[0])
        pool.retryNow(works[4])
        pool.retryNow(works[5])
        pool.resend(works[3])
        pool.retry(works[6], at: .seconds(1))
        #expect(pool.ready.flatMap(numbers) == [0, 1, 2])
        #expect(pool.retryReady.flatMap(numbers) == [3, 4, 5])
        #expect(pool.works.flatMap(numbers) == Array(0...6))
    }

    @Test func aRetryIsReadyWhenItsTimeHasCome() {
        var pool = WorkPool()
        for (number, second) in [(1, 3), (2, 1), (3, 2)] {
            pool.retry(StageWork(claims: [.numbered(number)]), at: .seconds(second))
        }
        pool.pass(to: .milliseconds(999))
        #expect(!pool.hasReady && !pool.isEmpty)
        pool.pass(to: .seconds(2))
        #expect(pool.retryReady.flatMap(numbers) == [2, 3])
        #expect(pool.retries.map(\.due) == [.seconds(3)])
    }

    @Test func triesAreRefundedWhereverTheWorkWaits() {
        var pool = WorkPool()
        for number in 1...4 {
            var work = StageWork(claims: [.numbered(number)])
            work.tries = 2
            if number <= 2 { pool.retry(work, at: .seconds(1)) } else { pool.retryNow(work) }
        }
        pool.refund { $0.claim.sequence % 2 == 0 }
        #expect(pool.retries.map(\.work.tries) == [2, 1])
        #expect(pool.retryReady.map(\.tries) == [2, 1])
    }

    @Test func claimsThatHaveEndedAreTakenOutWhereverTheyWait() {
        var pool = WorkPool()
        pool.add((1...4).map { .numbered($0) }, batchSize: 2)
        pool.retryNow(StageWork(claims: [.numbered(5)]))
        pool.retry(StageWork(claims: [.numbered(6)]), at: .seconds(1))
        pool.retry(StageWork(claims: [.numbered(7)]), at: .seconds(2))
        #expect(pool.remove([1, 5, 6, 99]) == 3)
        #expect(pool.ready.map(numbers) == [[2], [3, 4]])
        #expect(pool.retryReady.isEmpty)
        #expect(pool.retries.map(\.due) == [.seconds(2)])
        #expect(pool.remove([2, 3, 4, 7]) == 4 && pool.isEmpty)
    }
}
