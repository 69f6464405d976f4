// When a failure speaks against the server.

import Ledger
import Testing
import Model

@testable import Work

@Suite struct OutageDetectorTests {
    @Test func theSameIdentityFailingAgainIsNoOutage() {
        var detector = OutageDetector()
        var failures = OutageDetector.Failures()
        let failure = Failure(kind: .serverError, httpStatus: 500, errorID: nil, reason: "x")
        #expect(detector.note(&failures, failure, .answered, hasOthers: false))
        #expect(!detector.note(&failures, failure, .answered, hasOthers: false))
        #expect(detector.note(&failures, failure, .answered, hasOthers: true), "others would follow")
        for _ in 0..<3 { detector.noteGood() }
        #expect(
            !detector.note(&failures, failure, .answered, hasOthers: true),
            "the server worked for others"
        )
        #expect(detector.note(&failures, failure, .notSent, hasOthers: false), "that is nobody's own")
    }

    @Test func aGatewaysAnswerCountsAgainWhereOthersGetNoneEither() {
        var detector = OutageDetector()
        var failures = OutageDetector.Failures()
        let gateway = Failure(kind: .serverError, httpStatus: 502, errorID: nil, reason: "x")
        for _ in 0..<3 {
            #expect(detector.note(&failures, gateway, .answered, hasOthers: false))
        }
        for _ in 0..<3 { detector.noteGood() }
        #expect(!detector.note(&failures, gateway, .answered, hasOthers: false))
    }

    @Test func theFailuresThatShowAnOutageAreThoseOfTheLastWindow() {
        var detector = OutageDetector()
        let failure = Failure(kind: .timeout, httpStatus: nil, errorID: nil, reason: "x")
        var works = (1...30).map { number in
            StageWork(
                claims: [
                    Claim(
                        sequence: Int64(number),
                        identityID: IdentityID(high: 0, low: UInt64(number)),
                        wasInDoubt: false
                    )
                ]
            )
        }
        for index in works.indices {
            #expect(detector.note(&works[index].failures, failure, .unanswered, hasOthers: true))
        }
        #expect(works.filter(detector.isOnset).map(\.claim.sequence) == Array(11...30))
        // What was given back once is not given back again.
        works[29].tries = 1
        works[29].refundAttempt()
        #expect(works[29].tries == 0 && !detector.isOnset(works[29]))
    }
}
