// What rounds have come to, in numbers.

import Glibc
import IdentitySimulator

/// The numbers of one round, or of several together.
package struct Tally: Hashable, Sendable {
    package var rounds = 0
    package var runs = 0
    /// Runs that a signal ended or stopped early, by what it was.
    package var kills: [String: Int] = [:]
    package var restarts = 0
    package var clockJumps = 0
    package var secondRuns = 0
    package var exportsMeanwhile = 0
    package var exportsKilled = 0
    package var looksMeanwhile = 0
    package var rowsAdded = 0
    /// Batches that other processes were to write beside a run.
    package var batchesMeanwhile = 0
    package var nights = 0
    package var activated = 0
    package var reissued = 0
    /// Batches that were written, by whomever.
    package var batches = 0
    package var requests = 0
    package var codesIssued = 0
    /// Committed, and not there any more, or another.
    package var codesLost = 0
    /// Issued, and in no ledger.
    package var codesDoubled = 0
    package var doubledByKills = 0
    package var claimsOfKilledRuns = 0
    package var faults: [String: Int] = [:]
    /// The data rows of a round's roster by now; no sum.
    var rosterRows = 0

    package init() {}

    /// What shows only in the end.
    ///
    /// - Parameters:
    ///   - evidence: of all but the nights.
    ///   - runs: those of the nights, too.
    init(
        _ evidence: Evidence,
        _ nights: NightsEvidence?,
        _ runs: [RunAccount],
        _ statistics: SimulatorStatistics
    ) {
        rounds = 1
        self.runs = runs.count
        requests = statistics.requestsReceived
        codesIssued = nights?.issued.count ?? evidence.issued.count
        codesDoubled = nights?.doubled ?? evidence.doubled.count
        doubledByKills = evidence.doubledByKills
        claimsOfKilledRuns = runs.map(\.claimsLeft).reduce(0, +)
        reissued = nights?.exported.reduce(0) { $0 + $1.generation - 1 } ?? 0
        faults = statistics.byFault
    }

    /// Counts the signals that a run has got, where they did something to it.
    mutating func count(_ signals: [Int32], endedBy status: Int) {
        guard let first = signals.first, ![0, 3].contains(status) else { return }
        let name =
            switch (first, signals.count) {
            case (SIGKILL, _): "SIGKILL"
            case (SIGTERM, _): "SIGTERM"
            case (_, 1): "SIGINT"
            default: "SIGINT twice"
            }
        kills[name, default: 0] += 1
    }

    package var allKills: Int { kills.values.reduce(0, +) }

    package static func + (left: Tally, right: Tally) -> Tally {
        var sum = left
        sum += right
        return sum
    }

    package static func += (left: inout Tally, right: Tally) {
        left.rounds += right.rounds
        left.runs += right.runs
        left.kills.merge(right.kills, uniquingKeysWith: +)
        left.restarts += right.restarts
        left.clockJumps += right.clockJumps
        left.secondRuns += right.secondRuns
        left.exportsMeanwhile += right.exportsMeanwhile
        left.exportsKilled += right.exportsKilled
        left.looksMeanwhile += right.looksMeanwhile
        left.rowsAdded += right.rowsAdded
        left.batchesMeanwhile += right.batchesMeanwhile
        left.nights += right.nights
        left.activated += right.activated
        left.reissued += right.reissued
        left.batches += right.batches
        left.requests += right.requests
        left.codesIssued += right.codesIssued
        left.codesLost += right.codesLost
        left.codesDoubled += right.codesDoubled
        left.doubledByKills += right.doubledByKills
        left.claimsOfKilledRuns += right.claimsOfKilledRuns
        left.faults.merge(right.faults, uniquingKeysWith: +)
    }
}
