// The options about what kind of server it is, and what stands in front of it.

import ArgumentParser
import Glibc
import IdentitySimulator
import Model

extension SimulatedProvider: ExpressibleByArgument {}
extension OryPlan: ExpressibleByArgument {}
extension LimitHeaderForm: ExpressibleByArgument {}

struct ProviderOptions: ParsableArguments {
    @Option(
        help: """
            The kind of server. 'ory-network' takes bearer tokens ory_pat_… or ory_apikey_… only, and gives \
            relative links; 'connhex' serves /iam/… to bearers of a token, and has errors in two shapes.
            """
    )
    var provider = SimulatedProvider.kratos

    @Option(help: "Ory Network's plan, for its limits of issuing and reading.")
    var plan: OryPlan?

    @Option(help: ArgumentHelp("What /version tells, e.g. v0.13.0.", valueName: "version"))
    var versionString = "v26.2.0"

    @Option(
        help: ArgumentHelp(
            """
            Answer 401 as Ory Network does without the bearer token in this file. The environment variable \
            KRATOS_SIMULATOR_TOKEN does the same.
            """,
            valueName: "file"
        )
    )
    var requireToken: String?

    @Option(
        help: ArgumentHelp("Refuse that token after so many issuing requests, as if expired.", valueName: "n")
    )
    var tokenRequests: Int?

    @Option(help: ArgumentHelp("Accept the token in this file as well; may be repeated.", valueName: "file"))
    var nextTokenFile: [String] = []

    func apply(to configuration: inout SimulatorConfiguration) throws {
        configuration.provider = provider
        configuration.version = versionString
        if provider == .oryNetwork { configuration.hasRelativeLinks = true }
        if let plan {
            configuration.rateLimits = plan.writeLimits
            configuration.readRateLimits = plan.listLimits
            configuration.singleReadRateLimits = plan.singleReadLimits
        }
        configuration.requiredToken =
            try requireToken.map(firstLine) ?? environmentVariable("KRATOS_SIMULATOR_TOKEN")
        if let tokenRequests {
            guard tokenRequests >= 0 else {
                throw ValidationError("--token-requests takes a number of at least 0.")
            }
            guard configuration.requiredToken != nil else {
                throw ValidationError("--token-requests needs --require-token: a token that can expire.")
            }
        }
        configuration.tokenRequestsMax = tokenRequests
        configuration.nextTokens = try nextTokenFile.map(firstLine)
    }
}

struct GatewayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Refuse every admin request as a gateway would: 401 or 403.", valueName: "status")
    )
    var gatewayAuth: Int?

    @Option(
        help: ArgumentHelp(
            """
            Refuse admin requests without this header as a gateway would: 'Name: value', or 'Name: @file' \
            for the first line of a file, or 'Name: $VARIABLE'; may be repeated.
            """,
            valueName: "header"
        )
    )
    var requireHeader: [String] = []

    @Option(
        help: ArgumentHelp("What all paths of the admin API begin with, e.g. /kratos.", valueName: "path")
    )
    var pathPrefix = ""

    @Option(
        help: ArgumentHelp(
            "The longest path with query that a gateway lets pass to the admin port.",
            valueName: "bytes"
        )
    )
    var urlMax: Int?

    @Option(help: ArgumentHelp("How the gateway refuses longer ones: 414, 431 or 400.", valueName: "status"))
    var urlMaxStatus = 414

    @Option(help: ArgumentHelp("Close each connection without a word after so many answers.", valueName: "n"))
    var closeIdleAfter: Int?

    func apply(to configuration: inout SimulatorConfiguration) throws {
        if let gatewayAuth, gatewayAuth != 401, gatewayAuth != 403 {
            throw ValidationError("--gateway-auth takes 401 or 403.")
        }
        if let closeIdleAfter, closeIdleAfter < 1 {
            throw ValidationError("--close-idle-after takes a number of at least 1.")
        }
        guard pathPrefix.isEmpty || pathPrefix.hasPrefix("/") && !pathPrefix.hasSuffix("/") else {
            throw ValidationError("--path-prefix takes a path such as /kratos.")
        }
        if let urlMax, urlMax < 1 { throw ValidationError("--url-max takes a number of at least 1.") }
        guard [400, 414, 431].contains(urlMaxStatus) else {
            throw ValidationError("--url-max-status takes 414, 431 or 400.")
        }
        configuration.gatewayStatus = gatewayAuth
        configuration.answersPerConnectionMax = closeIdleAfter
        configuration.pathPrefix = pathPrefix
        configuration.urlBytesMax = urlMax
        configuration.urlTooLongStatus = urlMaxStatus
        configuration.requiredHeaders = try requireHeader.map(header)
    }

    private func header(_ text: String) throws -> (name: String, value: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let name = parts.first, !name.contains(" ") else {
            throw ValidationError("--require-header takes 'Name: value'.")
        }
        let value = String(parts[1].drop { $0 == " " })
        switch value.first {
        case "@": return (String(name), try firstLine(of: String(value.dropFirst())))
        case "$":
            guard let secret = environmentVariable(String(value.dropFirst())) else {
                throw ValidationError("The environment variable \(value) of --require-header is not set.")
            }
            return (String(name), secret)
        case nil: throw ValidationError("--require-header takes 'Name: value'.")
        default: return (String(name), value)
        }
    }
}

func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

/// The first line of a file that holds a secret.
func firstLine(of path: String) throws -> String {
    guard let file = fopen(path, "r") else {
        throw ValidationError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes[..<count].prefix { $0 != 0x0a && $0 != 0x0d }
    guard !line.isEmpty else {
        throw ValidationError("\(path) holds nothing in its first line.")
    }
    return String(decoding: line, as: UTF8.self)
}
