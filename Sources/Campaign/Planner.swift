// What a run would do, without doing it.

package import IdentityAPI
package import Ledger
package import Roster
import Vocabulary

/// What a run would find in its roster and its campaign.
package struct RosterPlan: Hashable, Sendable {
    /// Rows whose identities would belong to the campaign.
    package var enrolled = 0
    package var duplicates = 0
    package var rejected = 0
    /// Of the enrolled, those with an invitation already.
    package var alreadyIssued = 0
    /// Of the enrolled, those that failed for good, and would not be asked for.
    package var failedBefore = 0
    /// Identities to ask for: of the roster, and whatever else is due in the campaign.
    package var requests = 0
    /// Of those that were looked up, those that the server does not have, and those that may not log in.
    package var unknown = 0
    package var inactive = 0

    package var rowsRead: Int { enrolled + duplicates + rejected }

    package init() {}
}

/// Reads a roster beside its campaign; writes nothing but a temporary file.
package struct Planner {
    private let campaign: (any CampaignReading)?
    private let retryFailed: Bool
    private let columns: [LookedUpColumn]
    private var session: LookupSession?
    private var columnsFound: Set<Int> = []
    private var lookedUp = 0

    private static let batchSize = 20_000

    /// - Parameters:
    ///   - campaign: nil where there is none yet.
    ///   - session: looks up who is due; nil where nobody is to be looked up.
    package init(
        campaign: (any CampaignReading)?,
        retryFailed: Bool,
        columns: [LookedUpColumn],
        session: LookupSession?
    ) {
        self.campaign = campaign
        self.retryFailed = retryFailed
        self.columns = columns
        self.session = session
    }

    /// - Parameter onProgress: called after each batch.
    /// - Throws: `RosterError`, `LedgerError`, `LookupSession.Stopped`, `CancellationError`.
    package mutating func plan(
        _ reader: RosterReader,
        onProgress: (RosterPlan) throws -> Void
    ) async throws -> RosterPlan {
        let seen = try SeenIdentities()
        var plan = RosterPlan()
        plan.requests = try campaign?.dueCount(retryingFailed: retryFailed) ?? 0
        while true {
            let items = try reader.next(max: Self.batchSize)
            if items.isEmpty { break }
            var identities: [IdentityID] = []
            for case .row(let row) in items { identities.append(row.identityID) }
            let new = try seen.insert(identities)
            plan.rejected += items.count - identities.count
            plan.duplicates += identities.count - new.count
            plan.enrolled += new.count
            let due = try sort(new, &plan)
            try await lookUp(due, &plan)
            try onProgress(plan)
        }
        if lookedUp > plan.unknown,
            let missing = columns.enumerated().first(where: { !columnsFound.contains($0.offset) })
        {
            throw LookupSession.Stopped(reason: .fatal(.missing(missing.element)))
        }
        return plan
    }

    /// Counts how identities stand in the campaign, and returns those that would be asked for.
    private func sort(_ identities: [IdentityID], _ plan: inout RosterPlan) throws -> [IdentityID] {
        let standings = try campaign?.standings(of: identities) ?? [:]
        return identities.filter { identity in
            switch standings[identity] {
            case .issued:
                plan.alreadyIssued += 1
                return false
            case .failedPermanently where !retryFailed:
                plan.failedBefore += 1
                return false
            case .failedPermanently, .due:
                // Counted with what is due in the campaign.
                return true
            case nil:
                plan.requests += 1
                return true
            }
        }
    }

    private mutating func lookUp(_ identities: [IdentityID], _ plan: inout RosterPlan) async throws {
        guard session != nil, !identities.isEmpty else { return }
        let found = try await session?.identities(identities) ?? []
        let unknown = identities.count - Set(found.map(\.id)).count
        let inactive = found.count { !$0.isActive }
        lookedUp += identities.count
        plan.unknown += unknown
        plan.inactive += inactive
        plan.requests -= unknown + inactive
        for identity in found {
            for (index, value) in identity.columns.enumerated() where value != nil {
                columnsFound.insert(index)
            }
        }
    }
}
