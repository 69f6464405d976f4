// The command line of the simulated server: settings in, ports out, until it is told to stop.

import ArgumentParser
import Dispatch
import Glibc
import IdentitySimulator
import Model

@main
struct KratosSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kratos-simulator",
        abstract:
            "A server that behaves like Ory Kratos v26.2: it issues recovery codes and links, and "
            + "keeps identities.",
        discussion: """
            Prints one line each on standard output once it listens: 'admin URL' and 'public URL', and \
            'admin-unix PATH' where it has such a socket. \
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
              html=1%:421  the same with another status
              huge         a code is issued, the answer is 201 with 10 MiB of garbage

            LOG. --log FILE appends one JSON line for every request to an issuing endpoint, before it is \
            answered: t, request, event (issued, refused or fault), endpoint, identity_id, status, fault, \
            recovery_code, recovery_link, expires_at, request_id.

            LIMITS. --rate-limit 8/s --rate-limit 175/m counts the admitted requests of both endpoints, and \
            those that create, change or delete identities, in sliding windows, adds the x-ratelimit \
            headers of Ory Network to every answer, and refuses with 429. --read-rate-limit does the same \
            with requests for identities. --plan production sets both; lists and single identities then \
            have limits of their own. --limit-headers chooses other headers for the same limits, or none.

            SERVICE. Every issuing request that names an identity and passes the limits waits, first come \
            first served, for one of --service-lanes and holds it for --service-time, as it would one of a \
            database's connections: more in flight than there are lanes wait longer, and nothing is gained. \
            --service-sharing lengthens the time by a share for every other busy lane, --service-contention \
            by up to a share the more requests wait, so that throughput falls a little past its best. \
            --service-preset sets all of them to what was measured of Kratos v26.2 on two cores, requests a \
            second at 1, 8, 32 and 128 in flight:
              postgresql   527, 1044, 968, 987: best at about 8
              sqlite-wal   510, 666, 597, 590: best from 4 to 8
              sqlite       254, 216, 213, 206: best at 1 (a rollback journal)
            --latency comes on top and takes no lane.

            IDENTITIES. /admin/identities lists, shows, creates, changes and deletes them, with 'default' \
            as the only schema. Made-up ones are called user0@example.test, user1@example.test and so on, \
            all others by their ID at example.test. What is created or changed is kept in memory until the \
            end.

            SELF-SERVICE. The public port answers recoveries, settings, logins and /sessions/whoami. Codes \
            and links that were issued can be redeemed only with --self-service, which takes memory for \
            every one of them (the latest 250000 are kept); every other option under Self-service implies \
            it. No mail is sent: GET /admin/courier/messages lists the mails there would be, and --mail-log \
            FILE appends one JSON line for each with a code or link: t, recipient, template_type, \
            identity_id, flow, recovery_code or recovery_link.
            """
    )

    @OptionGroup(title: "Listening") var doors: DoorOptions
    @OptionGroup(title: "Identities") var population: PopulationOptions
    @OptionGroup(title: "Provider") var provider: ProviderOptions
    @OptionGroup(title: "Gateway") var gateway: GatewayOptions
    @OptionGroup(title: "Behaviour") var behaviour: BehaviourOptions
    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Self-service") var selfService: SelfServiceOptions

    func run() async throws {
        var configuration = SimulatorConfiguration()
        doors.apply(to: &configuration)
        try population.apply(to: &configuration)
        try provider.apply(to: &configuration)
        try gateway.apply(to: &configuration)
        try behaviour.apply(to: &configuration)
        try service.apply(to: &configuration)
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
        let socket = configuration.adminUnixPath.map { "admin-unix \($0)\n" } ?? ""
        tell("admin \(simulator.adminURL)\npublic \(simulator.publicURL)\n\(socket)", on: STDOUT_FILENO)
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
