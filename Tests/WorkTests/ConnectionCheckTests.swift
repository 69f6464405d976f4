// What a server that never worked is told from.

import Ledger
import Testing
import Model

@testable import Work

@Suite struct ConnectionCheckTests {
    @Test func fourTriesThatReachNothingAreEnough() throws {
        var check = ConnectionCheck()
        for _ in 1...3 {
            let early = check.failedToReach(.forTests(.connection), .forTests())
            #expect(early == nil)
        }
        let last = check.failedToReach(.forTests(.connection), .forTests())
        let answer = try #require(last)
        #expect(answer.code == .unreachable && answer.description == "words, after 4 tries")
        #expect(check.failuresToReach == 4 && !check.isReached)
    }

    @Test(arguments: [FailureKind.unreadableAnswer, .gatewayError])
    func twentyIdentitiesThatGetNothingUsefulAreEnough(_ kind: FailureKind) throws {
        var check = ConnectionCheck()
        for number in 1...40 {
            // Each identity counts once.
            let answer = check.failed(.forTests(kind, status: 502), .answered, isFirst: number % 2 == 0)
            #expect((answer != nil) == (number == 40), "\(number)")
            if let answer {
                #expect(answer.code == (kind == .gatewayError ? .gatewayRefused : .unreachable))
                #expect(answer.description.contains("20 identities"))
            }
        }
    }

    @Test func aTimeoutSaysNothingForTheServer() {
        var check = ConnectionCheck()
        let answers = (1...20).compactMap { _ in
            check.failed(.forTests(.timeout), .unanswered, isFirst: true)
        }
        #expect(answers.map(\.code) == [.unreachable])
    }

    @Test func oneUsefulAnswerIsEnoughForGood() {
        var check = ConnectionCheck()
        // A 500 is what a Kratos answers, too.
        let first = check.failed(.forTests(.serverError), .answered, isFirst: true)
        #expect(first == nil && check.hasUsefulAnswer)
        let others = (1...100).compactMap { _ in
            check.failed(.forTests(.unreadableAnswer), .answered, isFirst: true)
        }
        #expect(others.isEmpty)
    }

    @Test func aStageHasItsOwnWords() throws {
        var check = ConnectionCheck()
        let answers = (1...20).compactMap { _ in
            check.failed(.forTests(.gatewayError, status: 502), .answered, isFirst: true) {
                "\($1) mails: \($0)"
            }
        }
        #expect(answers.map(\.code) == [.unreachable])
        #expect(answers.first?.description.hasPrefix("20 mails: ") == true)
    }
}
