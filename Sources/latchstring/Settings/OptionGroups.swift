// The command line's options, in the groups that commands share.

import ArgumentParser
import Foundation

/// A group of options that are settings: what was typed, by the settings' names.
protocol SettingGroup: ParsableArguments {
    var flags: [String: [String]] { get }
}

/// Where settings can come from besides the command line.
struct ConfigOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file with settings; else latchstring.yaml in the working folder.",
            discussion: """
                Every option is a key in it, and a variable LATCHSTRING_<NAME> in the environment; a flag outweighs \
                the environment, which outweighs the file.
                """,
            valueName: "file"
        )
    )
    var config: String?

    /// The settings of a command with these groups of options.
    func settings(_ groups: [any SettingGroup]) throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        let named = config ?? environment["LATCHSTRING_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let file = try SettingsFile.load(named: named, knownNames: Self.knownNames)
        let flags = groups.reduce(into: [:]) { flags, group in flags.merge(group.flags) { first, _ in first }
        }
        let settings = Settings(flags: flags, environment: environment, file: file)
        let console = Console(isQuiet: try settings.isOn("quiet"))
        let others = ["LATCHSTRING_CONFIG", "LATCHSTRING_API_KEY"]
        let known = Set(Self.knownNames.map(Settings.environmentName) + others)
        for name in environment.keys.sorted() where name.hasPrefix("LATCHSTRING_") && !known.contains(name) {
            console.note("warning: the variable \(name) is no setting")
        }
        return settings
    }

    /// Every setting's name: one file may serve all commands.
    static let knownNames: Set<String> = [
        "roster", "server", "campaign", "output-dir", "id-column", "delimiter", "expires-in", "rate",
        "concurrency",
        "timeout", "attempts-max", "max-identities", "link-base", "per-user", "no-export", "csv-formulas",
        "retry-failed", "server-moved", "api-key-file", "proxy", "json", "quiet",
    ]
}

/// Which campaign.
struct CampaignOptions: SettingGroup {
    @Option(help: ArgumentHelp("The campaign: letters, digits, '.', '_' and '-'.", valueName: "name"))
    var campaign: String?

    @Option(help: ArgumentHelp("Where campaign folders are. (default: reports)", valueName: "dir"))
    var outputDir: String?

    @Flag(help: "JSON on stdout instead of words.")
    var json = false

    var flags: [String: [String]] {
        [
            "campaign": [campaign].compactMap { $0 },
            "output-dir": [outputDir].compactMap { $0 },
            "json": json ? ["true"] : [],
        ]
    }
}

/// How invitations are written.
struct ExportOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "What a relative link is resolved against; without it such a link stays as it is, with one warning.",
            valueName: "url"
        )
    )
    var linkBase: String?

    @Flag(help: "Also write one CSV per user, in invitations/.")
    var perUser = false

    @Option(
        help: ArgumentHelp(
            "Fields that a spreadsheet would run as a formula: keep them, or escape them with a '. (default: keep)",
            valueName: "keep|escape"
        )
    )
    var csvFormulas: String?

    var flags: [String: [String]] {
        [
            "link-base": [linkBase].compactMap { $0 },
            "per-user": perUser ? ["true"] : [],
            "csv-formulas": [csvFormulas].compactMap { $0 },
        ]
    }
}

/// What a run reads and whom it asks.
struct RunOptions: SettingGroup {
    @Argument(
        help: "A file with identity IDs (CSV, one ID a line, or Kratos' JSON), or - for standard input."
    )
    var roster: String?

    @Option(help: ArgumentHelp("The base URL of the server's admin API. Required.", valueName: "url"))
    var server: String?

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
        help: ArgumentHelp("The validity to ask for: 90s, 12h, 7d. (default: 24h)", valueName: "duration")
    )
    var expiresIn: String?

    @Option(
        help: ArgumentHelp(
            "At most so many requests: 8/s, 175/m, 10000/h; may be given several times, all hold at once.",
            valueName: "n/s|m|h"
        )
    )
    var rate: [String] = []

    @Option(help: ArgumentHelp("Requests in flight at most, 1 to 1024. (default: 8)", valueName: "n"))
    var concurrency: String?

    @Option(help: ArgumentHelp("For one request, whole; at most 1h. (default: 30s)", valueName: "duration"))
    var timeout: String?

    @Option(help: ArgumentHelp("Tries for one identity in one run, 1 to 100. (default: 5)", valueName: "n"))
    var attemptsMax: String?

    @Option(help: ArgumentHelp("Issue for the first n that are due, then stop: a canary.", valueName: "n"))
    var maxIdentities: String?

    @Flag(help: "Write no invitations at the end.")
    var noExport = false

    @Flag(help: "Take up again what failed permanently before.")
    var retryFailed = false

    @Flag(help: "This campaign's server has a new URL.")
    var serverMoved = false

    @Option(
        help: ArgumentHelp(
            "A file with a bearer token, which nobody else can read; else LATCHSTRING_API_KEY.",
            valueName: "file"
        )
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A proxy's URL, or none; else the environment's, as curl has it.",
            valueName: "url|none"
        )
    )
    var proxy: String?

    @Flag(help: "No progress and no words; errors are still shown.")
    var quiet = false

    var flags: [String: [String]] {
        let texts: [String: String?] = [
            "roster": roster, "server": server, "id-column": idColumn, "delimiter": delimiter,
            "expires-in": expiresIn, "concurrency": concurrency, "timeout": timeout,
            "attempts-max": attemptsMax,
            "max-identities": maxIdentities, "api-key-file": apiKeyFile, "proxy": proxy,
        ]
        var flags = texts.compactMapValues { text in text.map { [$0] } }
        flags["rate"] = rate
        for (name, isOn) in [
            ("no-export", noExport), ("retry-failed", retryFailed), ("server-moved", serverMoved),
            ("quiet", quiet),
        ] where isOn { flags[name] = ["true"] }
        return flags
    }
}
