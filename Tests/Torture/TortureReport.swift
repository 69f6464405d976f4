// What the crash campaign says in the end.

import Foundation

/// The sum of all rounds, as a table and as JSON.
package struct TortureReport: Sendable {
    package let seed: UInt64
    /// Whether the clock could be made to jump.
    package let hasClock: Bool
    package var time: Duration = .zero
    package private(set) var tally = Tally()
    package private(set) var violations: [Violation] = []

    package init(seed: UInt64, hasClock: Bool) {
        self.seed = seed
        self.hasClock = hasClock
    }

    package mutating func add(_ result: RoundResult) {
        tally += result.tally
        tally.codesLost += result.violations.count { $0.rule == .committedCodeLost }
        violations += result.violations
    }

    private var seconds: Double { (Double(time.milliseconds) / 100).rounded() / 10 }

    /// A line for each number, without a line break at the end.
    package var table: String {
        let lines = [
            ("seed", "\(seed)"),
            ("rounds", "\(tally.rounds) in \(seconds) s"),
            ("runs", "\(tally.runs)"),
            ("kills", Self.counts(tally.kills)),
            ("server restarts", "\(tally.restarts)"),
            ("clock jumps", "\(tally.clockJumps)\(hasClock ? "" : " (libFakeClock.so is not there)")"),
            ("second runs", "\(tally.secondRuns)"),
            ("exports meanwhile", "\(tally.exportsMeanwhile), \(tally.exportsKilled) of them killed"),
            ("rows added", "\(tally.rowsAdded)"),
            ("nights", "\(tally.nights): \(tally.activated) activated, \(tally.reissued) issued anew"),
            ("batches", "\(tally.batches); \(tally.batchesMeanwhile) exports --new beside runs"),
            ("requests", "\(tally.requests)"),
            ("codes issued", "\(tally.codesIssued)"),
            ("codes lost", "\(tally.codesLost)"),
            ("codes doubled", "\(tally.codesDoubled), \(tally.doubledByKills) of them by kills"),
            ("claims of killed runs", "\(tally.claimsOfKilledRuns)"),
            ("faults", Self.counts(tally.faults)),
            ("violations", violations.isEmpty ? "none" : Self.counts(violationsByRule)),
        ]
        return lines.map { $0.padding(toLength: 24, withPad: " ", startingAt: 0) + $1 }.joined(
            separator: "\n"
        )
    }

    private var violationsByRule: [String: Int] {
        Dictionary(violations.map { ($0.rule.rawValue, 1) }, uniquingKeysWith: +)
    }

    private static func counts(_ counts: [String: Int]) -> String {
        let sum = counts.values.reduce(0, +)
        guard sum > 0 else { return "0" }
        return "\(sum): "
            + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// One JSON object with a line break at its end.
    package func json() throws -> String {
        let document = Document(
            seed: seed,
            rounds: tally.rounds,
            seconds: seconds,
            runs: tally.runs,
            kills: tally.kills,
            serverRestarts: tally.restarts,
            clockJumps: hasClock ? tally.clockJumps : nil,
            secondRuns: tally.secondRuns,
            exportsMeanwhile: tally.exportsMeanwhile,
            exportsKilled: tally.exportsKilled,
            rowsAdded: tally.rowsAdded,
            nights: tally.nights,
            activated: tally.activated,
            reissued: tally.reissued,
            batches: tally.batches,
            requests: tally.requests,
            codesIssued: tally.codesIssued,
            codesLost: tally.codesLost,
            codesDoubled: tally.codesDoubled,
            codesDoubledByKills: tally.doubledByKills,
            claimsOfKilledRuns: tally.claimsOfKilledRuns,
            faults: tally.faults,
            violations: violationsByRule
        )
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    private struct Document: Encodable {
        let seed: UInt64
        let rounds: Int
        let seconds: Double
        let runs: Int
        let kills: [String: Int]
        let serverRestarts: Int
        /// Nil where the clock could not be made to jump.
        let clockJumps: Int?
        let secondRuns: Int
        let exportsMeanwhile: Int
        let exportsKilled: Int
        let rowsAdded: Int
        let nights: Int
        let activated: Int
        let reissued: Int
        let batches: Int
        let requests: Int
        let codesIssued: Int
        let codesLost: Int
        let codesDoubled: Int
        let codesDoubledByKills: Int
        let claimsOfKilledRuns: Int
        let faults: [String: Int]
        let violations: [String: Int]
    }
}
