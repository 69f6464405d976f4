// What one simulated server is, without its sockets: every request goes in here and comes out as a delivery.

import Glibc
import Synchronization
import Model

/// Decides what becomes of each request, and remembers what was given out.
final class SimulatorCore: Sendable {
    /// Where the server can be reached, which is known once its ports are.
    struct Endpoints: Sendable {
        var adminURL = ""
        var publicURL = ""
    }

    struct State {
        var directory: IdentityDirectory
        var limiter: RateLimiter
        /// What issuing requests wait for; nil for nothing.
        var lanes: ServiceLanes?
        var peaks = ArrivalPeaks()
        var statistics = SimulatorStatistics()
        var issued: [IssuedRecord] = []
        var lastArrival: Int64 = 0
        let derivation: AccountDerivation
        var overlay = AccountOverlay()
        /// For lists of identities, and for single ones that have no limits of their own.
        var readLimiter: RateLimiter
        var singleReadLimiter: RateLimiter
        let hasSingleReadLimits: Bool
        var readPeaks = ArrivalPeaks()
        var selfService: SelfServiceState
    }

    let configuration: SimulatorConfiguration
    let state: Mutex<State>
    let rules: IssuingRules
    let hash: SeededHash
    let log: RequestLog?
    let tokens: Mutex<TokenBook>
    let mailLog: RequestLog?
    let connections = OpenConnections()
    private let endpoints = Mutex(Endpoints())
    private let date = Mutex((second: Int64.min, line: ""))

    init(_ configuration: SimulatorConfiguration) throws(SettingError) {
        self.configuration = configuration
        hash = SeededHash(seed: configuration.seed)
        rules = IssuingRules(
            disabledEndpoints: configuration.disabledEndpoints,
            lifespan: configuration.lifespan,
            returnTo: ReturnToRule(allowed: configuration.allowedReturnTo),
            flowType: FlowTypeRule(configuration.provider, version: configuration.version),
            ignoresExpiresIn: configuration.ignoresExpiresIn
        )
        tokens = Mutex(TokenBook(configuration))
        if let path = configuration.logPath { log = try RequestLog(path: path) } else { log = nil }
        let directory = IdentityDirectory(
            known: configuration.identities,
            seed: configuration.seed,
            unknownShare: configuration.unknownShare,
            countsStrangers: !configuration.faults.faults.isEmpty
        )
        if let path = configuration.selfService.mailLogPath {
            mailLog = try RequestLog(path: path)
        } else {
            mailLog = nil
        }
        state = Mutex(
            State(
                directory: directory,
                limiter: RateLimiter(configuration.rateLimits, announcing: configuration.limitHeaders),
                lanes: ServiceLanes(configuration.service),
                derivation: AccountDerivation(configuration),
                readLimiter: RateLimiter(
                    configuration.readRateLimits,
                    announcing: configuration.limitHeaders
                ),
                singleReadLimiter: RateLimiter(
                    configuration.singleReadRateLimits,
                    announcing: configuration.limitHeaders
                ),
                hasSingleReadLimits: !configuration.singleReadRateLimits.isEmpty,
                selfService: SelfServiceState(hash, switchedOff: configuration.disabledEndpoints)
            )
        )
    }

    var currentEndpoints: Endpoints { endpoints.withLock { $0 } }

    func open(_ endpoints: Endpoints) {
        self.endpoints.withLock { $0 = endpoints }
    }

    func connectionAccepted() -> Int {
        state.withLock { state in
            state.statistics.connectionsAccepted += 1
            return state.statistics.connectionsAccepted
        }
    }

    var statistics: SimulatorStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.peakInSecond = state.peaks.peakInSecond
            statistics.peakInMinute = state.peaks.peakInMinute
            statistics.readPeakInSecond = state.readPeaks.peakInSecond
            statistics.readPeakInMinute = state.readPeaks.peakInMinute
            return statistics
        }
    }

    /// The `Date` line of an answer sent now.
    func dateLine() -> String {
        let now = now()
        return date.withLock { date in
            let second = now.nanoseconds / 1_000_000_000
            if second != date.second { date = (second, "Date: \(now.httpDate)\r\n") }
            return date.line
        }
    }

    func delivery(for arrived: SimulatedRequest) -> Delivery {
        let request = routed(arrived)
        var endpoint: IssuingEndpoint?
        if let request, request.port == .admin, request.method == "POST" {
            endpoint = issuingEndpoint(request.path)
        }
        if let delivery = configuration.script?(arrived) {
            if let endpoint { noteScripted(arrived, endpoint, delivery) }
            return delivery
        }
        if arrived.port == .admin, let refusal = gateway(arrived) { return .answer(refusal) }
        guard let request else { return .answer(.notFoundPage) }
        guard let endpoint else { return inProvidersShape(.answer(route(request)), for: request) }
        let delivery = inProvidersShape(issue(request, endpoint), for: request)
        guard configuration.latency > .zero else { return delivery }
        return .hold(.time(configuration.latency), then: delivery)
    }

    func issuingEndpoint(_ path: Substring) -> IssuingEndpoint? {
        switch path {
        case "/admin/recovery/code", "/recovery/code": .code
        case "/admin/recovery/link", "/recovery/link": .link
        default: nil
        }
    }

    /// The time by the server's clock, which may be wrong.
    func now() -> GoTime {
        let offset = configuration.clockOffset.nanoseconds
        let (time, overflow) = Self.wallTime().nanoseconds.addingReportingOverflow(offset)
        return GoTime(nanoseconds: overflow ? .max : time)
    }

    /// The time as it is.
    static func wallTime() -> GoTime { GoTime(nanoseconds: read(CLOCK_REALTIME)) }

    static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
