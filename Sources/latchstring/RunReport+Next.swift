// The last line of a run: what came of it, what is missing, and what to do next.

import Campaign
import Exports
import Ledger
import Files
import Model
import Work

extension RunReport {
    /// What to do next, in a sentence or some.
    func next(_ goOn: GoOn) -> String {
        let summary = result.summary
        guard let stop = result.stop else {
            return finished(summary, result.outcome, settings.exitCodeOf)
        }
        let goOn = goOn.after(
            stop,
            isServerBound: summary.isServerBound && !result.hasMovedInVain,
            gotFurther: summary.run.issued + summary.run.failed > 0
        )
        guard stop == .maxIdentities else {
            let left = summary.pending + summary.inDoubt - result.leftOut.due
            return "Stopped early; \(Self.are(left)) still to do (\(Self.standing(summary))). \(goOn)"
        }
        let rejected = summary.enrolment.rejected
        var went = result.outcome == .done ? "all went well" : "not all went well, see failures.csv"
        if rejected > 0 { went += "; rejected rows: \(rejected), see rejected.csv" }
        let pending = summary.pending - result.leftOut.pending
        return "As many as asked were tried, and \(went); \(Self.are(pending)) pending. \(goOn)"
    }

    /// A number with its verb.
    private static func are(_ count: Int) -> String { count == 1 ? "1 is" : "\(count) are" }

    private func finished(_ summary: Summary, _ status: ExitStatus, _ scope: ExitCodeScope) -> String {
        let funnel = summary.funnel
        let undone = summary.failed + summary.pending + summary.inDoubt
        if status == .done {
            switch scope {
            case .roster: return allReached(summary, undone: undone)
            case .run:
                let rejected = summary.enrolment.rejected
                if undone + rejected + funnel.expired == 0 { return allReached(summary, undone: 0) }
                var known: [String] = []
                if undone > 0 { known.append("identities without a code: \(undone), see failures.csv") }
                if rejected > 0 { known.append("rejected rows: \(rejected), see rejected.csv") }
                if funnel.expired > 0 { known.append("expired invitations: \(funnel.expired)") }
                return "Nothing new went wrong. Known from before: \(known.joined(separator: "; "))."
            }
        }
        var advice: [String] = []
        if summary.failed > 0 {
            advice.append(
                "see failures.csv; what may pass is tried again by the same command, the rest with "
                    + "--retry-failed"
            )
        }
        if summary.enrolment.rejected > 0 { advice.append("see rejected.csv, mend those rows and run again") }
        let due = summary.pending + summary.inDoubt - result.leftOut.due
        if due > 0 {
            advice.append("\(Self.are(due)) still to do, by the same command")
        }
        if funnel.givenUp > 0 {
            advice.append(
                "\(funnel.givenUp) not activated after as many invitations as --reissue-max allows, see "
                    + "failures.csv"
            )
        }
        let expired = funnel.expired - funnel.givenUp
        if expired > 0 {
            advice.append("expired invitations: \(expired), issued anew with --reissue expired")
        }
        if result.handOver?.leavesOut == true {
            advice.append("the manifest of the batch's format says who is left out of it")
        }
        return "Finished, but not for everybody (\(Self.standing(summary))): "
            + "\(advice.joined(separator: "; "))."
    }

    /// How the identities of the campaign stand, as the summary counts them.
    private static func standing(_ summary: Summary) -> String {
        let funnel = summary.funnel
        let counts = [
            ("activated", funnel.activated), ("expired", funnel.expired), ("failed", summary.failed),
        ]
        let others = counts.filter { $0.1 > 0 }.map { ", \($0.0): \($0.1)" }.joined()
        return "valid: \(funnel.valid)\(others)"
    }

    /// That everybody in the roster has a valid invitation or has activated.
    private func allReached(_ summary: Summary, undone: Int) -> String {
        let funnel = summary.funnel
        // Those that have no invitation at all are in earlier rosters; the others keep a valid one.
        let without = summary.identities - funnel.valid - funnel.expired - funnel.activated
        let see = summary.failed > 0 ? ": see failures.csv." : "."
        if funnel.activated == 0, funnel.expired == 0, undone == without {
            return undone == 0
                ? "Every enrolled identity is issued."
                : "Every identity of this roster is issued; of earlier ones \(Self.are(undone)) not\(see)"
        }
        var rest: [String] = []
        if without > 0 { rest.append("of earlier ones \(Self.are(without)) not issued") }
        if undone > without { rest.append("\(Self.are(undone - without)) not issued anew") }
        if funnel.expired > 0 { rest.append("expired: \(funnel.expired)") }
        let all =
            "Every identity of this roster has a valid invitation or has activated (valid: "
            + "\(funnel.valid), activated: \(funnel.activated))"
        return all + (rest.isEmpty ? "." : "; \(rest.joined(separator: ", "))\(see)")
    }

    /// What is not in the folder, and what writes it; nil where all is there.
    static func missing(_ unwritten: [RunResult.Unwritten], _ settings: RunSettings) -> String? {
        let missing = unwritten.compactMap { unwritten in
            unwritten.output.map { (files: unwritten.files, command: settings.command($0)) }
        }
        guard !missing.isEmpty else { return nil }
        let files = missing.flatMap(\.files)
        let commands = missing.map(\.command).joined(separator: " && ")
        let write = missing.count == 1 ? "this writes" : "these write"
        let them = files.count == 1 ? "it" : "them"
        return "Not written: \(list(files)). When that is mended, \(write) \(them): \(commands)"
    }

    /// The same, where a run was to write all of its files and has written none.
    static func missing(allOf settings: RunSettings) -> String? {
        let outputs: [RunOutput] = settings.skipsExport ? [.report] : [.export, .report]
        let request = settings.request
        return missing(
            outputs.map { RunResult.Unwritten(sentence: "", files: request.files(of: $0), output: $0) },
            settings
        )
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}

extension RunSettings {
    /// The command that writes a campaign's files from its ledger, with the options that the run had for it.
    func command(_ command: RunOutput) -> String {
        var arguments = [
            "latchstring", command.rawValue, "--campaign", folder.name, "--output-dir", folder.outputFolder,
        ]
        if export.invitations.formulas == .escape { arguments += ["--csv-formulas", "escape"] }
        if command == .export {
            let times = export.invitations.times
            if times.text != TimeFormat.standard.text { arguments += ["--time-format", times.text] }
            if times.zoneName != TimeFormat.standard.zoneName {
                arguments += ["--time-zone", times.zoneName]
            }
            if let base = export.invitations.linkBase { arguments += ["--link-base", base.text] }
            if export.perUser { arguments.append("--per-user") }
        }
        return CommandText.again(arguments)
    }
}
