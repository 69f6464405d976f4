// What a run would do, without doing it.

import Providers
package import Ledger
package import Roster
import SQLiteLedger
package import Model
import Work

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
    /// Identities to ask for: of the roster, and whatever else is due in the campaign where that is taken
    /// too.
    package var requests = 0
    /// Of those that were looked up, those that the server does not have, and those that may not log in.
    package var unknown = 0
    package var inactive = 0
    /// Those with an invitation for whom the run would issue another, as far as is known without asking the
    /// server who has activated; a part of `requests`.
    package var reissued = 0
    /// Those in the reissue's scope for whom nothing more would be issued.
    package var givenUp = 0
    /// Identities of the campaign that are not issued, failed for good or in the roster: they are left out,
    /// unless they are wanted.
    package var absent = 0

    package var rowsRead: Int { enrolled + duplicates + rejected }

    package init() {}
}

/// Reads a roster beside its campaign; writes nothing but a temporary file.
package struct Planner {
    private let campaign: (any CampaignStore)?
    private let retryFailed: Bool
    /// Whether everybody in the campaign is meant, and not only the roster's identities.
    private let takesAbsent: Bool
    private let columns: [LookedUpColumn]
    private let events: RunEvents
    private let lookups: PlannedLookups?
    private let reissue: PlannedReissue?
    private var columnsFound: Set<Int> = []
    private var lookedUp = 0

    private static let batchSize = 20_000

    /// - Parameters:
    ///   - campaign: nil where there is none yet.
    ///   - lookups: looks up who is due; nil where nobody is to be looked up.
    ///   - reissue: whose invitations are issued anew; nil for nobody's.
    ///   - events: told after each batch.
    package init(
        campaign: (any CampaignStore)?,
        retryFailed: Bool,
        takesAbsent: Bool = false,
        columns: [LookedUpColumn],
        lookups: PlannedLookups?,
        reissue: PlannedReissue? = nil,
        events: RunEvents
    ) {
        self.campaign = campaign
        self.retryFailed = retryFailed
        self.takesAbsent = takesAbsent
        self.columns = columns
        self.lookups = lookups
        self.reissue = reissue
        self.events = events
    }

    /// - Parameter reader: nil for everybody in the campaign.
    /// - Throws: `RosterError`, `LedgerError`, `PlannedLookups.Stopped`.
    package mutating func plan(_ reader: (any RosterItems)?) async throws -> RosterPlan {
        let seen = try SeenIdentities()
        var plan = RosterPlan()
        // What would be asked for once more by itself, and is not in the roster.
        var absent = try campaign?.dueCount(retryingFailed: false) ?? 0
        while let items = try reader?.next(max: Self.batchSize), !items.isEmpty {
            var identities: [IdentityID] = []
            for case .row(let row) in items { identities.append(row.identityID) }
            let new = try seen.insert(identities)
            plan.rejected += items.count - identities.count
            plan.duplicates += identities.count - new.count
            plan.enrolled += new.count
            let (due, known) = try sort(new, &plan)
            absent -= known
            plan.requests += due.count
            try await lookUp(due, &plan)
            events.emit(.planning(plan))
        }
        if reader == nil {
            let counts = try campaign?.counts(now: Timestamp(milliseconds: 0))
            plan.absent = counts?.absent.all ?? 0
            plan.alreadyIssued = counts?.issued ?? 0
            // Those alone that are not due by themselves.
            let retried = retryFailed ? nil : try campaign?.dueCount(retryingFailed: true)
            plan.failedBefore = retried.map { $0 - absent } ?? 0
        } else {
            plan.absent = absent
        }
        if let campaign, let reissue {
            try reissue.count(in: campaign, amongst: takesAbsent ? nil : seen, &plan)
            plan.requests += plan.reissued
            events.emit(.planning(plan))
        }
        if takesAbsent { try await takeAbsent(seen, &plan) }
        if lookedUp > plan.unknown,
            let missing = columns.enumerated().first(where: { !columnsFound.contains($0.offset) })
        {
            throw PlannedLookups.Stopped(reason: .fatal(.missing(missing.element)))
        }
        return plan
    }

    /// Everybody else who is due in the campaign.
    private mutating func takeAbsent(_ seen: SeenIdentities, _ plan: inout RosterPlan) async throws {
        var last: Int64 = 0
        while let campaign {
            let candidates = try campaign.dueIdentities(
                retryingFailed: retryFailed,
                after: last,
                limit: Self.batchSize
            )
            guard let end = candidates.last else { return }
            last = end.sequence
            let others = try seen.insert(candidates.map(\.identityID))
            plan.requests += others.count
            try await lookUp(others, &plan)
            events.emit(.planning(plan))
        }
    }

    /// Counts how identities stand in the campaign, and returns those that would be asked for, and how many
    /// of those are due there without being retried.
    private func sort(
        _ identities: [IdentityID],
        _ plan: inout RosterPlan
    ) throws -> (due: [IdentityID], known: Int) {
        let memberships = try campaign?.memberships(of: identities) ?? [:]
        var known = 0
        let due = identities.filter { identity in
            switch memberships[identity] {
            case .issued:
                plan.alreadyIssued += 1
                return false
            case .failedPermanently:
                if !retryFailed { plan.failedBefore += 1 }
                return retryFailed
            case .due:
                known += 1
                return true
            case nil: return true
            }
        }
        return (due, known)
    }

    private mutating func lookUp(_ identities: [IdentityID], _ plan: inout RosterPlan) async throws {
        guard let lookups, !identities.isEmpty else { return }
        let found = try await lookups.identities(identities)
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
