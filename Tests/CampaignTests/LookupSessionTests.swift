// What look-ups make of what the server says about its limits, by the times at which they go out.

import Campaign
import IdentityAPI
import Pacing
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite struct LookupSessionTests {
    /// Answers one request after the other, and notes when each went out.
    private final class ScriptedLookup: IdentityLookingUp {
        private struct State {
            var replies: [LookupReply]
            var sends: [Duration] = []
        }

        private let clock: ManualClock
        private let state: Mutex<State>

        init(_ replies: [LookupReply], _ clock: ManualClock) {
            self.clock = clock
            state = Mutex(State(replies: replies))
        }

        var sends: [Duration] { state.withLock { $0.sends } }

        func probe(onSend: (@Sendable () -> Void)?) async -> LookupReply {
            let reply = state.withLock { state in
                state.sends.append(clock.elapsed)
                return state.replies.isEmpty ? .nobody() : state.replies.removeFirst()
            }
            if reply.wasSent { onSend?() }
            return reply
        }

        func lookUp(_ ids: [IdentityID], onSend: (@Sendable () -> Void)?) async -> LookupReply {
            await probe(onSend: onSend)
        }
    }

    /// The times of the requests when so many batches are asked for, after the first, which is a question of its own.
    private func sends(_ replies: [LookupReply], rates: [Rate] = [], batches: Int) async -> [Duration] {
        let clock = ManualClock()
        let api = ScriptedLookup(replies, clock)
        await clock.passing(whenAsleep: 1) {
            var session = LookupSession(
                api,
                rates: rates,
                attemptsMax: 5,
                backoff: Backoff(base: .zero, ceiling: .zero),
                time: clock.time,
                control: RunControl(time: clock.time)
            )
            for _ in 0..<batches { _ = try? await session.identities([.random()]) }
        }
        return api.sends
    }

    private static let tenASecond = Rate(count: 10, window: .seconds(1))

    @Test func whatTheServerAnnouncesIsKept() async {
        let limits = LimitAnnouncement(windows: [Rate(count: 2, window: .seconds(1))])
        let sends = await sends([.nobody(limits)], batches: 6)
        #expect(sends.count == 7)
        for (index, time) in sends.enumerated().dropFirst(2) {
            #expect(time - sends[index - 2] > .seconds(1), "\(sends)")
        }
        #expect(await self.sends([.nobody(nil)], batches: 6).allSatisfy { $0 == .zero })
    }

    @Test func aFailedAnswerAnnouncesToo() async {
        let limits = LimitAnnouncement(windows: [Rate(count: 1, window: .seconds(5))])
        let sends = await sends([.failed(.serverError, limits: limits)], batches: 1)
        #expect(sends.count == 3)
        #expect(sends[0] == .zero && sends[1] > .seconds(5) && sends[2] - sends[1] > .seconds(5), "\(sends)")
    }

    @Test func nothingLeftIsWaitedFor() async {
        let limits = LimitAnnouncement(limit: 90, remaining: 0, reset: .seconds(30))
        let sends = await sends([.nobody(limits)], rates: [Self.tenASecond], batches: 2)
        #expect(sends.count == 3)
        #expect(sends.dropFirst().allSatisfy { $0 >= .seconds(30) }, "\(sends)")
    }

    @Test func aRefusalHoldsAndSlowsDown() async {
        let sends = await sends(
            [.failed(.rateLimited, holdFor: .seconds(4))],
            rates: [Self.tenASecond],
            batches: 2
        )
        #expect(sends.count == 4)
        #expect(sends[1] == .seconds(4), "\(sends)")
        // A quarter of the pace at first.
        #expect(sends[2] - sends[1] > .milliseconds(300), "\(sends)")
    }

    @Test func aRefusalThatNamesNoTimeLastsAsLongAsItsLimitSays() async {
        let limits = LimitAnnouncement(remaining: 0, reset: .seconds(9))
        let replies: [LookupReply] = [.failed(.rateLimited, limits: limits)]
        #expect(await sends(replies, rates: [Self.tenASecond], batches: 1)[1] == .seconds(9))
        // One second where nothing is said at all.
        #expect(await sends([.failed(.rateLimited)], rates: [Self.tenASecond], batches: 1)[1] == .seconds(1))
    }

    @Test func anOutageHoldsAsLongAsItSaysAndSlowsNothing() async {
        let sends = await sends(
            [.failed(.serverError, holdFor: .seconds(4))],
            rates: [Self.tenASecond],
            batches: 2
        )
        #expect(sends.count == 4)
        #expect(sends[1] == .seconds(4), "\(sends)")
        #expect(sends[2] - sends[1] < .milliseconds(150), "\(sends)")
    }

    @Test func whatDidNotGoOutTakesNoPlace() async {
        let unsent = LookupReply.failed(.connection, wasSent: false)
        let hourly = [Rate(count: 2, window: .seconds(3600))]
        // The two that go out fit into the first hour.
        let sends = await sends([unsent, unsent], rates: hourly, batches: 1)
        #expect(sends.count == 4)
        #expect(sends.allSatisfy { $0 < .seconds(3600) }, "\(sends)")
    }
}

extension LookupReply {
    fileprivate static func nobody(_ limits: LimitAnnouncement? = nil) -> LookupReply {
        LookupReply(outcome: .found([]), wasSent: true, limits: limits)
    }

    fileprivate static func failed(
        _ kind: FailureKind,
        holdFor hold: Duration? = nil,
        limits: LimitAnnouncement? = nil,
        wasSent: Bool = true
    ) -> LookupReply {
        let failure = Failure(kind: kind, httpStatus: nil, errorID: nil, reason: "words")
        return LookupReply(outcome: .transient(failure, holdFor: hold), wasSent: wasSent, limits: limits)
    }
}
