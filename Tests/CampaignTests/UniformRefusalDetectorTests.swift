// When refusals stop being about identities.

import Providers
import Ledger
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

/// A streak that can be asked inside an expectation.
private final class Streak {
    private var streak: UniformRefusalDetector

    init(refusalsSoFar refusals: [FailureRecord]?) {
        streak = UniformRefusalDetector(refusalsSoFar: refusals)
    }

    func noteOther() { streak.noteOther() }

    func note(status: Int?, id: String?, reason: String) -> Bool {
        streak.note(status: status, id: id, reason: reason)
    }
}

@Suite struct UniformRefusalDetectorTests {
    private func record(_ reason: String = "no", status: Int = 409) -> FailureRecord {
        FailureRecord(
            Failure(kind: FailureKind.rejectedByServer, httpStatus: status, errorID: nil, reason: reason),
            isPermanent: true,
            requestID: "",
            at: ManualClock.start
        )
    }

    @Test func theTwentiethMakesItCertain() {
        let streak = Streak(refusalsSoFar: [])
        for _ in 1...19 { #expect(!streak.note(status: 409, id: nil, reason: "no")) }
        #expect(streak.note(status: 409, id: nil, reason: "no"))
        #expect(streak.note(status: 409, id: nil, reason: "no"), "and so do those still in flight")
    }

    @Test func anyOtherAnswerEndsIt() {
        let streak = Streak(refusalsSoFar: [])
        for _ in 1...19 { _ = streak.note(status: 409, id: nil, reason: "no") }
        streak.noteOther()
        for _ in 1...40 { #expect(!streak.note(status: 409, id: nil, reason: "no")) }
    }

    @Test(
        arguments: [
            (410, nil, "no"), (409, "id", "no"), (409, nil, "not"), (nil, nil, "no"),
        ] as [(Int?, String?, String)]
    )
    func anotherRefusalEndsIt(_ status: Int?, _ id: String?, _ reason: String) {
        let streak = Streak(refusalsSoFar: [])
        for _ in 1...19 { _ = streak.note(status: 409, id: nil, reason: "no") }
        #expect(!streak.note(status: status, id: id, reason: reason))
        for _ in 1...40 { #expect(!streak.note(status: 409, id: nil, reason: "no")) }
    }

    @Test func reasonsThatDifferOnlyByTheirIDsAreTheSame() {
        let streak = Streak(refusalsSoFar: [])
        var verdicts: [Bool] = []
        for number in 1...20 {
            let id = IdentityID.numbered(number * 7919)
            let text = number % 2 == 0 ? id.text : id.text.uppercased()
            verdicts.append(streak.note(status: 409, id: nil, reason: "identity \(text) is locked"))
        }
        #expect(verdicts == Array(repeating: false, count: 19) + [true])
    }

    @Test func itGoesOnAcrossRuns() {
        let streak = Streak(refusalsSoFar: (1...12).map { _ in record() })
        for _ in 13...19 { #expect(!streak.note(status: 409, id: nil, reason: "no")) }
        #expect(streak.note(status: 409, id: nil, reason: "no"))
    }

    @Test func aCampaignWithOtherAnswersHasNone() {
        let streak = Streak(refusalsSoFar: nil)
        for _ in 1...40 { #expect(!streak.note(status: 409, id: nil, reason: "no")) }
        let mixed = Streak(refusalsSoFar: [record(), record("other")])
        for _ in 1...40 { #expect(!mixed.note(status: 409, id: nil, reason: "no")) }
    }

    /// As the stage machine sees it: an answer that has nothing to say about the identity ends it too.
    @Test func inARunTwentyRefusalsStopItAndNoFewer() throws {
        for other in [IssueReply?.none, .issued(), .serverError, .unknownIdentity] {
            let driver = StateDriver(.forTests(concurrency: 10), due: 100, refusalsSoFar: [])
            driver.commit()
            for _ in 1...19 { driver.finish(try #require(driver.job()), .refused()) }
            #expect(driver.state.stop == nil)
            if let other { driver.finish(try #require(driver.job()), other) }
            driver.finish(try #require(driver.job()), .refused())
            #expect(driver.state.stop?.code == (other == nil ? "same_refusal" : nil))
        }
    }

    @Test func anAnswerThatNeverCameIsNone() throws {
        let driver = StateDriver(.forTests(concurrency: 10), due: 100, refusalsSoFar: [])
        driver.commit()
        for _ in 1...19 { driver.finish(try #require(driver.job()), .refused()) }
        driver.finish(try #require(driver.job()), .lost)
        driver.finish(try #require(driver.job()), .refused())
        #expect(driver.state.stop?.code == "same_refusal")
    }
}
