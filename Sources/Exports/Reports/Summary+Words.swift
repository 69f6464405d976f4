// The summary for people.

package import Ledger
import Model

extension Summary {
    /// Some lines of text, without a line break at the end.
    package var words: String { words([line("identities", "\(identities)")] + funnelInWords) }

    /// The same, with the funnel as a table with shares.
    package var wordsWithShares: String { words(funnelTable) }

    private func words(_ counts: [String]) -> String {
        var lines = ["Campaign \(campaign) on \(serverInWords)"]
        if let roster {
            lines.append(
                line(
                    "roster",
                    "\(roster): \(count(enrolment.rowsRead, "row")), \(enrolment.enrolled) enrolled "
                        + "(\(enrolledNew) new), \(count(enrolment.duplicates, "duplicate")), "
                        + "\(enrolment.rejected) rejected"
                )
            )
        }
        lines += counts
        let purged = "\(purged) of those with an invitation: their codes are not kept"
        if self.purged > 0 { lines.append(line("purged", purged)) }
        if let sealedTo {
            lines.append(line("sealed", "codes can be read with the private key of \(sealedTo) only"))
        }
        lines.append(line("failed", failed == 0 ? "0" : "\(failed): \(failuresInWords)"))
        lines.append(line("pending", "\(pending)"))
        lines.append(line("in doubt", "\(inDoubt)"))
        if absent > 0 {
            lines.append(line("absent", "\(absent) of those not issued: not in the latest roster"))
        }
        if ambiguousAttempts > 0 {
            lines.append(
                line(
                    "ambiguous",
                    "\(count(ambiguousAttempts, "attempt")): the server may hold codes that nobody has"
                )
            )
        }
        lines += deliveries.inWords.map { line($0.name, $0.text) }
        if startedAt != nil { lines.append(line("last run", runInWords)) }
        return lines.joined(separator: "\n")
    }

    private var serverInWords: String { isServerBound ? server : "no server yet (tried last: \(server))" }

    private var failuresInWords: String {
        failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }

    private var runInWords: String {
        let rate = (issuedPerSecond * 10).rounded() / 10
        var text = "\(run.issued) issued in \(Duration.seconds(elapsedSeconds).inWords) (\(rate) a second), "
        text += "\(count(run.requests, "request"))"
        if run.retries > 0 { text += ", \(run.retries == 1 ? "1 retry" : "\(run.retries) retries")" }
        if run.rateLimitedAnswers > 0 { text += ", \(run.rateLimitedAnswers) answered 429" }
        if let pacing { text += "; \(pacing)" }
        if finishedAt == nil { text += isRunning ? "; it is still on" : "; it has not ended, or died" }
        if let stoppedBecause { text += "; stopped: \(stoppedBecause)" }
        return text
    }

    /// What held the run up, where it was a limit.
    private var pacing: String? {
        switch run.limitedBy {
        case .operator: run.limitInForce.map { "limited to \($0)" }
        case .server: run.limitInForce.map { "limited by the server to \($0)" } ?? "limited by the server"
        case .concurrency, nil: nil
        }
    }

    func line(_ name: String, _ text: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 11 - name.count)))\(text)"
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension DeliveryCounts {
    /// One line for each count that there is something to say of; none where nothing was ever mailed.
    package var inWords: [(name: String, text: String)] {
        guard !isEmpty else { return [] }
        var lines = [(name: "mailed", text: sent.grouped + (sentAgain > 0 ? again : ""))]
        if later > 0 {
            lines.append(
                ("put off", later.grouped + (nextDue.map { ", the next until \($0.rfc3339)" } ?? ""))
            )
        }
        if claimed + inDoubt > 0 {
            lines.append(("in doubt", "\((claimed + inDoubt).grouped) mails may have been sent"))
        }
        if failed > 0 || later > 0, !failures.isEmpty {
            lines.append(("not mailed", "\(failed.grouped) failed: \(Self.list(failures))"))
        }
        if leftOut > 0 { lines.append(("left out", "\(leftOut.grouped): \(Self.list(reasons))")) }
        return lines
    }

    private var again: String { ", \(sentAgain.grouped) of them perhaps twice" }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value.grouped) \($0.key)" }
            .joined(separator: ", ")
    }
}
