// What asking about invitations came to, in words and in JSON.

import Campaign
import Ledger
import Model
import Work

/// The end of a `sync` on the terminal.
struct SyncReport {
    let result: SyncResult
    let isJSON: Bool

    private var tally: SyncTally { result.tally }
    private var counts: ActivationCounts { result.counts }

    /// - Returns: the exit status.
    /// - Throws: `CommandFailure` when standard output cannot be written.
    func show(_ context: CommandContext) throws -> ExitStatus {
        let console = context.console
        try console.data(isJSON ? json : words)
        if tally.askedSingly {
            console.note(
                "note: the server cannot be asked for many identities at a time, so each was asked for "
                    + "alone; Ory Kratos can since v1.1"
            )
        }
        if counts.withoutServerTime > 0 {
            console.note(
                "note: of \(counts.withoutServerTime) invitations the ledger has no time by the server's "
                    + "clock (an earlier version issued them, or the server's answers had no Date): the "
                    + "server's times are compared with this machine's clock at the time of issue"
            )
        }
        if let stop = result.stop {
            if let sentence = RunReport.sentence(stop) { console.error(sentence) }
            console.error("To go on: \(CommandText.again(context.arguments))")
        }
        return result.status
    }

    private var words: String {
        var lines = ["Campaign \(result.campaign) at \(result.server)"]
        guard counts.invited > 0 else {
            return lines[0] + "\n  nothing is issued: there is nobody to ask about\n"
        }
        lines.append(
            "  asked      about \(tally.asked.grouped) of \(counts.invited.grouped) with an invitation, in "
                + "\(tally.requests.grouped) requests"
        )
        for state in ActivationState.allCases.sorted(by: { $0.place < $1.place }) {
            let new =
                switch state {
                case .activated: tally.activated
                case .redeemed: tally.redeemed
                default: 0
                }
            guard counts[state] > 0 || state == .activated || state == .unused else { continue }
            let name = state.rawValue.padded(to: 10)
            lines.append(
                "  \(name) \(counts[state].grouped)\(new > 0 ? ", \(new.grouped) since the last time" : "")"
                    + (state.remark.map { "  (\($0))" } ?? "")
            )
        }
        if counts.unasked > 0 { lines.append("  not asked  \(counts.unasked.grouped)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var json: String {
        var members: JSONMembers = [
            ("campaign", .text(result.campaign)), ("server", .text(result.server)),
            ("invited", .number(counts.invited)),
        ]
        members += ActivationState.allCases.map { ($0.rawValue, .number(counts[$0])) }
        members += [
            ("not_asked", .number(counts.unasked)), ("asked", .number(tally.asked)),
            ("newly_activated", .number(tally.activated)), ("newly_redeemed", .number(tally.redeemed)),
            ("requests", .number(tally.requests)), ("asked_singly", .flag(tally.askedSingly)),
            ("without_server_time", .number(counts.withoutServerTime)),
            ("stopped_because", .optional(result.stop?.code)),
            ("finished_at", .text(result.finishedAt.rfc3339)),
        ]
        return JSONWriter.document(members)
    }
}

extension ActivationState {
    /// The order for people.
    fileprivate var place: Int {
        switch self {
        case .activated: 0
        case .redeemed: 1
        case .unused: 2
        case .inactive: 3
        case .gone: 4
        case .unknown: 5
        }
    }

    fileprivate var remark: String? {
        switch self {
        case .activated, .unused: nil
        case .redeemed: "came in, and has set no credential"
        case .inactive: "switched off on the server"
        case .gone: "not on the server any more"
        case .unknown: "the server's answer does not tell"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
