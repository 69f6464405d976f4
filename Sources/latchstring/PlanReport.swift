// What a plan comes to, in words and as JSON.

import Campaign
import Providers
import Files
import Pacing
import Model

/// A plan with the time that its requests take.
struct PlanReport {
    private let plan: RosterPlan
    private let issue: IssueSettings
    private let folder: CampaignFolder
    /// Nil for everybody in the campaign.
    private let roster: RosterSettings?
    private let reissues: Bool
    private let requests: Int
    /// The least time that the limits in force allow; zero without limits.
    private let time: Duration

    /// - Parameter reissues: whether invitations are issued anew.
    init(
        _ plan: RosterPlan,
        _ issue: IssueSettings,
        _ folder: CampaignFolder,
        _ roster: RosterSettings?,
        reissues: Bool
    ) {
        self.roster = roster
        self.reissues = reissues
        self.plan = plan
        self.issue = issue
        self.folder = folder
        requests = min(plan.requests, issue.maxIdentities ?? .max)
        time = RateLimit.leastTime(for: requests, rates: issue.ownRates, burst: issue.burst)
    }

    /// As the run would end, for what is known before it.
    var status: ExitStatus {
        let unissued = plan.rejected + plan.failedBefore + plan.unknown + plan.inactive + plan.givenUp
        return unissued > 0 ? .withFailures : .done
    }

    private var isTooSlow: Bool { time > issue.issueRequest.expiresIn }

    var json: String {
        var members: JSONMembers = [
            ("rows_read", .number(plan.rowsRead)),
            ("enrolled", .number(plan.enrolled)),
            ("duplicates", .number(plan.duplicates)),
            ("rejected", .number(plan.rejected)),
            ("already_issued", .number(plan.alreadyIssued)),
            ("absent", .number(plan.absent)),
            ("requests", .number(requests)),
            ("seconds", .decimal(time.inSeconds)),
            ("first_expires_before_last_issued", .flag(isTooSlow)),
        ]
        if issue.verifies {
            members.append(("unknown_identity", .number(plan.unknown)))
            members.append(("inactive_identity", .number(plan.inactive)))
        }
        if reissues {
            members.append(("to_reissue", .number(plan.reissued)))
            members.append(("given_up", .number(plan.givenUp)))
        }
        return JSONWriter.document(members)
    }

    var words: String {
        var lines = [
            "Plan of the campaign \(folder.name); no request for a code was sent, nothing written",
            line(
                "roster",
                roster == nil
                    ? "none: everybody in the campaign is meant"
                    : "\(plan.rowsRead) rows read: \(plan.enrolled) enrolled, \(plan.duplicates) duplicates, "
                        + "\(plan.rejected) rejected"
            ),
            line("before", "\(plan.alreadyIssued) already issued, \(plan.failedBefore) failed for good"),
        ]
        if plan.absent > 0 { lines.append(line("absent", absent)) }
        if issue.verifies {
            lines.append(line("looked up", "\(plan.unknown) unknown, \(plan.inactive) inactive"))
        }
        if reissues { lines.append(line("anew", anew)) }
        lines.append(line("requests", "\(requests), and retries"))
        lines.append(line("limits", limits))
        lines.append(
            line("time", issue.rates.isEmpty ? "as fast as the server answers" : "\(time.inWords) at least")
        )
        lines.append(line("expiry", expiry))
        return lines.joined(separator: "\n") + "\n" + (isTooSlow ? advice : "")
    }

    private var absent: String {
        if roster == nil { return "\(plan.absent) not in the latest roster: taken, too" }
        return issue.takesAbsent
            ? "\(plan.absent) not in this roster: taken, too"
            : "\(plan.absent) not issued yet and not in this roster: left out (--absent issue takes them)"
    }

    private var anew: String {
        let givenUp =
            plan.givenUp > 0 ? "; \(plan.givenUp) have as many invitations as --reissue-max allows" : ""
        return "\(plan.reissued) at most: the server is not asked who has activated since\(givenUp)"
    }

    private var limits: String {
        issue.rates.isEmpty ? "none in force" : issue.ownRates.inWords
    }

    private var expiry: String {
        let expiresIn = issue.issueRequest.expiresIn.inWords
        guard !issue.rates.isEmpty else { return "codes are valid for \(expiresIn)" }
        return isTooSlow
            ? "the first code expires after \(expiresIn), before the last is issued"
            : "the first code expires after \(expiresIn), \((issue.issueRequest.expiresIn - time).inWords) "
                + "after the last is issued"
    }

    /// What to change so that no code expires before the last is issued.
    private var advice: String {
        let hours = Int((time.inSeconds / 3600).rounded(.up)) + 1
        var ways = ["--expires-in \(hours)h or longer"]
        if let most = RateLimit.mostRequests(
            within: issue.issueRequest.expiresIn,
            rates: issue.ownRates,
            burst: issue.burst
        ) {
            ways.append("several runs of --max-identities \(most) or fewer, each mailed before the next")
        }
        ways.append("a higher limit, where the server allows one (--rate, --plan)")
        return "To fit: \(ways.joined(separator: "; or ")).\n"
    }

    private func line(_ name: String, _ text: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 11 - name.count)))\(text)"
    }
}
