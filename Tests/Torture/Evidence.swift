// What a round leaves to judge by: the server's log, the processes' ends, the exports, the counts.

package import Model

/// A code that the server gave out.
package struct IssuedCode: Hashable, Sendable {
    /// The number of the request that got it, counted from 1.
    package var request: Int
    package var identity: IdentityID
    package var code: String
    package var link: String
    package var expiresAt: String
    /// Whether the server meant its answer to go wrong.
    package var wasSpoilt: Bool

    package init(
        request: Int,
        identity: IdentityID,
        code: String,
        link: String,
        expiresAt: String,
        wasSpoilt: Bool
    ) {
        self.request = request
        self.identity = identity
        self.code = code
        self.link = link
        self.expiresAt = expiresAt
        self.wasSpoilt = wasSpoilt
    }
}

/// One run, from its start until nothing of it is on its way.
package struct RunAccount: Hashable, Sendable {
    /// Counted from 1 within the round.
    package var number: Int
    /// Which requests came meanwhile, counted from 1.
    package var requests: ClosedRange<Int>?
    /// Whether it ended without draining.
    package var wasKilled: Bool
    /// Whether the server broke down meanwhile.
    package var wasCut: Bool
    /// Whether another run took over before all was over.
    package var wasJoined: Bool
    /// What `status` told before it and after it, when no process was at work.
    package var before: SummaryFigures
    package var after: SummaryFigures
    /// `summary.json` of a run that ended by itself.
    package var summary: SummaryFigures?

    package init(
        number: Int,
        requests: ClosedRange<Int>?,
        wasKilled: Bool = false,
        wasCut: Bool = false,
        wasJoined: Bool = false,
        before: SummaryFigures,
        after: SummaryFigures,
        summary: SummaryFigures? = nil
    ) {
        self.number = number
        self.requests = requests
        self.wasKilled = wasKilled
        self.wasCut = wasCut
        self.wasJoined = wasJoined
        self.before = before
        self.after = after
        self.summary = summary
    }

    /// Attempts of which it became known, in this run or by its death, that their answers are not.
    var ambiguousAttempts: Int { after.ambiguousAttempts - before.ambiguousAttempts }

    /// How many identities its death has left in doubt.
    var claimsLeft: Int { wasKilled ? after.inDoubt : 0 }
}

/// What a whole round comes to.
package struct Evidence: Sendable {
    package var plan: RoundPlan
    package var issued: [IssuedCode]
    package var arrivals: [Arrival]
    package var runs: [RunAccount]
    /// The invitations in the end.
    package var exported: [InvitationLine]
    /// The IDs in `failures.csv` in the end.
    package var failed: Set<String>
    /// What `status` tells in the end.
    package var end: SummaryFigures

    package init(
        plan: RoundPlan,
        issued: [IssuedCode],
        arrivals: [Arrival],
        runs: [RunAccount],
        exported: [InvitationLine],
        failed: Set<String>,
        end: SummaryFigures
    ) {
        self.plan = plan
        self.issued = issued
        self.arrivals = arrivals
        self.runs = runs
        self.exported = exported
        self.failed = failed
        self.end = end
    }

    /// Codes that are not in the ledger, in the order of issuing.
    package var doubled: [IssuedCode] {
        let held = Set(exported.map(\.link))
        return issued.filter { !held.contains($0.link) }
    }

    /// Those of them that were answered as they should be, to runs that were killed.
    package var doubledByKills: Int {
        let killed = runs.filter(\.wasKilled).compactMap(\.requests)
        return doubled.count { code in !code.wasSpoilt && killed.contains { $0.contains(code.request) } }
    }

    /// How many identities killed runs had claimed when they died.
    package var claimsOfKilledRuns: Int { runs.map(\.claimsLeft).reduce(0, +) }
}
