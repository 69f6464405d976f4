// Requests that a server leaves unread.

import Providers
import Ledger
import Pacing
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct StageMachineUnreadTests {
    private static let unprocessed = IssueReply(
        outcome: .again(Failure(kind: .connection, httpStatus: nil, errorID: nil, reason: "left unread")),
        requestID: "r",
        wasSent: true,
        wasAnswered: false
    )

    private func driver() -> StateDriver {
        let driver = StateDriver(due: 3)
        driver.commit()
        return driver
    }

    @Test func theyGoAgainAtOnceAndUseUpNoTry() throws {
        let driver = driver()
        driver.finish(try #require(driver.job()), .issued())
        let job = try #require(driver.job())
        driver.finish(job, Self.unprocessed)
        let again = try #require(driver.job())
        #expect(again.claim.sequence == job.claim.sequence)
        #expect(again.work.tries == 0)
        driver.finish(again, .issued())
        #expect(driver.state.progress.ambiguousAttempts == 0)
        #expect(driver.state.progress.issued == 2)
        #expect(!driver.state.admission.isOutage)
    }

    /// A server that does nothing else is out of order, and gets no requests without end.
    @Test func oneTooManyIsAFailure() throws {
        let driver = driver()
        driver.finish(try #require(driver.job()), .issued())
        let sequence = try #require(driver.state.pool.ready.first).claim.sequence
        for number in 0...StageWork.resendsMax {
            let job = try #require(driver.job())
            #expect(job.claim.sequence == sequence)
            #expect(job.work.tries == 0, "\(number)")
            driver.finish(job, Self.unprocessed)
        }
        #expect(driver.state.pool.retries.map(\.work.claim.sequence) == [sequence])
        #expect(driver.state.pool.retries.first?.work.tries == 1)
        #expect(driver.state.progress.ambiguousAttempts == 0)
    }
}
