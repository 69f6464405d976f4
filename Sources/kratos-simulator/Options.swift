// The options of the simulated server, by what they are about.

import ArgumentParser
import Glibc
import IdentitySimulator
import Model

struct DoorOptions: ParsableArguments {
    @Option(help: "The port of the admin API; 0 takes a free one.")
    var adminPort = 4434

    @Option(help: "The port of the public API; 0 takes a free one.")
    var publicPort = 4433

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Serve the admin API on a Unix socket as well.", valueName: "path"))
    var adminUnix: String?

    @Option(help: "Event loop threads.")
    var threads = 2

    func apply(to configuration: inout SimulatorConfiguration) {
        configuration.adminPort = adminPort
        configuration.publicPort = publicPort
        configuration.host = host
        configuration.threads = threads
        configuration.adminUnixPath = adminUnix
    }

    func validate() throws {
        guard (0...65535).contains(adminPort), (0...65535).contains(publicPort) else {
            throw ValidationError("A port is a number from 0 to 65535.")
        }
        guard (1...64).contains(threads) else { throw ValidationError("--threads is from 1 to 64.") }
    }
}

struct PopulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The identities of the server: a roster file, a number of made-up ones, or 'any' for every ID.",
            valueName: "roster|n|any"
        )
    )
    var identities = "any"

    @Option(
        help: ArgumentHelp(
            "Write the made-up identities to a file as CSV, for a client to use as its roster.",
            valueName: "file"
        )
    )
    var writeRoster: String?

    @Option(
        help: ArgumentHelp(
            "The share of the identities that the server has lost, e.g. 1%.",
            valueName: "share"
        )
    )
    var unknownShare = "0"

    @Option(help: ArgumentHelp("The share of the identities that are inactive, e.g. 2%.", valueName: "share"))
    var inactiveShare = "0"

    @Option(
        help: ArgumentHelp("The share of the identities without a recovery address.", valueName: "share")
    )
    var withoutAddressShare = "0"

    @Option(help: "The origin of every choice: made-up identities, lost and inactive ones, codes and faults.")
    var seed: UInt64 = 1

    func apply(to configuration: inout SimulatorConfiguration) throws {
        configuration.seed = seed
        try translating { () throws(SettingError) in
            configuration.unknownShare = try Share(unknownShare).value
            configuration.inactiveShare = try Share(inactiveShare).value
            configuration.withoutAddressShare = try Share(withoutAddressShare).value
        }
        if let count = Int(identities) {
            guard (1...1_000_000_000).contains(count) else {
                throw ValidationError("--identities takes from 1 to 1000000000 made-up identities.")
            }
            configuration.identities = .madeUp(count: count)
            if let writeRoster { try write(MadeUpIdentities(count: count, seed: seed), to: writeRoster) }
            return
        }
        guard writeRoster == nil else {
            throw ValidationError("--write-roster needs a number of --identities to make up.")
        }
        configuration.identities = identities == "any" ? .any : try knownIdentities(rosterAt: identities)
    }

    private func write(_ identities: MadeUpIdentities, to path: String) throws {
        guard let file = fopen(path, "w") else {
            throw ValidationError("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        fputs("identity_id,email\n", file)
        for (index, identity) in identities.enumerated() {
            fputs("\(identity.text),user\(index)@example.test\n", file)
        }
        guard ferror(file) == 0, fclose(file) == 0 else {
            throw ValidationError("\(path) could not be written to its end.")
        }
    }
}

struct BehaviourOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let requests go wrong: KIND=SHARE, see above; may be repeated.",
            valueName: "faults"
        )
    )
    var fault: [String] = []

    @Option(help: ArgumentHelp("Hold back every issuing answer, e.g. 20ms.", valueName: "duration"))
    var latency = "0s"

    @Option(
        help: ArgumentHelp("Limit issuing and identity writes, e.g. 8/s; may be repeated.", valueName: "rate")
    )
    var rateLimit: [String] = []

    @Option(help: ArgumentHelp("Append every issuing request and code to a file (0600).", valueName: "file"))
    var log: String?

    @Option(help: ArgumentHelp("How long a code is valid by default.", valueName: "duration"))
    var lifespan = "1h"

    @Option(help: ArgumentHelp("The base of the links that come with codes.", valueName: "url"))
    var uiURL = "http://127.0.0.1:4455"

    @Flag(help: "Make the links that come with codes relative: /ui/recovery?flow=…")
    var relativeLinks = false

    @Option(help: ArgumentHelp("A URL below which return_to may lie; may be repeated.", valueName: "url"))
    var allowedReturnTo: [String] = []

    @Option(
        help: ArgumentHelp(
            "Switch a method off: code or link; or recovery for users who start it; may be repeated.",
            valueName: "method"
        )
    )
    var disable: [String] = []

    @Option(
        help: ArgumentHelp(
            "Limit requests for identities, in lists and single, e.g. 5/s; may be repeated.",
            valueName: "rate"
        )
    )
    var readRateLimit: [String] = []

    @Option(
        help: """
            How answers tell of limits: as Ory Network does (ory), as the IETF's drafts from 08 on (ietf) \
            or draft 07 (ietf-07) have it, or not at all (none).
            """
    )
    var limitHeaders = LimitHeaderForm.ory

    @Flag(help: "Ignore ids= in lists of identities, as old servers do, and answer the first page.")
    var ignoreIds = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How far the server's clock is ahead, e.g. 90s or -1h.", valueName: "duration")
    )
    var clockOffset = "0s"

    @Flag(help: "Give every code the default lifespan, whatever expires_in says.")
    var ignoreExpiresIn = false

    @Flag(help: "Answer /health/ready with 503, as while the database is down.")
    var notReady = false

    func apply(to configuration: inout SimulatorConfiguration) throws {
        try translating { () throws(SettingError) in
            var faults: [Fault] = []
            for text in fault { faults += try Fault.list(text) }
            configuration.faults = try FaultPlan(faults)
            // Limits of one's own take the place of those of a plan.
            if !rateLimit.isEmpty { configuration.rateLimits = [] }
            for text in rateLimit { configuration.rateLimits.append(try RateLimit(text)) }
            if !readRateLimit.isEmpty {
                (configuration.readRateLimits, configuration.singleReadRateLimits) = ([], [])
            }
            for text in readRateLimit { configuration.readRateLimits.append(try RateLimit(text)) }
        }
        guard let offset = GoDuration(clockOffset) else {
            throw ValidationError("--clock-offset takes a duration such as 90s or -1h, not '\(clockOffset)'.")
        }
        configuration.clockOffset = offset
        configuration.ignoresExpiresIn = ignoreExpiresIn
        configuration.ignoresIDs = ignoreIds
        configuration.isReady = !notReady
        configuration.limitHeaders = limitHeaders
        configuration.latency = .nanoseconds(try duration(latency, "--latency"))
        configuration.lifespan = GoDuration(nanoseconds: try duration(lifespan, "--lifespan"))
        configuration.uiURL = uiURL.hasSuffix("/") ? String(uiURL.dropLast()) : uiURL
        configuration.hasRelativeLinks = configuration.hasRelativeLinks || relativeLinks
        if !allowedReturnTo.isEmpty { configuration.allowedReturnTo = allowedReturnTo }
        for method in disable {
            if method == "recovery" {
                configuration.selfService.isRecoveryEnabled = false
                continue
            }
            guard let endpoint = IssuingEndpoint(rawValue: method) else {
                throw ValidationError("--disable takes 'code', 'link' or 'recovery', not '\(method)'.")
            }
            configuration.disabledEndpoints.insert(endpoint)
        }
        configuration.logPath = log
    }
}

/// The nanoseconds of an option's duration.
func duration(_ text: String, _ option: String) throws -> Int64 {
    guard let duration = GoDuration(text), duration.nanoseconds >= 0 else {
        throw ValidationError("\(option) takes a duration such as 20ms, 2s or 1h, not '\(text)'.")
    }
    return duration.nanoseconds
}

/// Turns what the simulator says of a setting into what the command line says of an option.
func translating<Value>(_ body: () throws(SettingError) -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        throw ValidationError(error.description)
    }
}
