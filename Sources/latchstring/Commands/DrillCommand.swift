// `latchstring drill`: the whole way of one user, tried on an account made for it.

import ArgumentParser
import Campaign
import Drill
import HTTPTransport
import Providers
import Pacing
import Model

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Try the whole way of one user, from the code to a login with a new password.",
        discussion: """
            On an account made for it: issues a code (of the API type, as a native client redeems it), \
            redeems it, opens the settings, sets a new random password, logs in with it and asks whose \
            session that is. Each step is shown with its time and what the server said, and at the first \
            failure which setting is the likely reason. The password is thrown away: afterwards nobody knows \
            it. Codes, links, tokens and the password are never shown. Exit code 0 where the whole way \
            works, 1 where it does not; without --yes, and without a terminal to ask on, nothing is done \
            (64).

            \(ExitStatus.help(done: "all is well"))
            """
    )

    @OptionGroup(section: DrillGroup.self) var drill
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(DrillCampaignGroup.self) var campaign
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try DrillSettings(try Settings(of: self, context))
        let job = DrillJob(settings, context)
        try job.confirm()
        return try await job.run() ? .done : .error
    }
}

/// One drill with its connections.
struct DrillJob {
    private let settings: DrillSettings
    private let context: CommandContext

    init(_ settings: DrillSettings, _ context: CommandContext) {
        self.settings = settings
        self.context = context
    }

    /// Warns, and asks where nobody has said yes.
    ///
    /// - Throws: `CommandFailure`, a usage error, where it is not to be done; nothing has been sent then.
    func confirm() throws {
        let console = context.console
        console.note(settings.warning)
        guard !settings.isConfirmed else { return }
        guard console.streams.canAsk else {
            throw CommandFailure(.usage, "nothing was done", advice: "give --yes to go on")
        }
        guard console.confirms("Type yes to go on: ") else {
            throw CommandFailure(.usage, "nothing was done")
        }
    }

    /// Runs it and shows what came of it: whether the whole way works.
    func run() async throws -> Bool {
        let (now, console) = (context.time.wallClock, context.console)
        let admin = try await settings.server?.connect(concurrency: 1, now: now)
        defer { admin?.transport.stop() }
        let plain = try settings.publicPort.connect(keepingCookies: false, now: now)
        defer { plain.transport.stop() }
        let cookies = try settings.publicPort.connect(keepingCookies: true, now: now)
        defer { cookies.transport.stop() }
        let runner = DrillRunner(
            settings.plan,
            admin: admin?.connection,
            publicPort: plain.connection,
            publicPortWithCookies: cookies.connection,
            codeSource: Self.codeSource(settings)
        )
        var generator = SystemRandomNumberGenerator()
        let isJSON = settings.isJSON
        let report = try await runner.run(password: FreshPassword.make(using: &generator)) { step in
            if !isJSON { try console.data(step.words) }
        }
        try console.data(isJSON ? report.json(\.inOptions) : report.closingWords(\.inOptions))
        if isJSON, let words = report.passwordWords { console.note(words) }
        return report.isOK
    }

    private static func codeSource(_ settings: DrillSettings) -> DrillRunner.CodeSource {
        if let command = settings.codeCommand {
            return {
                Secret(SecretLine.trimmed(try await command.output()))
            }
        }
        return {
            guard let code = try Terminal.secret("The code in the mail (it is not shown): ") else {
                throw CommandFailure(.error, "no code was given")
            }
            return code
        }
    }
}
