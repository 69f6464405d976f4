// Mails: each invitation once, whatever is killed when, whatever is handed over or issued meanwhile.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct DeliveryConformance {
    private static let now = LedgerFixture.now
    private static let reply = DeliveryReply(
        code: 250,
        enhanced: "2.0.0",
        text: "queued as 4bXq",
        queueID: "4bXq"
    )

    private func begin(_ ledger: any Ledger, isAlone: Bool = true, after time: Duration = .zero) throws
        -> DeliveryRunID
    {
        try ledger.beginDeliveries(
            DeliveryStart(
                startedAt: Self.now.advanced(by: time),
                process: "test",
                version: "1",
                relay: "smtp.example:465",
                isAlone: isAlone
            )
        ).run
    }

    private func claim(
        _ count: Int,
        _ run: DeliveryRunID,
        _ ledger: any Ledger,
        _ scope: DeliveryScope = DeliveryScope(),
        after last: Int64 = 0,
        at time: Duration = .zero
    ) throws -> DeliveryClaims {
        try ledger.recordDeliveries(
            [],
            run: run,
            mails: 0,
            claiming: count,
            scope,
            after: last,
            at: Self.now.advanced(by: time)
        )
    }

    private func record(
        _ outcome: DeliveryResult.Outcome,
        _ claims: [DeliveryClaim],
        _ run: DeliveryRunID,
        _ ledger: any Ledger,
        mayBeSent: Bool = false
    ) throws {
        try ledger.recordDeliveries(
            claims.map {
                DeliveryResult(
                    claim: $0.claim,
                    outcome: outcome,
                    mayBeSent: mayBeSent,
                    address: "a@b.example"
                )
            },
            run: run,
            mails: claims.count,
            at: Self.now
        )
    }

    private func rows(_ ledger: any Ledger) throws -> [DeliveryRow] {
        var rows: [DeliveryRow] = []
        try ledger.forEachDelivery { rows.append($0) }
        return rows
    }

    private func fill(_ ledger: any Ledger) throws -> BatchFilling {
        let batch = try ledger.beginBatch(BatchStart(at: Self.now, ending: "csv", options: "{}"))
        while true {
            let filling = try ledger.fillBatch(batch.number)
            if filling != .more { return filling }
        }
    }

    private func known(_ sequence: Int64, _ state: ActivationState) -> ActivationResult {
        let hasTime = state == .activated || state == .redeemed
        let activation = Activation(state, kind: hasTime ? "code" : nil, at: hasTime ? Self.now : nil)
        return ActivationResult(sequence: sequence, finding: .known(activation))
    }

    @Test(arguments: LedgerBackEnd.all)
    func everyInvitationIsMailedOnce(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        let ledger = campaign.ledger
        #expect(try ledger.deliveryCounts().isEmpty)
        let run = try begin(ledger)
        let first = try claim(2, run, ledger)
        #expect(first.claims.map(\.row.invitation.recoveryCode) == ["000001", "000002"])
        #expect(first.claims.map(\.row.columns) == [["user 1"], ["user 2"]])
        #expect(first.claims.map(\.claim.generation) == [1, 1] && first.hasMore && first.last == 2)
        #expect(first.claims.allSatisfy { !$0.claim.wasInDoubt && $0.timesPutOff == 0 })
        #expect(first.claims.map(\.firstAt) == [Self.now, Self.now])
        let rest = try claim(9, run, ledger, after: first.last)
        #expect(rest.claims.map(\.claim.identityID) == [id(3)] && !rest.hasMore)
        #expect(try ledger.deliveryCounts().claimed == 3)
        #expect(try ledger.notHandedOverCount() == 0)
        #expect(try ledger.funnel(now: Self.now).handedOver == 0)

        try record(.sent(Self.reply), first.claims, run, ledger)
        try campaign.reopen()
        let counts = try campaign.ledger.deliveryCounts()
        #expect((counts.sent, counts.claimed, counts.notHandedOver) == (2, 1, 0))
        let rows = try rows(campaign.ledger)
        #expect(rows.map(\.state) == [.sent, .sent, .claimed])
        #expect(rows[0].reply == Self.reply && rows[0].at == Self.now && rows[0].attempts == 1)
        #expect(rows.map(\.address) == ["a@b.example", "a@b.example", ""])
        #expect(try campaign.ledger.funnel(now: Self.now).handedOver == 2)
        #expect(try campaign.ledger.deliveryRequests(since: Self.now).map(\.requests) == [2])
        // Whoever is claimed or sent is not claimed again.
        #expect(try claim(9, run, campaign.ledger).claims.isEmpty)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aBatchTakesNobodyWhoIsMailed(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...5, run: try campaign.beginRun())
        let ledger = campaign.ledger
        let run = try begin(ledger)
        let claims = try claim(4, run, ledger).claims
        try record(.sent(Self.reply), [claims[0]], run, ledger)
        let due = Self.now.advanced(by: .seconds(300))
        try record(.later(DeliveryReply(code: 450, text: "grey"), due: due), [claims[1]], run, ledger)
        let bounce = DeliveryReply(code: 550, enhanced: "5.1.1", text: "no such user")
        try record(.failed(.refused, bounce), [claims[2]], run, ledger)
        #expect(try fill(ledger) == .prepared)
        var members: [IdentityID] = []
        try ledger.forEachMember(ofBatch: 1) { members.append($0.identityID) }
        #expect(members == [id(3), id(5)], "whose mail failed has got nothing; who is new has, too")
        // And whoever is in a batch is not mailed, whatever became of an earlier mail.
        let scope = DeliveryScope(retriesFailed: true)
        #expect(try claim(9, run, ledger, scope, at: .seconds(900)).claims.map(\.claim.sequence) == [2])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatALostRunHasClaimedIsInDoubt(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        let lost = try begin(campaign.ledger)
        let claims = try claim(2, lost, campaign.ledger).claims
        try campaign.reopen()
        let ledger = campaign.ledger
        // Beside it, it is none while its lease is on.
        let beside = try ledger.beginDeliveries(
            DeliveryStart(startedAt: Self.now, process: "p", version: "1", relay: "r", isAlone: false)
        )
        #expect(beside.inDoubt == 0)
        let next = try ledger.beginDeliveries(
            DeliveryStart(startedAt: Self.now, process: "p", version: "1", relay: "r")
        )
        #expect(next.inDoubt == 2 && next.key == beside.key && next.key.revealed.count == 32)
        #expect(try ledger.deliveryCounts().inDoubt == 2)
        #expect(try ledger.notHandedOverCount() == 1)
        #expect(try ledger.deliveryRequests(since: Self.now).map(\.requests) == [2])

        let leaving = try claim(9, next.run, ledger, DeliveryScope(resendsInDoubt: false))
        #expect(leaving.claims.map(\.claim.identityID) == [id(3)])
        let again = try claim(9, next.run, ledger)
        #expect(again.claims.map(\.claim.identityID) == [id(1), id(2)])
        #expect(again.claims.allSatisfy { $0.claim.wasInDoubt })
        #expect(again.claims.map(\.row.invitation.recoveryCode) == ["000001", "000002"], "the same codes")

        // The lost run can claim and record nothing more, but for what is known of it.
        let error = #expect(throws: LedgerError.self) { try record(.sent(Self.reply), claims, lost, ledger) }
        #expect(error?.code == .fenced)
        #expect(throws: LedgerError.self) { try ledger.renewDeliveries(lost, at: Self.now) }
        try ledger.releaseDeliveries([again.claims[0].claim], run: next.run)
        try ledger.takeLateDeliveries(
            claims.map { DeliveryResult(claim: $0.claim, outcome: .sent(Self.reply)) },
            run: lost,
            at: Self.now
        )
        #expect(try rows(ledger).map(\.state) == [.sent, .claimed, .claimed])
        try record(.sent(Self.reply), [again.claims[1]], next.run, ledger)
        let counts = try ledger.deliveryCounts()
        #expect((counts.sent, counts.sentAgain, counts.inDoubt) == (2, 1, 0))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatWasNotSentIsAsBefore(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...4, run: try campaign.beginRun())
        let ledger = campaign.ledger
        let run = try begin(ledger)
        let claims = try claim(4, run, ledger).claims
        let grey = DeliveryReply(code: 450, text: "grey")
        try record(.later(grey, due: Self.now), [claims[1]], run, ledger)
        let later = try claim(1, run, ledger).claims
        #expect(later.map(\.claim.sequence) == [2] && later.first?.timesPutOff == 1)
        try record(.dueAgain, [claims[2]], run, ledger, mayBeSent: true)
        try ledger.releaseDeliveries([claims[0].claim, later[0].claim], run: run)
        try record(.dueAgain, [claims[3]], run, ledger)
        #expect(try rows(ledger).map(\.state) == [.later, .inDoubt])
        #expect(try ledger.notHandedOverCount() == 2)
        let again = try claim(9, run, ledger).claims
        #expect(again.map(\.claim.sequence) == [3, 2, 1, 4], "in doubt, put off, new")
        #expect(again.map(\.claim.wasInDoubt) == [true, false, false, false])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsPutOffIsDueLater(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...2, run: try campaign.beginRun())
        let ledger = campaign.ledger
        let run = try begin(ledger)
        let claims = try claim(9, run, ledger).claims
        let grey = DeliveryReply(code: 450, enhanced: "4.7.1", text: "try later")
        try record(.later(grey, due: Self.now.advanced(by: .seconds(300))), [claims[0]], run, ledger)
        let doubt = DeliveryReply(text: "the connection was lost after the message")
        try record(
            .inDoubt(doubt, due: Self.now.advanced(by: .seconds(60))),
            [claims[1]],
            run,
            ledger,
            mayBeSent: true
        )
        let scope = DeliveryScope()
        #expect(try ledger.nextDeliveryDue(scope) == Self.now.advanced(by: .seconds(60)))
        let leaving = DeliveryScope(resendsInDoubt: false)
        #expect(try ledger.nextDeliveryDue(leaving) == Self.now.advanced(by: .seconds(300)))
        #expect(try claim(9, run, ledger, at: .seconds(59)).claims.isEmpty)
        #expect(try claim(9, run, ledger, at: .seconds(300)).claims.map(\.claim.sequence) == [2, 1])
        #expect(try ledger.nextDeliveryDue(scope) == nil)
        let counts = try ledger.deliveryCounts()
        #expect(counts.claimed == 2)
    }

    @Test(arguments: LedgerBackEnd.all)
    func nobodyIsMailedInVain(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...8, run: try campaign.beginRun())
        let ledger = campaign.ledger
        try ledger.recordActivations(
            [known(1, .activated), known(2, .gone), known(3, .inactive), known(4, .redeemed)],
            at: Self.now
        )
        let run = try begin(ledger)
        // A sample is valid for an hour.
        let scope = DeliveryScope(remainingMin: .seconds(1800))
        #expect(try ledger.deliverableCount(scope, at: Self.now).new == 5)
        let late = try claim(9, run, ledger, scope, at: .seconds(2000))
        #expect(late.claims.isEmpty && !late.hasMore)
        #expect(late.leftOut == [.activated: 1, .gone: 1, .inactive: 1, .tooLittleTime: 5])
        let found = try claim(9, run, ledger, scope)
        #expect(found.claims.map(\.claim.sequence) == [4, 5, 6, 7, 8])
        #expect(found.leftOut == [.activated: 1, .gone: 1, .inactive: 1])

        // What is put off or in doubt comes to nothing where it is not wanted, or has no code, any more.
        let claims = found.claims
        let grey = DeliveryReply(code: 450, text: "grey")
        try record(.later(grey, due: Self.now), Array(claims[0...2]), run, ledger)
        try record(.inDoubt(grey, due: Self.now), Array(claims[3...]), run, ledger, mayBeSent: true)
        try ledger.recordActivations([known(4, .activated), known(7, .redeemed)], at: Self.now)
        #expect(try claim(9, run, ledger, scope).claims.map(\.claim.sequence) == [8, 5, 6])
        try ledger.releaseDeliveries(claims.map(\.claim), run: run)
        _ = try ledger.purge(expiredBy: nil, at: Self.now)
        let purged = try claim(9, run, ledger, scope)
        #expect(purged.claims.isEmpty)
        #expect(try rows(ledger).map(\.state) == [.failed, .failed, .failed, .inDoubt, .inDoubt])
        #expect(try rows(ledger).map(\.reason) == [.notWanted, .noCode, .noCode, nil, nil])
        #expect(try ledger.nextDeliveryDue(scope) == nil)
        #expect(try ledger.deliverableCount(scope, at: Self.now).again == 0)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aReissuedInvitationIsMailedAnew(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let issuing = try campaign.beginRun()
        try campaign.issue(1...3, run: issuing)
        let ledger = campaign.ledger
        let run = try begin(ledger)
        let claims = try claim(9, run, ledger).claims
        try record(.sent(Self.reply), [claims[0]], run, ledger)
        let grey = DeliveryReply(code: 450, text: "grey")
        try record(.later(grey, due: Self.now), [claims[1]], run, ledger)
        try record(.inDoubt(grey, due: Self.now), [claims[2]], run, ledger, mayBeSent: true)
        #expect(try ledger.reissue([id(1), id(2), id(3)]) == 3)
        for number in 1...3 {
            try campaign.record(.issued(.sample(10 + number)), try campaign.claim(1, issuing), issuing)
        }
        let next = try begin(ledger)
        #expect(try ledger.nextDeliveryDue(DeliveryScope()) == nil)
        let again = try claim(9, next, ledger).claims
        #expect(again.map(\.row.invitation.recoveryCode) == ["000011", "000012", "000013"])
        #expect(again.map(\.claim.generation) == [2, 2, 2])
        #expect(again.allSatisfy { !$0.claim.wasInDoubt })
        try record(.sent(Self.reply), again, next, ledger)
        #expect(try rows(ledger).map(\.generation) == [2, 2, 2])
        let counts = try ledger.deliveryCounts()
        #expect((counts.sent, counts.later, counts.inDoubt, counts.failed) == (4, 0, 0, 0))
    }

    @Test(arguments: LedgerBackEnd.all)
    func failuresAreCountedByReply(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...7, run: try campaign.beginRun())
        let ledger = campaign.ledger
        let run = try begin(ledger)
        let claims = try claim(9, run, ledger).claims
        let bounce = DeliveryReply(code: 550, enhanced: "5.1.1", text: "no such user")
        #expect(try ledger.deliveryRefusalsOnly() == [])
        try record(.failed(.refused, bounce), Array(claims[0...1]), run, ledger)
        #expect(try ledger.deliveryRefusalsOnly()?.map(\.httpStatus) == [550, 550])
        try record(.leftOut(.noAddress, "no address"), [claims[2]], run, ledger)
        try record(.failed(.unsendable, DeliveryReply(text: "needs SMTPUTF8")), [claims[3]], run, ledger)
        #expect(try ledger.deliveryRefusalsOnly() == nil)
        let grey = DeliveryReply(code: 450, text: "grey")
        try record(.later(grey, due: Self.now.advanced(by: .seconds(9))), [claims[4]], run, ledger)
        let counts = try ledger.deliveryCounts()
        #expect((counts.failed, counts.later, counts.leftOut, counts.claimed) == (3, 1, 1, 2))
        #expect(counts.failures == ["550 5.1.1": 2, "unsendable": 1, "450": 1])
        #expect(counts.reasons == ["no_address": 1])
        #expect(counts.nextDue == Self.now.advanced(by: .seconds(9)))
        #expect(counts.notHandedOver == 4)

        // Nobody to write to is looked for again, what failed only when that is wanted.
        #expect(try claim(9, run, ledger).claims.map(\.claim.sequence) == [3])
        #expect(try ledger.deliverableCount(DeliveryScope(retriesFailed: true), at: Self.now).new == 3)
        try ledger.requeueRefusedDeliveries()
        #expect(try claim(9, run, ledger).claims.map(\.claim.sequence) == [1, 2])
        let failed = DeliveryScope(retriesFailed: true)
        #expect(try claim(9, run, ledger, failed).claims.map(\.claim.sequence) == [4])
    }

    @Test(arguments: LedgerBackEnd.all)
    func longRepliesAreShortened(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...1, run: try campaign.beginRun())
        let run = try begin(campaign.ledger)
        let claims = try claim(1, run, campaign.ledger).claims
        let long = DeliveryReply(code: 550, text: String(repeating: "ö", count: 2000))
        let mark = try campaign.ledger.deliveriesMark()
        try record(.failed(.refused, long), claims, run, campaign.ledger)
        let text = try #require(try rows(campaign.ledger).first?.reply.text)
        #expect(text.utf8.count <= DeliveryReply.textBytesMax && text.hasSuffix("ö…"))
        #expect(try campaign.ledger.deliveriesMark() != mark)
    }
}
