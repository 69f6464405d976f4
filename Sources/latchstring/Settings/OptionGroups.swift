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
    func settings(_ groups: [any SettingGroup], _ context: CommandContext) throws -> Settings {
        let environment = context.environment
        let named = config ?? environment["LATCHSTRING_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named.map { Settings.path($0, home: environment["HOME"] ?? NSHomeDirectory()) }
        let file = try SettingsFile.load(named: path, knownNames: Self.knownNames)
        let flags = groups.reduce(into: [:]) { flags, group in flags.merge(group.flags) { first, _ in first }
        }
        let settings = Settings(flags: flags, environment: environment, file: file)
        let console = context.quiet(try settings.isOn("quiet")).console
        let others = ["LATCHSTRING_CONFIG", "LATCHSTRING_API_KEY"]
        let known = Set(Self.knownNames.map(Settings.environmentName) + others)
        for name in environment.keys.sorted() where name.hasPrefix("LATCHSTRING_") && !known.contains(name) {
            console.note("warning: the variable \(name) is no setting")
        }
        return settings
    }

    /// Every setting's name: one file may serve all commands.
    static let knownNames: Set<String> = [
        "roster", "id-column", "delimiter", "without-columns",
        "provider", "server", "plan", "api-key-file", "api-key-command", "header", "header-file",
        "client-cert",
        "client-key", "ca-file", "allow-http", "proxy", "timeout",
        "method", "expires-in", "flow-type", "return-to", "rate", "max-identities", "retry-failed", "absent",
        "verify",
        "columns", "read-rate", "burst", "share",
        "concurrency", "concurrency-max", "attempts-max", "give-up-after", "max-duration", "max-failures",
        "seal-to", "no-export", "server-moved", "quiet", "exit-code", "wait-for-lock",
        "log", "log-format", "log-level", "log-max-size", "log-identities",
        "campaign", "output-dir", "json",
        "link-base", "per-user", "replace", "csv-formulas", "unseal-with", "encrypt-to",
        "public-server", "identity", "link", "browser", "self-service", "code-command",
    ]
}

/// Which campaign.
struct CampaignOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "The campaign: letters and digits of any script, '.', '_' and '-'.",
            valueName: "name"
        )
    )
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

/// What to do about a campaign that another process has.
struct LockOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "Wait that long for a campaign that another run or purge has: 90s, 30m, 8h; exit code 11 when it is over. "
                + "(default: not at all)",
            valueName: "duration"
        )
    )
    var waitForLock: String?

    var flags: [String: [String]] { settingTexts(["wait-for-lock": waitForLock]) }
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

    @Flag(help: "Replace exports also where they may hold codes that were purged from the ledger.")
    var replace = false

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
            "replace": replace ? ["true"] : [],
            "csv-formulas": [csvFormulas].compactMap { $0 },
        ]
    }
}
