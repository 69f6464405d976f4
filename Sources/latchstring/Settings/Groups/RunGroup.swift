// The settings that say how a run works, and when it stops.

import Campaign
import Logging
import Work

/// How a run works.
struct RunGroup: SettingGroup {
    static let heading = "Run"

    let concurrency = Setting(
        "concurrency",
        .parsed(
            "auto, or a whole number from \(ConcurrencyCount.min) to \(ConcurrencyCount.max)",
            "auto|n",
            ConcurrencyCount.init(argument:)
        ),
        default: "auto"
    )
    .help("Requests in flight at most, 1 to 1024; auto finds how many the server makes the most of.")

    let concurrencyMax = Setting(
        "concurrency-max",
        .whole(ConcurrencyCount.min...ConcurrencyCount.max),
        default: "256"
    )
    .help("The most that --concurrency auto goes to, 1 to 1024.")

    let attemptsMax = Setting("attempts-max", .whole(1...100), default: "5")
        .help("Tries for one identity in one run, 1 to 100.").note("An answer 429 and an outage use up none.")

    let giveUpAfter = Setting("give-up-after", .duration("a duration such as 90s, 10m or 2h"), default: "10m")
        .help(
            """
            Stop when an outage has lasted that long, resumably: exit code 5. Until then the server is \
            probed, and no identity fails for it.
            """
        )

    let maxDuration = Setting("max-duration", .duration("a duration such as 30m or 8h"))
        .help("Stop after that time, resumably: what is on its way is awaited, exit code 5.").example("8h")

    let maxFailures = Setting(
        "max-failures",
        .parsed("a number such as 50, or a share such as 10%", "n|n%", FailureBound.init(argument:))
    )
    .help("Stop when more than n identities fail in this run, or n% of the first 100 and more; exit code 3.")
    .example("10%")

    let sealTo = Setting("seal-to", .path("file.pub"))
        .help(
            """
            Encrypt codes and links in the ledger to this public key (latchstring keygen); no invitations \
            are written.
            """,
            more: "A campaign that is sealed stays sealed, also without the option."
        )
        .example("campaign.pub")

    let encryptTo = Setting(list: "encrypt-to", .each(.recipient))
        .help(
            """
            Write no plain invitations: latchstring export makes invitations.csv.age for this recipient of \
            age's.
            """,
            more: "age1…, ssh-ed25519 …, ssh-rsa …, or a file of recipients; may be given several times."
        )
        .example("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
        .note("The run prints the command that exports.")

    let noExport = Setting(switch: "no-export").help("Write no invitations at the end.")

    let sync = Setting(switch: "sync")
        .help("First learn who has activated, as latchstring sync does.")

    let purgeExpiredAfter = Setting("purge-expired-after", .duration("a duration such as 36h or 7d"))
        .help(
            "At the end remove the codes from the ledger that have been expired for that long.",
            more: "invitations.csv is written without them; files of batches and of single users stay."
        )
        .example("7d").note(
            "A ledger over 64 MiB is written anew once a week; that takes up to twice its size on the disk."
        )

    let serverMoved = Setting(switch: "server-moved").help("This campaign's server has a new URL.")

    let quiet = Setting(switch: "quiet")
        .help(
            """
            No progress and no words; errors are still shown, and with exit code 3 a line of counts; with \
            --sync, --reissue or --hand-over that line also tells what is new, when anything is.
            """
        )

    let exitCode = Setting("exit-code", .choice(of: ExitCodeScope.self), default: "roster")
        .help(
            """
            What exit code 3 speaks of: the roster's rows, however old their failures are; or this run \
            alone: rows that the run before had not rejected, and identities that this run ended as failed.
            """
        )

    let log = Setting("log", .path(), otherwise: "run.log in the campaign's folder")
        .help(
            "Where to log the run; none for nowhere.",
            more: """
                The log holds every failure, retry, pause and outage, the settings without secrets, and the \
                end. It holds no codes, no links and no keys.
                """
        )
        .example("run.log")

    let logFormat = Setting("log-format", .choice(of: LogFormat.self), default: "json")
        .help("Write the log as JSON lines or as text.")

    let logLevel = Setting("log-level", .logLevel, default: "info")
        .help(
            "The least level that is logged: trace, debug, info, notice, warning, error, critical."
        )

    let logMaxSize = Setting("log-max-size", .size(LogSettings.sizes), default: "10M")
        .help("Begin a new log when it is larger; the one before is kept as run.log.1.")

    let logIdentities = Setting(switch: "log-identities")
        .help("Log whole identity IDs, and not their first 8 characters alone.")
}

/// What `--concurrency` says.
enum ConcurrencyCount: Hashable, Sendable {
    case automatic
    case fixed(Int)

    static let min = 1
    static let max = 1024

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let count = Int(argument), (Self.min...Self.max).contains(count) {
            self = .fixed(count)
        } else {
            return nil
        }
    }
}

extension SettingForm where Value == Logger.Level {
    fileprivate static var logLevel: SettingForm {
        let levels = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return .parsed("one of \(levels)", "level", Value.init(rawValue:))
    }
}

extension SettingForm where Value == Int {
    /// Bytes, or as many of 1,024, 1,024² or 1,024³: `500K`, `10M`, `1G`; the upper bound is for 2G.
    fileprivate static func size(_ range: ClosedRange<Int>) -> SettingForm {
        .parsed("a size such as 500K, 10M or 1G, from 64K to 2G", "size") { text in
            let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
            let unit = text.last.flatMap { units[Character($0.uppercased())] }
            guard let number = Int(unit == nil ? text[...] : text.dropLast()) else { return nil }
            let (bytes, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
            guard !overflows, bytes <= 2 << 30 else { return nil }
            let bounded = min(bytes, range.upperBound)
            return range.contains(bounded) ? bounded : nil
        }
    }
}

extension SettingForm where Value == String {
    /// A recipient of `age`'s, or a file of recipients.
    fileprivate static var recipient: SettingForm {
        SettingForm(placeholder: "recipient", isPath: true) { text in
            _ = try AgeProgram.option(for: text.text, text.origin)
            return text.text
        }
    }
}
