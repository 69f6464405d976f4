// `latchstring plan`: what a run would do and how long it would take, without doing it.

import ArgumentParser
import Campaign
import Providers
import Files
import Pacing
import Model

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Tell what a run would do and how long it would take, without issuing or writing anything.",
        discussion: """
            Reads the roster and, where there is one, its campaign, and reckons with the limits in force: \
            those of --rate, else the plan's. Retries, and what the server takes to answer, come on top. \
            With --verify, identities are looked up; nothing else is sent. With --reissue it counts those \
            whose invitations the run would issue anew, if nobody has activated since the last sync. \
            Takes the options of run, so that \
            the plan is of the run that follows. Exit code 3 where the run would end with it for what the \
            plan knows: rejected rows, identities that failed for good before or would be given up, \
            and with --verify unknown and \
            inactive ones; --exit-code changes nothing of that. Exit code 0 also when codes expire too \
            early; --json tells.

            \(ExitStatus.help(done: "a run would issue for everybody, as far as the plan knows"))
            """
    )

    @OptionGroup(RosterGroup.self) var roster
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(section: IssuingGroup.self) var issue
    @OptionGroup(ReissueGroup.self) var reissue
    @OptionGroup(RunGroup.self) var run
    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try Settings(of: self, context)
        let job = try PlanJob(settings, context.quiet(try settings[\.run.quiet]))
        let report = try await job.run()
        try context.console.data(try settings[\.campaign.json] ? report.json : report.words)
        return report.status
    }
}

/// One plan, with its words on the terminal.
struct PlanJob {
    private let roster: RosterSettings?
    private let issue: IssueSettings
    /// Nil where none is given, and none is needed.
    private let server: ServerSettings?
    private let context: CommandContext
    private let request: PlanRequest

    init(_ settings: Settings, _ context: CommandContext) throws {
        self.context = context
        roster = try RosterSettings.ofRun(settings)
        let campaign = try CampaignSettings(settings, roster: roster?.path)
        let remembered = RememberedServer.of(campaign.folder, unlessGivenIn: settings)
        issue = try IssueSettings(settings, remembered: remembered)
        _ = try SealKeyFile.sealTo(settings)
        _ = try AgeProgram.checkedRecipients(settings, perUser: false)
        let giveUpAfter = try PacingOptions(settings, issue).giveUpAfter
        if let warning = issue.validityWarning { context.console.note(warning) }
        // A server that is named is checked, though only look-ups need it.
        server =
            issue.verifies || settings.given(\.server.server) != nil
            ? try ServerSettings(settings, needsCredential: issue.verifies, remembered: remembered) : nil
        request = PlanRequest(
            folder: campaign.folder,
            roster: roster?.request,
            isNamedByRoster: campaign.isNamedByRoster,
            server: server?.server.text,
            lookup: issue.lookup,
            share: issue.share,
            attemptsMax: try settings[\.run.attemptsMax],
            giveUpAfter: giveUpAfter,
            retryFailed: issue.retryFailed,
            wantsAbsent: issue.takesAbsent,
            reissue: try ReissueRequest(settings, issue, roster: roster, remembered: remembered)
        )
    }

    func run() async throws -> PlanReport {
        let display = ProgressDisplay(context.console, time: context.time)
        defer { display.clear() }
        let notes = RunNotes(console: context.console, folder: request.folder)
        let planContext = PlanContext(
            time: context.time,
            connect: { [server, context] in
                guard let server else { throw CommandFailure.final("there is no server to look up at") }
                return try await context.connect(server, 1, context.time)
            },
            events: RunEvents([display.tell, notes.tell])
        )
        let plan = try await PlanCampaign(request, planContext).run()
        return PlanReport(plan, issue, request.folder, roster, reissues: request.reissue != nil)
    }
}
