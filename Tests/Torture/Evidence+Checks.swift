// What must hold when a round is over. Pure: from the evidence to what is wrong with it.

import Model

extension Evidence {
    /// Everything that is wrong; empty where all is well.
    package func violations() -> [Violation] {
        accounting() + codes() + doubling() + limits() + runs.requestViolations()
            + runs.claimViolations(max: plan.concurrency.claimedMax)
    }

    /// Every row and every identity is where it belongs.
    func accounting() -> [Violation] {
        let roster = plan.roster
        let rows = roster.rows(holding: roster.count)
        let identities = roster.identities
        let known = Set(roster.known.map(\.text))
        let unknown = Set(identities.map(\.text)).subtracting(known)
        var found = end.accounting()
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { found.append(Violation(.accounting, what())) }
        }
        require(end.rowsRead == rows.read, "\(end.rowsRead) rows read of \(rows.read)")
        require(end.duplicates == rows.duplicates, "\(end.duplicates) duplicates, not \(rows.duplicates)")
        require(end.rejected == rows.rejected, "\(end.rejected) rejected rows, not \(rows.rejected)")
        require(end.identities == roster.count, "\(end.identities) identities of \(roster.count)")
        require(end.issued == exported.count, "\(end.issued) issued, \(exported.count) exported")
        let invited = Set(exported.map(\.identity))
        require(
            invited == known,
            "invited and known identities differ in \(invited.symmetricDifference(known))"
        )
        require(
            failed == unknown,
            "failed and unknown identities differ in \(failed.symmetricDifference(unknown))"
        )
        return found
    }

    /// The ledger has the last code of everybody, and nobody was asked for after it.
    func codes() -> [Violation] {
        let positions = Dictionary(
            zip(plan.roster.identities.map(\.text), 0...),
            uniquingKeysWith: { first, _ in first }
        )
        var found = exported.violations(against: issued) { positions[$0].map(PlannedRoster.email) }
        let last = Dictionary(issued.map { ($0.identity, $0) }) { _, later in later }
        let lastRequests = Dictionary(
            zip(arrivals, 1...).compactMap { arrival, number in arrival.identity.map { ($0, number) } }
        ) { _, later in later }
        for line in exported {
            guard let identity = IdentityID(line.identity), let code = last[identity] else { continue }
            if code.link != line.link {
                found.append(
                    Violation(
                        .exportUnlikeLog,
                        "\(line.identity) was issued a later code by request \(code.request)"
                    )
                )
            } else if let request = lastRequests[identity], request > code.request {
                found.append(
                    Violation(
                        .requestedAfterCommit,
                        "\(line.identity) was issued by request \(code.request), and asked for "
                            + "again by \(request)"
                    )
                )
            }
        }
        return found
    }

    /// Whoever holds no code of those that were issued is accounted for.
    func doubling() -> [Violation] {
        let doubled = doubled
        var found: [Violation] = []
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { found.append(Violation(.doubledCodes, what())) }
        }
        require(
            doubled.count <= end.ambiguousAttempts,
            "\(doubled.count) codes that nobody holds, \(end.ambiguousAttempts) ambiguous attempts"
        )
        for run in runs {
            guard let requests = run.requests else { continue }
            let lost = doubled.filter { requests.contains($0.request) }
            let unspoilt = lost.count { !$0.wasSpoilt }
            require(
                lost.count <= run.ambiguousAttempts,
                "run \(run.number): \(lost.count) codes that nobody holds, "
                    + "\(run.ambiguousAttempts) ambiguous attempts"
            )
            guard !run.wasCut, !run.wasJoined else { continue }
            if run.wasKilled {
                require(
                    unspoilt <= run.claimsLeft,
                    "run \(run.number) was killed: \(unspoilt) codes that nobody holds, "
                        + "\(run.claimsLeft) in doubt"
                )
            } else if !plan.isImpatient {
                require(unspoilt == 0, "run \(run.number) ended by itself and has lost \(unspoilt) codes")
            }
        }
        return found
    }

    /// No window of a limit, wherever it begins, holds more requests than the limit, across all processes.
    func limits() -> [Violation] {
        plan.rates.compactMap { rate in
            let times = arrivals.map(\.time)
            guard times.count > rate.count else { return nil }
            let tooMany = (rate.count..<times.count).filter {
                times[$0] - times[$0 - rate.count] < rate.window
            }
            guard let first = tooMany.first else { return nil }
            let numbers = "\(first - rate.count + 1) to \(first + 1)"
            let length = times[first] - times[first - rate.count]
            return Violation(
                .limit,
                "requests \(numbers) came within \(length) of \(rate); \(tooMany.count) windows are overdrawn"
            )
        }
    }

}

extension Collection<RunAccount> {
    /// A killed run leaves no more in doubt than it could claim.
    package func claimViolations(max: Int) -> [Violation] {
        filter { $0.after.inDoubt > max }
            .map { Violation(.claims, "run \($0.number) left \($0.after.inDoubt) in doubt, of \(max)") }
    }

    /// What a run says that it sent is what has arrived.
    package func requestViolations() -> [Violation] {
        filter { !$0.wasJoined }.compactMap { run in
            let arrived = run.requests?.count ?? 0
            // What is sent as the server breaks down is ambiguous, and may never arrive.
            let lostMax = run.wasCut ? run.ambiguousAttempts : 0
            let (counted, least): (Int, Int)
            if let summary = run.summary {
                (counted, least) = (summary.requests, arrived)
            } else if run.wasKilled, run.after.startedAt != run.before.startedAt {
                // As of its last commit.
                (counted, least) = (run.after.requests, 0)
            } else {
                return nil
            }
            guard counted < least || counted > arrived + lostMax else { return nil }
            return Violation(
                .requests,
                "run \(run.number) counts \(counted) requests, \(arrived) arrived"
                    + (run.wasCut ? " at a server that broke down" : "")
                    + (run.wasKilled ? " before it was killed" : "")
            )
        }
    }
}
