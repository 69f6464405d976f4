// A run that issues invitations anew: who gets another one is settled before anything is issued.

import Providers
import Ledger
import Pacing
import Roster
import Model
import Work

extension RunCampaign {
    /// How many identities are prepared in one transaction, and IDs of a list read at a time.
    private static let reissuedAtOnce = 10_000

    /// The list of those whose invitations are issued anew; nil where there is none.
    ///
    /// What is wrong with it shows before anything is written.
    func openReissueList() async throws -> RosterFile? {
        guard case .listed(let list) = request.reissue?.whose else { return nil }
        return try await queue.perform {
            try CommandFailure.wrapping { try RosterFile(list.path, options: list.options, mayBeEmpty: true) }
        }
    }

    /// Prepares those for their next invitation that the run is to issue one anew; the server is asked first
    /// who of them has activated.
    ///
    /// - Parameter roster: the roster that the run is for; nil for everybody.
    /// - Returns: why the run has to stop; nil where it goes on.
    func prepareReissue(_ work: Work, _ list: RosterFile?, roster: RosterID?) async throws -> StopReason? {
        guard let reissue = request.reissue else { return nil }
        var tally = ReissueTally()
        let now = time.wallClock()
        let begun = try await queue.perform { try work.ledger.beginReissue(reissue.name, at: now) }
        let scope = reissue.scope(begun: begun, roster: roster, now: now)
        if begun != now, scope.issuedBefore != nil { tally.begunBefore = begun }
        if let list {
            do {
                try await mark(list, work.ledger, &tally)
            } catch let error as RosterError {
                return .roster("\(error)")
            }
        }
        var asked: Timestamp?
        if let within = reissue.syncedWithin {
            let since = work.start.startedAt.advanced(by: .zero - within)
            if let stop = try await ask(work, reissue.sync, scope, notSince: since) { return stop }
            asked = since
        }
        let stop = try await prepare(work, reissue, scope, asked: asked, &tally)
        events.emit(.reissuing(tally))
        return stop
    }

    private func mark(_ list: RosterFile, _ ledger: any ReissueStore, _ tally: inout ReissueTally)
        async throws
    {
        var isAtEnd = false
        while !isAtEnd, control.stop == nil {
            let (read, known, rejected) = try await queue.perform {
                let items = try list.reader.next(max: Self.reissuedAtOnce)
                var identities: [IdentityID] = []
                for case .row(let row) in items { identities.append(row.identityID) }
                let known = try ledger.markForReissue(identities)
                return (items.count, known, items.count - identities.count)
            }
            isAtEnd = read == 0
            tally.rejectedRows += rejected
            tally.unknownIDs += read - rejected - known
        }
    }

    /// Asks about those in scope about whom it was not asked since that time.
    private func ask(
        _ work: Work,
        _ options: SyncOptions,
        _ scope: ReissueScope,
        notSince time: Timestamp
    ) async throws -> StopReason? {
        let asked = ActivationScope.reissue(scope, notSince: time)
        let isNeeded = try await queue.perform {
            try !work.ledger.activationCandidates(asked, after: 0, limit: 1).isEmpty
        }
        return isNeeded ? try await sync(work, options, asked) : nil
    }

    private func prepare(
        _ work: Work,
        _ reissue: ReissueRequest,
        _ scope: ReissueScope,
        asked: Timestamp?,
        _ tally: inout ReissueTally
    ) async throws -> StopReason? {
        var last: Int64? = 0
        while let sequence = last {
            if let stop = control.stop { return stop }
            let before = tally
            (tally, last) = try await queue.perform { [time] in
                let candidates = try work.ledger.reissueCandidates(
                    scope,
                    after: sequence,
                    limit: Self.reissuedAtOnce
                )
                var tally = before
                let decided = Dictionary(grouping: candidates) {
                    ReissueDecision($0, timesMax: reissue.timesMax, asked: asked)
                }
                tally.prepared += try work.ledger.reissue(decided[.reissue] ?? [])
                let givenUp = decided[.giveUp] ?? []
                _ = try work.ledger.giveUp(givenUp, run: work.run, at: time.wallClock())
                tally.givenUp += givenUp.count
                for (decision, candidates) in decided {
                    if case .leave(let state) = decision { tally.left[state, default: 0] += candidates.count }
                }
                tally.unasked += decided[.unasked]?.count ?? 0
                return (tally, candidates.last?.sequence)
            }
        }
        return nil
    }
}
