// Whose invitations a run would issue anew, as far as the ledger tells.

import Ledger
package import Model
package import Roster
import SQLiteLedger

/// Counts those for whom a run would issue anew; nothing is written but temporary files.
///
/// The server is not asked who has activated since, so the run may issue for fewer.
package struct PlannedReissue {
    private let request: ReissueRequest
    private let now: Timestamp
    /// Nil where no list says whose.
    private let list: (any RosterItems)?

    private static let batchSize = 20_000

    /// - Parameter list: the IDs of those whose invitations are issued anew, where the request is of a list.
    package init(_ request: ReissueRequest, list: (any RosterItems)?, now: Timestamp) {
        self.request = request
        self.list = list
        self.now = now
    }

    /// Adds what it comes to.
    ///
    /// - Parameter roster: those who are in the run's roster; nil for everybody.
    /// - Throws: `RosterError`, `LedgerError`.
    func count(in ledger: any CampaignStore, amongst roster: SeenIdentities?, _ plan: inout RosterPlan) throws
    {
        let listed = try list.map(Self.identities)
        var scope = request.scope(begun: now, roster: nil, now: now)
        if listed != nil { scope.whose = .everybody }
        var last: Int64 = 0
        while true {
            let candidates = try ledger.reissueCandidates(scope, after: last, limit: Self.batchSize)
            guard let end = candidates.last else { return }
            last = end.sequence
            let others = try Set((roster?.insert(candidates.map(\.identityID)) ?? []))
            let unlisted = try Set((listed?.insert(candidates.map(\.identityID)) ?? []))
            for candidate in candidates
            where !others.contains(candidate.identityID) && !unlisted.contains(candidate.identityID) {
                switch ReissueDecision(candidate, timesMax: request.timesMax, asked: nil) {
                case .reissue: plan.reissued += 1
                case .giveUp: plan.givenUp += 1
                case .leave, .unasked: break
                }
            }
        }
    }

    private static func identities(of list: any RosterItems) throws -> SeenIdentities {
        let listed = try SeenIdentities()
        while true {
            let items = try list.next(max: batchSize)
            guard !items.isEmpty else { return listed }
            var identities: [IdentityID] = []
            for case .row(let row) in items { identities.append(row.identityID) }
            _ = try listed.insert(identities)
        }
    }
}
