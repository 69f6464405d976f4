// `latchstring doctor`: whether a run would go well, before there is one.

import ArgumentParser
import Campaign
import Doctor
import HTTPTransport
import Providers
import Pacing
import Model

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Check the server, the credential, the roster and the output folder, without issuing a code.",
        discussion: """
            One line for each check: ok, warning, problem, or skipped where another one failed or something \
            is not given. Takes the options of run, so that what is checked is what a run would use. No \
            check issues a code or writes a file: the method is tried with the nil UUID, which is nobody's.

              reach          name, connection, and what took how long
              tls            the certificate: its name, authority and dates
              alive, ready   the server's process, and its database
              version        which it is, and what it lacks
              admin_api      the admin port, not the public one; its path; no redirect
              credential     it is accepted
              method         recovery by --method is enabled, the request understood
              limits         those announced, against those of --rate or the plan
              clock          how far the server's is from this machine's
              recovery       with --public-server: users can recover by themselves
              roster         with a roster: it can be read; rows that are rejected
              identities     with a roster: up to 100 of its IDs are looked up
              output_folder  writable, private, on a local disk
              disk_space     with a roster: what its campaign takes on the disk

            Exit code 0 where there is no problem, warnings or not; 1 where there is one.

            \(ExitStatus.help(done: "all is well"))
            """
    )

    @OptionGroup(RosterGroup.self) var roster
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(DoctorGroup.self) var doctor
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
        let settings = try DoctorSettings(try Settings(of: self, context))
        let report = try await DoctorJob(settings, context).run()
        return report.problems > 0 ? .error : .done
    }
}

/// The steps of one examination.
struct DoctorJob {
    private let settings: DoctorSettings
    private let context: CommandContext

    init(_ settings: DoctorSettings, _ context: CommandContext) {
        self.settings = settings
        self.context = context
    }

    func run() async throws -> DoctorReport {
        let (server, transport) = await open()
        defer { transport?.stop() }
        let publicPort = try settings.publicPort?.connect(keepingCookies: false, now: context.time.wallClock)
        defer { publicPort?.transport.stop() }
        let examination = Examination(
            server: server,
            publicServer: publicPort?.connection,
            issueRequest: settings.issue.issueRequest,
            rates: settings.issue.rates,
            roster: settings.roster,
            outputFolder: settings.outputFolder,
            campaignFolder: settings.campaignFolder
        )
        let (isJSON, console) = (settings.isJSON, context.console)
        let report = try await examination.report { if !isJSON { try console.data($0.line(\.inOptions)) } }
        try console.data(isJSON ? report.json(\.inOptions) : report.lastLine)
        return report
    }

    /// The connection to the server; what is wrong with its settings is a finding, too.
    private func open() async -> (Examination.Server, CurlTransport?) {
        var credential = Credential(nil)
        var refusal: Finding?
        do {
            credential = try await settings.server.credential.load(for: settings.server.provider)
        } catch {
            refusal = .problem(
                .credential,
                "\(CommandFailure(describing: error).sentence)",
                "mend that first: nothing is asked that wants a credential"
            )
        }
        do {
            let transport = try settings.server.startTransport(to: settings.server.server, connections: 1)
            return (.open(connection(credential, transport), credentialRefusal: refusal), transport)
        } catch {
            return (
                .closed(
                    .problem(
                        .tls,
                        "\(CommandFailure(describing: error).sentence)",
                        "check --client-cert, --client-key and --server"
                    )
                ), nil
            )
        }
    }

    private func connection(_ credential: Credential, _ transport: CurlTransport) -> ServerConnection {
        let server = settings.server
        return ServerConnection(
            provider: server.provider,
            server: server.server,
            credential: credential,
            headers: server.headers,
            timeout: server.timeout,
            proxy: ProxyInUse(server.proxy, named: server.proxyOrigin, to: server.server),
            transport: transport,
            now: context.time.wallClock
        )
    }
}
