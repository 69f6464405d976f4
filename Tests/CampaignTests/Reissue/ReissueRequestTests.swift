import Ledger
import Model
import TestSupport
import Testing

@testable import Campaign

/// What becomes of one identity, by what is known of it.
@Suite struct ReissueRequestTests {
    private static let now = LedgerFixture.now

    private func decision(
        _ state: ActivationState?,
        learnt secondsAgo: Int = 0,
        generation: Int = 1,
        asks: Bool = true
    ) -> ReissueDecision {
        let learntAt = Self.now.advanced(by: .seconds(-secondsAgo))
        let candidate = ReissueCandidate(
            sequence: 1,
            identityID: id(1),
            generation: generation,
            activation: state.map { ActivationRecord(Activation($0), learntAt: learntAt) }
        )
        let asked = asks ? Self.now.advanced(by: .seconds(-60)) : nil
        return ReissueDecision(candidate, timesMax: 3, asked: asked)
    }

    @Test func onlyWhoIsKnownNotToHaveActivatedGetsAnother() {
        #expect(decision(.unused) == .reissue)
        #expect(decision(.redeemed) == .reissue)
        for state in [ActivationState.activated, .gone, .inactive, .unknown] {
            #expect(decision(state) == .leave(state))
        }
        #expect(decision(nil) == .unasked)
        #expect(decision(.unused, learnt: 60) == .reissue)
        #expect(decision(.unused, learnt: 61) == .unasked)
    }

    @Test func withoutAskingEverybodyElseDoes() {
        for state in ActivationState.allCases where state != .activated {
            #expect(decision(state, learnt: 9999, asks: false) == .reissue)
        }
        #expect(decision(nil, asks: false) == .reissue)
        #expect(decision(.activated, asks: false) == .leave(.activated))
    }

    @Test func afterTheMostThatIsAllowedNobodyDoes() {
        #expect(decision(.unused, generation: 3) == .reissue)
        #expect(decision(.unused, generation: 4) == .giveUp)
        #expect(decision(nil, generation: 4, asks: false) == .giveUp)
        #expect(decision(.activated, generation: 4) == .leave(.activated))
        #expect(decision(nil, generation: 4) == .unasked)
    }

    @Test func aListOrEverybodyLeavesOutWhatThisReissueHasIssued() {
        let begun = Self.now.advanced(by: .seconds(-3600))
        let options = SyncOptions()
        let all = ReissueRequest(.everybody, sync: options).scope(begun: begun, roster: nil, now: Self.now)
        #expect(all == ReissueScope(.everybody, issuedBefore: begun, now: Self.now))
        let soon = ReissueRequest(.expiring(within: .seconds(60)), sync: options)
            .scope(begun: begun, roster: RosterID(number: 2), now: Self.now)
        #expect(
            soon
                == ReissueScope(
                    .expiring(by: Self.now.advanced(by: .seconds(60))),
                    roster: RosterID(number: 2),
                    now: Self.now
                )
        )
    }
}
