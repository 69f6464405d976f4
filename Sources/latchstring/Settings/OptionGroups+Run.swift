// The options of whatever asks a server: the roster, the server, what is asked for, and how fast.

import ArgumentParser

/// Whom the campaign is for.
struct RosterSource: SettingGroup {
    @Argument(
        help: ArgumentHelp(
            "A file with identity IDs (CSV, one ID a line, or Kratos' JSON), or - for standard input.",
            discussion: "Left out, run and plan take everybody in the campaign that --campaign names."
        )
    )
    var roster: String?

    @Option(
        help: ArgumentHelp(
            "Which column holds the identity ID.",
            discussion: "Else identity_id, identity or id, else the one column that holds UUIDs.",
            valueName: "name"
        )
    )
    var idColumn: String?

    @Option(
        help: ArgumentHelp(
            "What separates fields: , ; tab or |; else told from the first lines.",
            valueName: "c"
        )
    )
    var delimiter: String?

    @Option(
        help: ArgumentHelp(
            "Columns to leave behind: they are not enrolled, and no output has them; may be given several times.",
            discussion: """
                Names in any case, separated by commas; of JSON with everything below them. Columns of an earlier \
                output that hold codes, links and expiries are always left behind, and so are the own columns of a \
                failures.csv.
                """,
            valueName: "name,…"
        )
    )
    var withoutColumns: [String] = []

    var flags: [String: [String]] {
        var flags = settingTexts(["roster": roster, "id-column": idColumn, "delimiter": delimiter])
        flags["without-columns"] = withoutColumns
        return flags
    }
}

/// Which server, and how it is spoken to.
struct ServerOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "The kind of server: kratos, ory-network or connhex. (default: kratos)",
            valueName: "name"
        )
    )
    var provider: String?

    @Option(
        help: ArgumentHelp(
            "The base URL of the server's admin API, or unix:/path. Required.",
            discussion: """
                Of Ory Network the project's URL or slug, or a custom domain. https, unless the host is this machine.
                """,
            valueName: "url"
        )
    )
    var server: String?

    @Option(
        help: ArgumentHelp(
            """
            The plan of Ory Network whose limits hold unless --rate is given: developer, production, growth, \
            enterprise or staging. (default: developer)
            """,
            valueName: "name"
        )
    )
    var plan: String?

    @Option(
        help: ArgumentHelp(
            "A file with a bearer token, which nobody else can read; else LATCHSTRING_API_KEY.",
            discussion: "Read again when the server refuses the token in the middle of a run.",
            valueName: "file"
        )
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A command for sh that prints a bearer token; run again when the token is refused.",
            valueName: "command"
        )
    )
    var apiKeyCommand: String?

    @Option(
        help: ArgumentHelp(
            "A header to send along, 'Name: value', that is no secret; may be given several times.",
            valueName: "header"
        )
    )
    var header: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file with headers to send along, one 'Name: value' a line, which nobody else can read.",
            valueName: "file"
        )
    )
    var headerFile: String?

    @Option(help: ArgumentHelp("A client certificate, PEM.", valueName: "file"))
    var clientCert: String?

    @Option(
        help: ArgumentHelp(
            "Its private key, PEM, without a passphrase; else the certificate's file has it.",
            valueName: "file"
        )
    )
    var clientKey: String?

    @Option(
        help: ArgumentHelp(
            "The certificates of the authorities to trust, PEM; else the system's.",
            valueName: "file"
        )
    )
    var caFile: String?

    @Flag(help: "Let codes and keys travel unencrypted to a server that is not this machine.")
    var allowHttp = false

    @Option(
        help: ArgumentHelp(
            "A proxy's URL, or none; else the environment's, as curl has it.",
            valueName: "url|none"
        )
    )
    var proxy: String?

    @Option(help: ArgumentHelp("For one request, whole; at most 1h. (default: 30s)", valueName: "duration"))
    var timeout: String?

    var flags: [String: [String]] {
        var flags = settingTexts([
            "provider": provider, "server": server, "plan": plan, "api-key-file": apiKeyFile,
            "api-key-command": apiKeyCommand, "header-file": headerFile, "client-cert": clientCert,
            "client-key": clientKey, "ca-file": caFile, "proxy": proxy, "timeout": timeout,
        ])
        flags["header"] = header
        if allowHttp { flags["allow-http"] = ["true"] }
        return flags
    }
}

/// What is asked for, for whom, and at which pace.
struct IssueOptions: SettingGroup {
    @Option(
        help: ArgumentHelp("Recover by code, or by link. (default: code)", valueName: "code|link")
    )
    var method: String?

    @Option(
        help: ArgumentHelp("The validity to ask for: 90s, 12h, 7d. (default: 24h)", valueName: "duration")
    )
    var expiresIn: String?

    @Option(
        help: ArgumentHelp(
            "The kind of flow that a code is for; not sent unless given, as old servers refuse it.",
            valueName: "browser|api"
        )
    )
    var flowType: String?

    @Option(
        help: ArgumentHelp(
            "Where users go afterwards; the server has to allow it (selfservice.allowed_return_urls).",
            valueName: "url"
        )
    )
    var returnTo: String?

    @Option(
        help: ArgumentHelp(
            """
            At most so many requests: 8/s, 175/m, 10000/h; may be given several times, all hold at once. \
            (default: none; for ory-network its plan's)
            """,
            valueName: "n/s|m|h"
        )
    )
    var rate: [String] = []

    @Option(
        help: ArgumentHelp(
            "Requests that may go out at once in the shortest window, instead of evenly spaced. (default: 1)",
            valueName: "n"
        )
    )
    var burst: String?

    @Option(
        help: ArgumentHelp(
            """
            The part of every limit, given or announced by the server, that is this run's: 0.5 leaves half to others. \
            (default: 1)
            """,
            valueName: "0.01-1"
        )
    )
    var share: String?

    @Option(help: ArgumentHelp("Issue for the first n that are due, then stop: a canary.", valueName: "n"))
    var maxIdentities: String?

    @Option(
        help: ArgumentHelp(
            "Identities of the campaign that are not in this roster: leave them out, or issue for them too. (default: skip)",
            valueName: "skip|issue"
        )
    )
    var absent: String?

    @Flag(help: "Take up again what failed permanently before.")
    var retryFailed = false

    @Flag(
        help: """
            Look identities up before anything is issued: unknown and inactive ones fail at once, and cost no issuing \
            request.
            """
    )
    var verify = false

    @Option(
        help: ArgumentHelp(
            "Add columns from the server's identities to the exports: email=traits.email,name=traits.name.first.",
            discussion: "Implies --verify.",
            valueName: "name=path,…"
        )
    )
    var columns: [String] = []

    @Option(
        help: ArgumentHelp(
            "At most so many look-ups, 500 identities each: 1/s, 25/m. (default: none; for ory-network its plan's)",
            valueName: "n/s|m|h"
        )
    )
    var readRate: [String] = []

    var flags: [String: [String]] {
        var flags = settingTexts([
            "method": method, "expires-in": expiresIn, "flow-type": flowType, "return-to": returnTo,
            "burst": burst, "share": share, "max-identities": maxIdentities,
            "absent": absent,
        ])
        flags["rate"] = rate
        flags["read-rate"] = readRate
        flags["columns"] = columns
        if retryFailed { flags["retry-failed"] = ["true"] }
        if verify { flags["verify"] = ["true"] }
        return flags
    }
}

/// How a run works.
struct RunOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "Requests in flight at most, 1 to 1024; auto finds how many the server makes the most of. (default: auto)",
            valueName: "auto|n"
        )
    )
    var concurrency: String?

    @Option(
        help: ArgumentHelp(
            "The most that --concurrency auto goes to, 1 to 1024. (default: 256)",
            valueName: "n"
        )
    )
    var concurrencyMax: String?

    @Option(help: ArgumentHelp("Tries for one identity in one run, 1 to 100. (default: 5)", valueName: "n"))
    var attemptsMax: String?

    @Option(
        help: ArgumentHelp(
            """
            Stop when an outage has lasted that long, resumably: exit code 5. Until then the server is probed, and no \
            identity fails for it. (default: 10m)
            """,
            valueName: "duration"
        )
    )
    var giveUpAfter: String?

    @Option(
        help: ArgumentHelp(
            "Stop after that time, resumably: what is on its way is awaited, exit code 5.",
            valueName: "duration"
        )
    )
    var maxDuration: String?

    @Option(
        help: ArgumentHelp(
            "Stop when more than n identities fail in this run, or n% of the first 100 and more; exit code 3.",
            valueName: "n|n%"
        )
    )
    var maxFailures: String?

    @Option(
        help: ArgumentHelp(
            "Encrypt codes and links in the ledger to this public key (latchstring keygen); no invitations are written.",
            discussion: "A campaign that is sealed stays sealed, also without the option.",
            valueName: "file.pub"
        )
    )
    var sealTo: String?

    @Option(
        help: ArgumentHelp(
            "Write no plain invitations: latchstring export makes invitations.csv.age for this recipient of age's.",
            discussion:
                "age1…, ssh-ed25519 …, ssh-rsa …, or a file of recipients; may be given several times.",
            valueName: "recipient"
        )
    )
    var encryptTo: [String] = []

    @Flag(help: "Write no invitations at the end.")
    var noExport = false

    @Flag(help: "This campaign's server has a new URL.")
    var serverMoved = false

    @Flag(help: "No progress and no words; errors are still shown, and with exit code 3 a line of counts.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            """
            What exit code 3 speaks of: the roster's rows, however old their failures are; or this run alone: rows that \
            the run before had not rejected, and identities that this run ended as failed. (default: roster)
            """,
            valueName: "roster|run"
        )
    )
    var exitCode: String?

    @Option(
        help: ArgumentHelp(
            "Where to log the run; none for nowhere. (default: run.log in the campaign's folder)",
            discussion: """
                The log holds every failure, retry, pause and outage, the settings without secrets, and the end. It holds \
                no codes, no links and no keys.
                """,
            valueName: "file"
        )
    )
    var log: String?

    @Option(
        help: ArgumentHelp("Write the log as JSON lines or as text. (default: json)", valueName: "json|text")
    )
    var logFormat: String?

    @Option(
        help: ArgumentHelp(
            "The least level that is logged: trace, debug, info, notice, warning, error, critical. (default: info)",
            valueName: "level"
        )
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp(
            "Begin a new log when it is larger; the one before is kept as run.log.1. (default: 10M)",
            valueName: "size"
        )
    )
    var logMaxSize: String?

    @Flag(help: "Log whole identity IDs, and not their first 8 characters alone.")
    var logIdentities = false

    var flags: [String: [String]] {
        var flags = settingTexts([
            "log": log, "log-format": logFormat, "log-level": logLevel, "log-max-size": logMaxSize,
            "concurrency": concurrency, "concurrency-max": concurrencyMax, "attempts-max": attemptsMax,
            "give-up-after": giveUpAfter, "max-duration": maxDuration, "max-failures": maxFailures,
            "seal-to": sealTo, "exit-code": exitCode,
        ])
        flags["encrypt-to"] = encryptTo
        for (name, isOn) in [
            ("no-export", noExport), ("server-moved", serverMoved), ("quiet", quiet),
            ("log-identities", logIdentities),
        ]
        where isOn {
            flags[name] = ["true"]
        }
        return flags
    }
}

/// Those that were given, as settings.
func settingTexts(_ texts: [String: String?]) -> [String: [String]] {
    texts.compactMapValues { text in text.map { [$0] } }
}
