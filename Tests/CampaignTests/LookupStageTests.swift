// What look-ups make of what the server says about its limits, by the times at which they go out.

import Providers
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct LookupStageTests {
    /// The times of the requests when so many identities are asked for one by one, after a question of its
    /// own.
    private func sends(_ replies: [LookupReply], rates: [Rate] = [], batches: Int) -> [Duration] {
        let pacing = PacingOptions(rates: rates, concurrency: .fixed(1))
        var traits = LookupStage.traits
        traits.batchMax = 1
        var machine = StageMachine<[ListedIdentity]>(
            options: StageOptions(
                pacing: pacing,
                attemptsMax: 5,
                backoff: Backoff(base: .zero, ceiling: .zero),
                claimsPerRequest: 1
            ),
            traits: traits,
            admission: Admission(pacing),
            due: batches,
            refusalsSoFar: nil,
            random: SeededGenerator(seed: 1)
        )
        machine.idleWorkers = .max / 2
        var (replies, claimed, isProbed) = (replies, 0, false)
        var sends: [Duration] = []
        var elapsed: Duration = .zero
        var actions = machine.committerCame(at: elapsed)
        while actions.phase < .over, sends.count < 100 {
            if let commit = actions.commit {
                let claims = (claimed..<min(batches, claimed + commit.claiming)).map { number in
                    Claim(sequence: Int64(number), identityID: .numbered(number), wasInDoubt: false)
                }
                claimed += claims.count
                machine.isCommitterIdle = true
                actions = machine.committed(commit, claims, at: elapsed)
            } else if let job = actions.starts.first {
                sends.append(elapsed)
                let reply = replies.isEmpty ? .nobody() : replies.removeFirst()
                if reply.wasSent { machine.sent(job, at: elapsed) }
                let attempt = isProbed ? Attempt(reply) : Attempt(probing: reply)
                if case .found = reply.outcome { isProbed = true }
                actions = machine.finished(job, attempt, at: elapsed, now: ManualClock.start)
            } else {
                elapsed += .milliseconds(10)
                actions = machine.tick(at: elapsed)
            }
        }
        return sends
    }

    private static let tenASecond = Rate(count: 10, window: .seconds(1))

    @Test func whatTheServerAnnouncesIsKept() {
        let limits = LimitAnnouncement(windows: [Rate(count: 2, window: .seconds(1))])
        let sends = sends([.nobody(limits)], batches: 6)
        #expect(sends.count == 7)
        for (index, time) in sends.enumerated().dropFirst(2) {
            #expect(time - sends[index - 2] > .seconds(1), "\(sends)")
        }
        #expect(self.sends([.nobody(nil)], batches: 6).allSatisfy { $0 == .zero })
    }

    @Test func aFailedAnswerAnnouncesToo() {
        let limits = LimitAnnouncement(windows: [Rate(count: 1, window: .seconds(5))])
        let sends = sends([.failed(.serverError, limits: limits)], batches: 1)
        #expect(sends.count == 3)
        #expect(sends[0] == .zero && sends[1] > .seconds(5) && sends[2] - sends[1] > .seconds(5), "\(sends)")
    }

    @Test func nothingLeftIsWaitedFor() {
        let limits = LimitAnnouncement(limit: 90, remaining: 0, reset: .seconds(30))
        let sends = sends([.nobody(limits)], rates: [Self.tenASecond], batches: 2)
        #expect(sends.count == 3)
        #expect(sends.dropFirst().allSatisfy { $0 >= .seconds(30) }, "\(sends)")
    }

    @Test func aRefusalHoldsAndSlowsDown() {
        let sends = sends(
            [.failed(.rateLimited, holdFor: .seconds(4))],
            rates: [Self.tenASecond],
            batches: 2
        )
        #expect(sends.count == 4)
        #expect(sends[1] == .seconds(4), "\(sends)")
        // A quarter of the pace at first.
        #expect(sends[2] - sends[1] > .milliseconds(300), "\(sends)")
    }

    @Test func aRefusalThatNamesNoTimeLastsAsLongAsItsLimitSays() {
        let limits = LimitAnnouncement(remaining: 0, reset: .seconds(9))
        let replies: [LookupReply] = [.failed(.rateLimited, limits: limits)]
        #expect(sends(replies, rates: [Self.tenASecond], batches: 1)[1] == .seconds(9))
        // One second where nothing is said at all.
        #expect(sends([.failed(.rateLimited)], rates: [Self.tenASecond], batches: 1)[1] == .seconds(1))
    }

    @Test func anOutageHoldsAsLongAsItSaysAndSlowsNothing() {
        let sends = sends(
            [.failed(.serverError, holdFor: .seconds(4))],
            rates: [Self.tenASecond],
            batches: 2
        )
        #expect(sends.count == 4)
        #expect(sends[1] == .seconds(4), "\(sends)")
        #expect(sends[2] - sends[1] < .milliseconds(150), "\(sends)")
    }

    @Test func whatDidNotGoOutTakesNoPlace() {
        let unsent = LookupReply.failed(.connection, wasSent: false)
        let hourly = [Rate(count: 2, window: .seconds(3600))]
        // The two that go out fit into the first hour.
        let sends = sends([unsent, unsent], rates: hourly, batches: 1)
        #expect(sends.count == 4)
        #expect(sends.allSatisfy { $0 < .seconds(3600) }, "\(sends)")
    }
}

extension LookupReply {
    fileprivate static func nobody(_ limits: LimitAnnouncement? = nil) -> LookupReply {
        LookupReply(outcome: .found([]), wasSent: true, wasAnswered: true, limits: limits)
    }

    fileprivate static func failed(
        _ kind: FailureKind,
        holdFor hold: Duration? = nil,
        limits: LimitAnnouncement? = nil,
        wasSent: Bool = true
    ) -> LookupReply {
        let failure = Failure(kind: kind, httpStatus: nil, errorID: nil, reason: "words")
        return LookupReply(
            outcome: .transient(failure, holdFor: hold),
            wasSent: wasSent,
            wasAnswered: wasSent,
            limits: limits
        )
    }
}
