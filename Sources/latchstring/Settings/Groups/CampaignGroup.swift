// The settings that say which campaign a command is about, and how its files are written.

import Campaign
import Foundation
import Exports
import Files
import Model

/// Which campaign.
struct CampaignGroup: SettingGroup {
    static let heading = "Campaign"

    let campaign = Setting(
        "campaign",
        .parsed(
            "a name of letters and digits (of any script), '.', '_' and '-', at most "
                + "\(CampaignFolder.nameLengthMax) bytes long",
            "name"
        ) { text in
            let name = CampaignFolder.normalized(text)
            return CampaignFolder.isValid(name: name) ? name : nil
        }
    )
    .help("The campaign: letters and digits of any script, '.', '_' and '-'.").example("spring")
    .note(
        """
        At most \(CampaignFolder.nameLengthMax) bytes. For run and plan the default is the roster's file \
        name without its folder and ending. It is required for a roster from standard input, and for one \
        that is called as an output is: failures, rejected, invitations (also "Invitations (1).csv").
        """
    )

    let outputDir = Setting("output-dir", .outputFolder, default: "reports")
        .help("Where campaign folders are.")

    let json = Setting(switch: "json").help("JSON on stdout instead of words.")
}

/// What to do about a campaign that another process has.
struct LockGroup: SettingGroup {
    static let heading = "Lock"

    let waitForLock = Setting(
        "wait-for-lock",
        .duration("a duration such as 90s, 30m or 8h") { _ in true },
        otherwise: "not at all"
    )
    .help(
        """
        Wait that long for a campaign that another run or purge has: 90s, 30m, 8h; exit code 11 when it \
        is over.
        """
    )
    .example("8h")
}

/// How invitations are written.
struct ExportGroup: SettingGroup {
    static let heading = "Export"

    let linkBase = Setting("link-base", .parsed("an absolute http or https URL", "url", LinkBase.init))
        .help(
            """
            What a relative link is resolved against; without it such a link stays as it is, with one \
            warning.
            """
        )
        .example("https://accounts.example.com")

    let perUser = Setting(switch: "per-user").help("Also write one CSV per user, in invitations/.")
        .note("invitations/ab/<identity_id>.csv, one file for each identity.")

    let replace = Setting(switch: "replace")
        .help("Replace exports also where they may hold codes that were purged from the ledger.")

    let csvFormulas = Setting("csv-formulas", .choice(of: FormulaTreatment.self), default: "keep")
        .help("Fields that a spreadsheet would run as a formula: keep them, or escape them with a '.")

    let timeFormat = Setting("time-format", .timeFormat, default: "rfc3339")
        .help(
            "How times are written: rfc3339, unix (seconds since 1970), or a pattern of strftime's.",
            more: """
                Of strftime's conversions, %Y %y %m %d %e %H %I %M %S %p %j %F %T %z %Z %s %b %B %a %A; \
                names are in English.
                """
        )
        .example("%d.%m.%Y %H:%M")

    let timeZone = Setting("time-zone", .timeZone, default: "UTC")
        .help("The time zone of those times.").example("Europe/Berlin")
}

/// Who can read the codes: before an export, and after it.
struct OpeningGroup: SettingGroup {
    static let heading = "Encryption of exports"

    let unsealWith = Setting("unseal-with", .path("file.key"))
        .help("Open a sealed campaign with this private key, a file that nobody else can read.")
        .example("campaign.key")

    let encryptTo = RunGroup().encryptTo.with {
        $0.help =
            "Write invitations.csv.age instead, for this recipient of age's; may be given several times."
        $0.more = """
            age1…, ssh-ed25519 …, ssh-rsa …, or a file of recipients. A run that has this setting, by its \
            own --encrypt-to, the settings file or the environment, writes no plain export. Plain \
            invitations that lie beside are named.
            """
        $0.note = nil
    }
}

/// Where to look for campaigns, and how to show them.
struct ListGroup: SettingGroup {
    static let heading = "List"

    let outputDir = CampaignGroup().outputDir

    let json = CampaignGroup().json.help("JSON on stdout instead of a table.")
}

/// What a purge removes.
struct PurgeGroup: SettingGroup {
    static let heading = "Purge"

    let all = Setting(switch: "all").help("Also those that are still valid; asks first.").only(on: [.flag])

    let yes = Setting(switch: "yes").help("Do not ask.").only(on: [.flag])
}

/// Where settings can come from besides the command line.
struct ConfigGroup: SettingGroup {
    static let heading = "Settings file"

    let config = Setting("config", .path())
        .help(
            "A YAML file with settings; else latchstring.yaml in the working folder.",
            more: """
                Every option but --config, those that say what one command is to do (--all, --yes, \
                --new, --reminder, --batch, --undo) and those that choose rows (--only, --since, \
                --generation) is a key in it, and a variable LATCHSTRING_<NAME> in the environment; a flag \
                outweighs the environment, which outweighs the file.
                """
        )
        .example("/etc/latchstring.yaml").only(on: [.flag, .environment])
}

extension SettingForm where Value == String {
    fileprivate static var outputFolder: SettingForm {
        var form = SettingForm.parsed("a folder's path", "dir") { $0.isEmpty ? nil : $0 }
        form.isPath = true
        form.takesAnyText = true
        return form
    }
}
