// What must hold at every moment of a round, and after each of its processes. Pure.

import Model

extension SummaryFigures {
    /// The sums that any summary keeps.
    package func accounting() -> [Violation] {
        var found: [Violation] = []
        if rowsRead != enrolled + duplicates + rejected {
            found.append(
                Violation(.accounting, "\(rowsRead) rows are \(enrolled) + \(duplicates) + \(rejected)")
            )
        }
        if identities != issued + failed + pending + inDoubt {
            found.append(
                Violation(
                    .accounting,
                    "\(identities) identities are \(issued) + \(failed) + \(pending) + \(inDoubt)"
                )
            )
        }
        return found
    }
}

extension [InvitationLine] {
    /// Each line is one of the server's, for that identity, and there is one for each.
    ///
    /// - Parameter email: what the roster has beside an ID; nil for an ID that is not in it.
    package func violations(against issued: [IssuedCode], email: (String) -> String?) -> [Violation] {
        let log = Dictionary(grouping: issued, by: \.identity.text)
        var seen: Set<String> = []
        return compactMap { line in
            guard seen.insert(line.identity).inserted else {
                return Violation(.exportUnlikeLog, "\(line.identity) is exported twice")
            }
            guard line.email == email(line.identity) else {
                return Violation(.exportUnlikeLog, "\(line.identity) has another's columns")
            }
            let isIssued = (log[line.identity] ?? []).contains {
                $0.code == line.code && $0.link == line.link && $0.expiresAt == line.expiresAt
            }
            return isIssued
                ? nil : Violation(.exportUnlikeLog, "\(line.identity) was never issued what is exported")
        }
    }

    /// All that was exported before is there still, letter by letter, or another generation.
    ///
    /// - Parameter mayBeGone: whether a line's code may have been purged.
    package func violations(
        since earlier: [String: InvitationLine],
        mayBeGone: (InvitationLine) -> Bool = { _ in false }
    ) -> [Violation] {
        let now = Dictionary(map { ($0.identity, $0) }) { first, _ in first }
        return earlier.values.compactMap { line in
            switch now[line.identity] {
            case line: nil
            case nil where mayBeGone(line): nil
            case nil: Violation(.committedCodeLost, "\(line.identity) was exported before, and is no more")
            case .some(let newer) where newer.generation > line.generation: nil
            case .some: Violation(.committedCodeLost, "\(line.identity) was exported otherwise before")
            }
        }
    }
}

/// The files in a campaign's folder.
package struct OutputFolder: Sendable {
    /// The text of each file that is there.
    package var texts: [String: String]
    /// The names of everything there, hidden ones too.
    package var names: [String]

    package init(texts: [String: String], names: [String]) {
        self.texts = texts
        self.names = names
    }

    package static let tables = ["invitations.csv", "failures.csv", "rejected.csv"]

    package func table(_ name: String) -> OutputTable? { texts[name].flatMap { OutputTable($0) } }

    package var summary: SummaryFigures? { texts["summary.json"].flatMap { SummaryFigures(json: $0) } }

    /// Every file that is there is whole.
    package func violations() -> [Violation] {
        var broken = Self.tables.filter { texts[$0] != nil && table($0) == nil }
        if texts["summary.json"] != nil, summary == nil { broken.append("summary.json") }
        return broken.map { Violation(.fileNotWhole, $0) }
    }

    /// After a run that ended by itself, all are there, agree with one another, and nothing half is left.
    package func violationsAtRest() -> [Violation] {
        var found = violations()
        for name in Self.tables + ["summary.json"] where texts[name] == nil {
            found.append(Violation(.fileNotWhole, "\(name) is missing"))
        }
        for name in names where name.hasSuffix(".partial") || name.hasPrefix("ledger.spill") {
            found.append(Violation(.fileNotWhole, "\(name) is left"))
        }
        guard let summary else { return found }
        let expected = [
            ("invitations.csv", summary.invitedWithCode), ("failures.csv", summary.failed + summary.givenUp),
            ("rejected.csv", summary.rejected + summary.duplicates),
        ]
        for (name, count) in expected {
            guard let rows = table(name)?.rows.count, rows != count else { continue }
            found.append(Violation(.fileNotWhole, "\(name) has \(rows) rows, summary.json counts \(count)"))
        }
        return found + summary.accounting()
    }
}

/// How a process may end, given what was done to it.
package struct ExpectedExit: Sendable {
    package var signals: [Int32]
    package var serverBrokeDown: Bool
    /// Whether another process was writing a batch.
    package var batchesWereInUse: Bool

    package init(signals: [Int32], serverBrokeDown: Bool, batchesWereInUse: Bool = false) {
        self.signals = signals
        self.serverBrokeDown = serverBrokeDown
        self.batchesWereInUse = batchesWereInUse
    }

    /// - Parameters:
    ///   - status: the exit code; the signal's number, negative, where one ended the process.
    ///   - words: what it wrote on standard error.
    package func violations(status: Int, words: String) -> [Violation] {
        let isExpected =
            switch status {
            case 0, 3: true
            case 1: batchesWereInUse && words.contains("no batch was written: they are in use by")
            case 5: serverBrokeDown
            case 130: signals.contains(2)
            case 143: signals.contains(15)
            // By a signal, before it was trapped.
            case ..<0: signals.contains(Int32(-status))
            default: false
            }
        guard isExpected else {
            return [Violation(.exit, "exit code \(status) after signals \(signals): \(words.suffix(600))")]
        }
        let stoppedEarly = [5, 130, 143].contains(status)
        guard
            !stoppedEarly || words.contains("To go on: latchstring run")
                || words.contains("to go on: latchstring run")
        else {
            return [
                Violation(.exit, "exit code \(status) without the command that goes on: \(words.suffix(600))")
            ]
        }
        return []
    }

    /// Whether that was no end with everything recorded and written.
    package static func isKilled(status: Int, words: String) -> Bool {
        status < 0 || words.contains("stopped at once")
    }
}
