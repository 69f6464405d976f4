// Batches: who is in which, whatever is killed when, and whatever is issued meanwhile.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct HandOverConformance {
    private static let now = LedgerFixture.now

    private func start(
        after time: Duration = .zero,
        remaining: Duration = .zero,
        reminder: ReminderRule? = nil
    ) -> BatchStart {
        BatchStart(
            at: Self.now.advanced(by: time),
            remainingMin: remaining,
            reminder: reminder,
            ending: "csv",
            options: #"{"formulas":"keep"}"#
        )
    }

    /// Fills a batch to its end.
    private func fill(_ number: Int, _ ledger: any Ledger) throws -> BatchFilling {
        while true {
            let filling = try ledger.fillBatch(number)
            if filling != .more { return filling }
        }
    }

    /// A batch from its beginning to its end; nil where nobody belongs into it.
    @discardableResult
    private func handOver(_ start: BatchStart, _ ledger: any Ledger) throws -> BatchRecord? {
        let batch = try ledger.beginBatch(start)
        guard case .prepared = try fill(batch.number, ledger) else { return nil }
        try finish(batch.number, ledger, at: start.at)
        return try ledger.batches().last
    }

    private func finish(_ number: Int, _ ledger: any Ledger, at time: Timestamp = now) throws {
        let sum = [UInt8](repeating: 7, count: 32)
        try ledger.noteBatchFile(number, sha256: sum)
        let files = BatchFiles(size: 10, modifiedNanoseconds: 20, manifestSHA256: sum)
        try ledger.finishBatch(number, sha256: sum, files: files, at: time)
    }

    private func members(_ number: Int, _ ledger: any Ledger) throws -> [InvitationRow] {
        var rows: [InvitationRow] = []
        try ledger.forEachMember(ofBatch: number) { rows.append($0) }
        return rows
    }

    private func leftOut(_ number: Int, _ ledger: any Ledger) throws -> [LeftOutRecord] {
        var records: [LeftOutRecord] = []
        try ledger.forEachLeftOut(ofBatch: number) { records.append($0) }
        return records
    }

    /// Issues an invitation anew.
    private func reissue(_ number: Int, as code: Int, _ campaign: LedgerFixture, _ run: RunID) throws {
        #expect(try campaign.ledger.reissue([id(number)]) == 1)
        try campaign.record(.issued(.sample(code)), try campaign.claim(1, run), run)
    }

    @Test(arguments: LedgerBackEnd.all)
    func everybodyIsNewOnce(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        #expect(try campaign.ledger.notHandedOverCount() == 3)
        let first = try #require(try handOver(start(), campaign.ledger))
        #expect((first.number, first.kind, first.state, first.rows) == (1, .new, .written, 3))
        #expect((first.generations, first.leftOut, first.writtenAt) == (1...1, [:], Self.now))
        #expect(first.options == #"{"formulas":"keep"}"#)
        #expect(first.files?.size == 10 && first.sha256?.count == 32)
        #expect(first.fileName == "000001-20270115T080000Z.csv")
        #expect(first.manifestName == "000001-20270115T080000Z.manifest.json")
        #expect(try members(1, campaign.ledger).map(\.identityID) == [id(1), id(2), id(3)])
        #expect(try campaign.ledger.notHandedOverCount() == 0)

        #expect(try handOver(start(), campaign.ledger) == nil)
        #expect(try campaign.ledger.batches() == [first], "there is no batch of nobody")

        try campaign.issue(4...5, run: run)
        try campaign.reopen()
        let second = try #require(try handOver(start(), campaign.ledger))
        #expect((second.number, second.rows) == (2, 2))
        let rows = try members(2, campaign.ledger)
        #expect(rows.map(\.invitation.recoveryCode) == ["000004", "000005"])
        #expect(rows.map(\.columns) == [["user 4"], ["user 5"]])
        #expect(rows.map(\.generation) == [1, 1])
    }

    private func known(_ sequence: Int64, _ state: ActivationState) -> ActivationResult {
        let hasTime = state == .activated || state == .redeemed
        let activation = Activation(state, kind: hasTime ? "code" : nil, at: hasTime ? Self.now : nil)
        return ActivationResult(sequence: sequence, finding: .known(activation))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoHasActivatedIsNotHandedOver(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...7, run: try campaign.beginRun())
        let ledger = campaign.ledger
        try ledger.recordActivations(
            [
                known(1, .activated), known(2, .gone), known(3, .inactive), known(4, .unused),
                known(5, .redeemed),
            ],
            at: Self.now
        )
        let batch = try #require(try handOver(start(), ledger))
        #expect(batch.leftOut == [.activated: 1, .gone: 1, .inactive: 1])
        #expect(try leftOut(1, ledger).map(\.reason) == [.activated, .gone, .inactive])
        #expect(try members(1, ledger).map(\.identityID) == [id(4), id(5), id(6), id(7)])
        #expect(try ledger.notHandedOverCount() == 3)
        // Reminded is who has not used the code, as far as is known.
        try ledger.recordActivations([known(7, .activated)], at: Self.now)
        let rule = ReminderRule(handedOverBy: Self.now, remindersMax: 2)
        try #require(try handOver(start(reminder: rule), ledger) != nil)
        #expect(try members(2, ledger).map(\.identityID) == [id(4), id(6)])
    }

    @Test(arguments: LedgerBackEnd.all)
    func exportsChooseByActivation(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        try campaign.ledger.recordActivations([known(1, .activated), known(2, .unused)], at: Self.now)
        func chosen(_ state: InvitationFilter.State) throws -> [IdentityID] {
            var found: [IdentityID] = []
            try campaign.ledger.forEachInvitation(InvitationFilter(state: state)) {
                found.append($0.identityID)
            }
            return found
        }
        #expect(try chosen(.activated) == [id(1)])
        #expect(try chosen(.unused) == [id(2)])
        // Each is valid, expired or activated, as in the counts of the campaign.
        let later = Self.now.advanced(by: .seconds(3600))
        #expect(try chosen(.valid(at: Self.now)) == [id(2), id(3)])
        #expect(try chosen(.expired(at: later)) == [id(2), id(3)])
        #expect(try chosen(.new) == [id(2), id(3)], "who has activated needs no code")
    }

    @Test(arguments: LedgerBackEnd.all)
    func theNextGenerationIsNewAgain(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...2, run: run)
        try handOver(start(), campaign.ledger)
        try reissue(2, as: 77, campaign, run)
        #expect(try campaign.ledger.notHandedOverCount() == 1)
        try campaign.issue(3...3, run: run)
        let batch = try #require(try handOver(start(), campaign.ledger))
        #expect((batch.rows, batch.generations) == (2, 1...2))
        let rows = try members(2, campaign.ledger)
        #expect(rows.map(\.invitation.recoveryCode) == ["000077", "000003"])
        // What was handed over first stays what it was.
        #expect(try members(1, campaign.ledger).map(\.invitation.recoveryCode) == ["000001", "000002"])
        #expect(try members(1, campaign.ledger).map(\.generation) == [1, 1])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsLeftOutIsNamedAndStaysNew(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        // They expire an hour after the fixture's time.
        let batch = try campaign.ledger.beginBatch(start(after: .seconds(1801), remaining: .seconds(1800)))
        let filling = try fill(batch.number, campaign.ledger)
        #expect(filling == .empty(leftOut: [.tooLittleTime: 3]))
        #expect(try campaign.ledger.batches() == [])
        #expect(try campaign.ledger.notHandedOverCount() == 3)

        _ = try campaign.ledger.reissue([id(3)])
        _ = try campaign.ledger.purge(expiredBy: nil, at: Self.now)
        let next = try campaign.beginRun()
        try campaign.record(.issued(.sample(3)), try campaign.claim(1, next), next)
        let third = try #require(try handOver(start(), campaign.ledger))
        #expect((third.number, third.rows, third.leftOut) == (1, 1, [.noCode: 2]))
        #expect(
            try leftOut(1, campaign.ledger)
                == [1, 2].map {
                    LeftOutRecord(identityID: id($0), generation: 1, reason: .noCode)
                }
        )
        let late = try campaign.ledger.beginBatch(start(after: .seconds(3600)))
        #expect(try fill(late.number, campaign.ledger) == .empty(leftOut: [.noCode: 2]))
        try campaign.issue(4...4, run: next)
        let later = try campaign.ledger.beginBatch(start(after: .seconds(3600)))
        #expect(
            try fill(later.number, campaign.ledger) == .empty(leftOut: [.noCode: 2, .expired: 1]),
            "at its expiry it is expired"
        )
    }

    @Test(arguments: LedgerBackEnd.all)
    func anUnfinishedBatchComesFirstAndGoesOn(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        let begun = try campaign.ledger.beginBatch(start())
        #expect(throws: LedgerError.self) { try campaign.ledger.beginBatch(start()) }
        try campaign.reopen()
        #expect(try campaign.ledger.fillBatch(begun.number) == .more)
        try campaign.reopen()
        #expect(try fill(begun.number, campaign.ledger) == .prepared)
        let prepared = try #require(try campaign.ledger.batches().last)
        #expect((prepared.state, prepared.rows, prepared.at) == (.prepared, 3, Self.now))
        try campaign.reopen()
        #expect(try campaign.ledger.fillBatch(begun.number) == .prepared, "again it changes nothing")
        #expect(throws: LedgerError.self) { try campaign.ledger.beginBatch(start()) }
        // Whoever is issued anew meanwhile is in it with the code that it was prepared with.
        try reissue(1, as: 88, campaign, run)
        #expect(
            try members(begun.number, campaign.ledger).map(\.invitation.recoveryCode)
                == ["000001", "000002", "000003"]
        )
        try finish(begun.number, campaign.ledger)
        #expect(throws: LedgerError.self) { try campaign.ledger.fillBatch(begun.number) }
        #expect(throws: LedgerError.self) {
            try campaign.ledger.noteBatchFile(begun.number, sha256: [UInt8](repeating: 1, count: 32))
        }
        let next = try #require(try handOver(start(), campaign.ledger))
        #expect(try members(next.number, campaign.ledger).map(\.invitation.recoveryCode) == ["000088"])
    }

    @Test(arguments: LedgerBackEnd.all)
    func membersOfAnUndoneBatchAreNewAgain(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        try handOver(start(), ledger)
        try reissue(2, as: 77, campaign, run)
        try handOver(start(), ledger)
        while try !ledger.undoBatch(1) {}
        #expect(try ledger.undoBatch(1), "again it changes nothing")
        let undone = try #require(try ledger.batches().first)
        #expect((undone.state, undone.rows) == (.undone, 3))
        #expect(try members(1, ledger).isEmpty)
        #expect(try ledger.notHandedOverCount() == 2, "the one with a later generation is not")
        let third = try #require(try handOver(start(), ledger))
        #expect(third.number == 3)
        #expect(try members(3, ledger).map(\.identityID) == [id(1), id(3)])
        #expect(throws: LedgerError.self) { try ledger.undoBatch(9) }
    }

    @Test(arguments: LedgerBackEnd.all)
    func anUndoThatWasCutShortComesFirst(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        try handOver(start(), campaign.ledger)
        #expect(try !campaign.ledger.undoBatch(1))
        try campaign.reopen()
        #expect(try campaign.ledger.batches().map(\.state) == [.undoing])
        #expect(throws: LedgerError.self) { try campaign.ledger.beginBatch(start()) }
        while try !campaign.ledger.undoBatch(1) {}
        #expect(try handOver(start(), campaign.ledger)?.rows == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func remindersComeAfterTheirTimeAndNotTooOften(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        func remind(after minutes: Int, remaining: Duration = .zero, max: Int = 2) throws -> BatchRecord? {
            let time = Duration.seconds(minutes * 60)
            let rule = ReminderRule(
                handedOverBy: Self.now.advanced(by: time - .seconds(600)),
                remindersMax: max
            )
            return try handOver(start(after: time, remaining: remaining, reminder: rule), ledger)
        }
        #expect(try remind(after: 20) == nil, "nobody was handed over")
        try handOver(start(), ledger)
        try campaign.issue(4...4, run: run)
        #expect(try remind(after: 9) == nil)
        let first = try #require(try remind(after: 10))
        #expect((first.kind, first.rows, first.generations) == (.reminder, 3, 1...1))
        #expect(try members(first.number, ledger).map(\.identityID) == [id(1), id(2), id(3)])
        #expect(try ledger.notHandedOverCount() == 1, "reminders are no hand-over")
        #expect(try remind(after: 19) == nil, "a reminder counts from the last one")
        #expect(try remind(after: 30, max: 1) == nil)
        try reissue(2, as: 77, campaign, run)
        let second = try #require(try remind(after: 30))
        #expect(try members(second.number, ledger).map(\.identityID) == [id(1), id(3)])
        #expect(try remind(after: 50) == nil, "two are enough")
        #expect(try remind(after: 50, remaining: .seconds(660), max: 3) == nil)

        // What was undone does not count.
        while try !ledger.undoBatch(second.number) {}
        let again = try #require(try remind(after: 50))
        #expect(again.rows == 2)
        #expect(try remind(after: 61, max: 9) == nil, "they are expired")
    }

    @Test(arguments: LedgerBackEnd.all)
    func exportsCanBeOfSomeInvitations(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        try handOver(start(), campaign.ledger)
        try reissue(2, as: 77, campaign, run)
        func codes(_ filter: InvitationFilter) throws -> [String] {
            var codes: [String] = []
            try campaign.ledger.forEachInvitation(filter) { codes.append($0.invitation.recoveryCode) }
            return codes
        }
        let (all, hour) = (["000001", "000077", "000003"], Self.now.advanced(by: .seconds(3600)))
        #expect(try codes(.all) == all)
        #expect(try codes(InvitationFilter(state: .new)) == ["000077"])
        #expect(try codes(InvitationFilter(generation: 1)) == ["000001", "000003"])
        #expect(try codes(InvitationFilter(generation: 3)) == [])
        #expect(try codes(InvitationFilter(state: .valid(at: Self.now))) == all)
        #expect(try codes(InvitationFilter(state: .valid(at: hour))) == [])
        #expect(try codes(InvitationFilter(state: .expired(at: hour))) == all)
        #expect(try codes(InvitationFilter(issuedSince: hour)) == [])
        let some = InvitationFilter(state: .valid(at: Self.now), issuedSince: Self.now, generation: 2)
        #expect(try codes(some) == ["000077"])
    }
}
