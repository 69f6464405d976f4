// Everything that a simulated server can be told to be.

/// How a simulated server behaves; the defaults are those of a fresh Kratos that knows every identity.
package struct SimulatorConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var adminPort = 0
    /// 0 takes a free port.
    package var publicPort = 0
    package var threads = 2

    package var identities = KnownIdentities.any
    /// The share of the identities, from 0 to 1, that the server has lost.
    package var unknownShare = 0.0
    /// The origin of every choice: made-up identities, lost ones, codes, faults.
    package var seed: UInt64 = 1

    package var faults = FaultPlan.none
    /// How long every answer of the issuing endpoints is held back.
    package var latency = Duration.zero
    /// Ory Network's limits, over both issuing endpoints together; none where empty.
    package var rateLimits: [RateLimit] = []
    /// Answers on one connection after which it is closed without a word; nil for never.
    package var answersPerConnectionMax: Int?

    /// How long a code is valid where the request says nothing.
    package var lifespan = GoDuration(nanoseconds: 3_600_000_000_000)
    /// The base of the links that come with codes.
    package var uiURL = "http://127.0.0.1:4455"
    /// Whether the links that come with codes are `/ui/recovery?flow=…` instead.
    package var hasRelativeLinks = false
    /// The URLs below which `return_to` may lie.
    package var allowedReturnTo = ["http://127.0.0.1:4455"]
    package var disabledEndpoints: Set<IssuingEndpoint> = []
    package var selfService = SelfServiceSettings()
    /// The bearer token without which the admin port answers 401, as Ory Network does; nil for none.
    package var requiredToken: String?
    /// The status, 401 or 403, with which a gateway in front of the admin port refuses everything; nil for none.
    package var gatewayStatus: Int?

    /// The file that gets a line for every issuing request; nil for none.
    package var logPath: String?
    /// Whether `IdentitySimulator.issued()` has anything to tell, and codes and links can be redeemed; takes memory
    /// for every code.
    package var keepsIssued = true
    /// Decides on any request before the simulator does; nil leaves that request to the simulator.
    ///
    /// It runs on the thread that serves the connection, so it must not wait for anything: `Delivery.hold` does.
    package var script: (@Sendable (SimulatedRequest) -> Delivery?)?

    package init() {}
}
