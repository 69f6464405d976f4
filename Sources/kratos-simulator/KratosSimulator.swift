// The command line of the simulated server: settings in, ports out, until it is told to stop.

import ArgumentParser
import Dispatch
import Glibc
import IdentitySimulator
import Vocabulary

@main
struct KratosSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kratos-simulator",
        abstract: "A server that behaves like Ory Kratos v26.2 where recovery codes and links are issued.",
        discussion: """
            Prints one line each on standard output once it listens: 'admin URL' and 'public URL'. \
            Stops on SIGINT or SIGTERM with exit code 0. GET /simulator/stats on the admin port answers its \
            counters as JSON.

            FAULTS. --fault KIND=SHARE, several by repeating the option or by commas. The share is of the \
            requests that name an identity and pass the rate limit: 0.01 or 1%. Which request is hit follows \
            from the seed, the identity and how often it was asked for before, so that concurrency changes \
            nothing.
              500          500 "database is locked"; nothing is issued
              serialize    the retryable 400 of colliding transactions; nothing is issued
              429          429; nothing is issued
              429=1%:retry-after=2   the same with Retry-After: 2
              close        the connection ends without an answer; nothing is issued
              close-after  a code is issued, then the connection ends without an answer
              stall        a code is issued, its answer held until the client goes away
              stall=1%:2s  the same, but held for 2 s
              half         a code is issued, the connection ends in mid-answer
              html         502 with HTML, as from a gateway; nothing is issued
              huge         a code is issued, the answer is 201 with 10 MiB of garbage

            LOG. --log FILE appends one JSON line for every request to an issuing endpoint, before it is \
            answered: t, request, event (issued, refused or fault), endpoint, identity_id, status, fault, \
            recovery_code, recovery_link, expires_at, request_id.

            LIMITS. --rate-limit 8/s --rate-limit 175/m counts the admitted requests of both endpoints in \
            sliding windows, adds the x-ratelimit headers of Ory Network to every answer, and refuses with 429.

            SELF-SERVICE. The public port answers recoveries, settings, logins and /sessions/whoami. Codes and links \
            that were issued can be redeemed only with --self-service, which takes memory for every one of them \
            (the latest 250000 are kept); every other option under Self-service implies it. No mail is sent: \
            GET /admin/courier/messages lists the mails there would be, and --mail-log FILE appends one JSON line for \
            each with a code or link: t, recipient, template_type, identity_id, flow, recovery_code or recovery_link.
            """
    )

    @OptionGroup(title: "Listening") var doors: DoorOptions
    @OptionGroup(title: "Identities") var population: PopulationOptions
    @OptionGroup(title: "Behaviour") var behaviour: BehaviourOptions
    @OptionGroup(title: "Self-service") var selfService: SelfServiceOptions

    func run() async throws {
        var configuration = SimulatorConfiguration()
        doors.apply(to: &configuration)
        try population.apply(to: &configuration)
        try behaviour.apply(to: &configuration)
        try selfService.apply(to: &configuration)
        // Caught before the ports are announced, so that whoever reads them may stop the process at once.
        let stopping = StopSignals()
        // A client that has gone is the connection's matter, not the process's end.
        signal(SIGPIPE, SIG_IGN)
        let simulator: IdentitySimulator
        do {
            simulator = try await IdentitySimulator.start(configuration)
        } catch let error as SettingError {
            throw ValidationError(error.description)
        }
        tell("admin \(simulator.adminURL)\npublic \(simulator.publicURL)\n", on: STDOUT_FILENO)
        tell("seed \(configuration.seed), identities \(population.identities)\n", on: STDERR_FILENO)
        await stopping.first()
        try await simulator.stop()
        tell(simulator.statistics().json, on: STDERR_FILENO)
    }

    private func tell(_ text: String, on descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// Waits for the signal to stop.
private struct StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let signals: AsyncStream<Void>

    init() {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        self.signals = signals
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    func first() async {
        for await _ in signals { break }
        for source in sources { source.cancel() }
    }
}
