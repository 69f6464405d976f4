// Everything that a simulated server can be told to be.

/// How a simulated server behaves; the defaults are those of a fresh Kratos that knows every identity.
package struct SimulatorConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var adminPort = 0
    /// 0 takes a free port.
    package var publicPort = 0
    package var threads = 2
    /// The path of a Unix socket on which the admin API is served besides; nil for none.
    package var adminUnixPath: String?

    package var provider = SimulatedProvider.kratos
    /// What `/version` tells; one before v1.2 makes the server treat `flow_type` as that version did.
    package var version = "v26.2.0"

    package var identities = KnownIdentities.any
    /// The share of the identities, from 0 to 1, that the server has lost.
    package var unknownShare = 0.0
    /// The share of the identities, from 0 to 1, that are inactive.
    package var inactiveShare = 0.0
    /// The share of the identities, from 0 to 1, that have no recovery address.
    package var withoutAddressShare = 0.0
    /// The origin of every choice: made-up identities, lost ones, codes, faults.
    package var seed: UInt64 = 1

    package var faults = FaultPlan.none
    /// How long every answer of the issuing endpoints is held back.
    package var latency = Duration.zero
    /// What issuing requests wait for that name an identity and pass the limits; nothing by default.
    package var service = ServiceShape()
    /// How long such a request holds one of `serviceLanes`.
    package var serviceTime: Duration {
        get { service.time }
        set { service.time = newValue }
    }
    /// How many such requests are served at a time; the others wait, first come first served.
    package var serviceLanes: Int {
        get { service.lanes }
        set { service.lanes = newValue }
    }
    /// Ory Network's limits, over both issuing endpoints and identity writes together; none where empty.
    package var rateLimits: [RateLimit] = []
    /// Limits for reading identities; none where empty.
    package var readRateLimits: [RateLimit] = []
    /// Limits for reading identities one by one, where these are not counted together with lists.
    package var singleReadRateLimits: [RateLimit] = []
    /// How answers tell of those limits.
    package var limitHeaders = LimitHeaderForm.ory
    /// Answers on one connection after which it is closed without a word; nil for never.
    package var answersPerConnectionMax: Int?

    /// How far the server's clock is ahead: of `Date`, `expires_at` and every other time that it tells.
    package var clockOffset = GoDuration(nanoseconds: 0)
    /// Whether every code is valid for `lifespan`, whatever the request says.
    package var ignoresExpiresIn = false
    /// Whether lists ignore `ids`, as a server before v1.1 does.
    package var ignoresIDs = false
    /// Whether `/health/ready` says that all is well.
    package var isReady = true

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
    /// Whether traits and metadata come back with the order of members of PostgreSQL's `jsonb`.
    package var keepsJSONBinary = false
    /// The bearer token without which the admin port answers 401; nil for none, or for any of the provider's
    /// kind.
    package var requiredToken: String?
    /// Tokens that are accepted as well.
    package var nextTokens: [String] = []
    /// Issuing requests after which `requiredToken` is refused; nil for never.
    package var tokenRequestsMax: Int?
    /// Headers without which a gateway in front of the admin port answers 401.
    package var requiredHeaders: [(name: String, value: String)] = []
    /// The longest request target, in bytes, that a gateway in front of the admin port lets pass; nil for
    /// any.
    package var urlBytesMax: Int?
    /// The status with which the gateway refuses a longer one.
    package var urlTooLongStatus = 414
    /// What every path of the admin port begins with, such as `/kratos`; empty for nothing.
    package var pathPrefix = ""
    /// The status, 401 or 403, with which a gateway in front of the admin port refuses everything; nil for
    /// none.
    package var gatewayStatus: Int?

    /// The file that gets a line for every issuing request; nil for none.
    package var logPath: String?
    /// Whether `IdentitySimulator.issued()` has anything to tell, and codes and links can be redeemed; takes
    /// memory for every code.
    package var keepsIssued = true
    /// Decides on any request before the simulator does; nil leaves that request to the simulator.
    ///
    /// It runs on the thread that serves the connection, so it must not wait for anything: `Delivery.hold`
    /// does.
    package var script: (@Sendable (SimulatedRequest) -> Delivery?)?

    package init() {}
}
