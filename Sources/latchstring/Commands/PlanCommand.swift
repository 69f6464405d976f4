// `latchstring plan`: what a run would do and how long it would take, without doing it.

import ArgumentParser
import Campaign
import HTTPTransport
import IdentityAPI
import Ledger
import OutputFiles
import Pacing
import Roster
import Vocabulary
import Work

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Tell what a run would do and how long it would take, without issuing or writing anything.",
        discussion: """
            Reads the roster and, where there is one, its campaign, and reckons with the limits in force: those of \
            --rate, else the plan's. Retries, and what the server takes to answer, come on top. With --verify, \
            identities are looked up; nothing else is sent. Takes the options of run, so that the plan is of the run \
            that follows. Exit code 3 where the run would end with it for what the plan knows: rejected rows, identities \
            that failed for good before, and with --verify unknown and inactive ones; --exit-code changes nothing of \
            that. Exit code 0 also when codes expire too early; --json tells.

            \(ExitStatus.help(done: "a run would issue for everybody, as far as the plan knows"))
            """
    )

    @OptionGroup(RosterGroup.self) var roster
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(section: IssuingGroup.self) var issue
    @OptionGroup(RunGroup.self) var run
    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let settings = try Settings(of: self)
        let report = try await PlanJob(settings).run()
        try Console.data(try settings[\.campaign.json] ? report.json : report.words)
        if report.status != .done { throw report.status.exitCode }
    }
}

/// The steps of one plan.
struct PlanJob {
    private let settings: Settings
    private let roster: RosterSettings?
    private let issue: IssueSettings
    private let folder: CampaignFolder
    private let isNamedByRoster: Bool
    private let console: Console
    private let attemptsMax: Int
    private let giveUpAfter: Duration?
    private let time = TimeSource(ContinuousClock(), wallClock: Timestamp.now)

    init(_ settings: Settings) throws {
        self.settings = settings
        roster = try RosterSettings.ofRun(settings)
        issue = try IssueSettings(settings)
        let campaign = try CampaignSettings(settings, roster: roster?.path)
        (folder, isNamedByRoster) = (campaign.folder, campaign.isNamedByRoster)
        _ = try SealKeyFile.sealTo(settings)
        _ = try AgeProgram.checkedRecipients(settings, perUser: false)
        giveUpAfter = try PacingOptions(settings, issue).giveUpAfter
        console = Console(isQuiet: try settings[\.run.quiet])
        attemptsMax = try settings[\.run.attemptsMax]
    }

    func run() async throws -> PlanReport {
        if let warning = issue.validityWarning { console.note(warning) }
        // A server that is named is checked, though only look-ups need it.
        let server =
            issue.verifies || settings.given(\.server.server) != nil
            ? try ServerSettings(settings, needsCredential: issue.verifies) : nil
        let (file, ledger) = try CommandFailure.wrapping {
            let exists = try folder.exists()
            let file = try roster.map { try RosterFile($0.path, options: $0.options, mayBeEmpty: exists) }
            // Without a roster there has to be a campaign.
            return (file, try exists || roster == nil ? folder.openLedger() : nil)
        }
        for note in try CommandFailure.wrapping({ try file?.notes(roster) ?? [] }) { console.note(note) }
        if let ledger, let server { try Self.check(ledger, server, folder) }
        if let ledger, isNamedByRoster, let roster {
            try CommandFailure.wrapping { try folder.check(rosterFile: roster.path, against: ledger) }
        }
        let connected = issue.verifies ? try await server?.connect(concurrency: 1, now: time.wallClock) : nil
        defer { connected?.transport.stop() }
        let lookups = try connected.map { connected in
            try PlannedLookups(
                IdentityLookup(connected.connection, columns: issue.columns),
                options: StageOptions(lookingUp: issue, attemptsMax: attemptsMax, giveUpAfter: giveUpAfter),
                time: time
            )
        }
        var planner = Planner(
            campaign: ledger,
            retryFailed: issue.retryFailed,
            takesAbsent: roster == nil || issue.takesAbsent,
            columns: issue.columns,
            lookups: lookups
        )
        var display = StepDisplay(console: console, time: time)
        defer { display.clear() }
        do {
            let plan = try await planner.plan(file?.reader) {
                display.show("\($0.rowsRead.grouped) rows read")
            }
            await lookups?.end()
            if let note = file?.laterColumnNote { console.note(note) }
            return PlanReport(plan, issue, folder, roster)
        } catch let stopped as PlannedLookups.Stopped {
            await lookups?.end()
            throw Self.failure(stopped.reason)
        } catch {
            await lookups?.end()
            throw CommandFailure(describing: error)
        }
    }

    /// The plan is of the campaign's own server.
    private static func check(_ ledger: any LedgerReader, _ server: ServerSettings, _ folder: CampaignFolder)
        throws
    {
        let campaign = try CommandFailure.wrapping { try ledger.campaign() }
        let known = campaign.server
        guard known == server.server.text || !campaign.isServerBound else {
            throw CommandFailure(
                .error,
                "the campaign \(folder.name) belongs to \(known), not to \(server.server): use another --campaign"
            )
        }
    }

    private static func failure(_ reason: StopReason) -> CommandFailure {
        if case .fatal(let answer) = reason { return CommandFailure(ExitStatus(reason), answer.sentence) }
        return CommandFailure(ExitStatus(reason), "stopped before the end; nothing was sent but look-ups")
    }
}
