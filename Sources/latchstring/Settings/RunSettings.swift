// Everything that a run is told, checked.

import ArgumentParser
import Campaign
import Invitations
import OutputFiles
import Pacing
import Roster
import Sealing
import Vocabulary

/// The settings of `latchstring run`, read from wherever they stand.
struct RunSettings {
    let roster: RosterSettings
    let server: ServerSettings
    let folder: CampaignFolder
    let issue: IssueSettings
    let pacing: PacingOptions
    let attemptsMax: Int
    let maxDuration: Duration?
    let maxFailures: FailureBound?
    /// What codes are to be sealed to; nil where nothing is said.
    let sealTo: PublicKey?
    let export: ExportSettings
    let skipsExport: Bool
    /// For whom `export` is to encrypt invitations: then a run leaves no plain ones.
    ///
    /// Empty where nothing is said, or no invitations are wanted.
    let exportRecipients: [String]
    let serverMoved: Bool
    let isJSON: Bool
    let isQuiet: Bool

    /// The bounds and defaults that the help texts name.
    enum Bounds {
        static let attemptsMax = 1...100
        static let defaultAttemptsMax = 5
    }

    init(_ settings: Settings) throws {
        roster = try RosterSettings(settings)
        server = try ServerSettings(settings)
        folder = try CampaignSettings(settings, roster: roster.path).folder
        issue = try IssueSettings(settings)
        pacing = try PacingOptions(settings, issue)
        attemptsMax = try settings.number("attempts-max", in: Bounds.attemptsMax) ?? Bounds.defaultAttemptsMax
        maxDuration = try settings.parsed("max-duration", "a duration such as 30m or 8h") { text in
            Duration(argument: text).flatMap { $0 > .zero ? $0 : nil }
        }
        maxFailures = try settings.parsed(
            "max-failures",
            "a number such as 50, or a share such as 10%",
            FailureBound.init(argument:)
        )
        sealTo = try SealKeyFile.sealTo(settings)
        export = try ExportSettings(settings)
        let recipients = try AgeProgram.checkedRecipients(settings, perUser: export.perUser)
        let isUnwanted = try settings.isOn("no-export") || sealTo != nil
        exportRecipients = isUnwanted ? [] : recipients
        skipsExport = isUnwanted || !recipients.isEmpty
        serverMoved = try settings.isOn("server-moved")
        isJSON = try settings.isOn("json")
        isQuiet = try settings.isOn("quiet")
    }
}

/// Which roster, and how it is read.
struct RosterSettings {
    /// `-` for standard input.
    let path: String
    let options: RosterOptions
    /// Whether a column to leave behind has to be there: it does where it is named for this roster alone.
    let namesItsColumns: Bool

    init(_ settings: Settings) throws {
        guard let path = settings.text("roster") else {
            throw ValidationError("a roster is required: a file, or - for standard input")
        }
        self.path = path
        options = RosterOptions(
            idColumn: settings.text("id-column"),
            delimiter: try settings.parsed("delimiter", "one of , ; tab |", Delimiter.init(argument:)),
            withoutColumns: try Self.withoutColumns(settings)
        )
        namesItsColumns = settings.value("without-columns")?.level == .flag
    }
}

/// Which campaign is meant.
struct CampaignSettings {
    let folder: CampaignFolder

    static let defaultOutputFolder = "reports"

    /// - Parameter roster: names the campaign when nothing else does; nil where `--campaign` is required.
    init(_ settings: Settings, roster: String?) throws {
        let form = "a name of at most \(CampaignFolder.nameLengthMax) letters, digits, '.', '_' and '-'"
        let named = try settings.parsed("campaign", form) { CampaignFolder.isValid(name: $0) ? $0 : nil }
        let outputFolder =
            try settings.parsed("output-dir", "a folder's path") { $0.isEmpty ? nil : $0 }
            ?? Self.defaultOutputFolder
        if let named {
            folder = CampaignFolder(outputFolder: outputFolder, name: named)
        } else if let roster, roster != "-" {
            try Self.checkName(ofRoster: roster)
            folder = CampaignFolder(outputFolder: outputFolder, name: CampaignFolder.name(forRoster: roster))
        } else if roster != nil {
            throw ValidationError("--campaign is required when the roster comes from standard input")
        } else {
            throw ValidationError("--campaign is required")
        }
    }
}

/// How exports are written.
struct ExportSettings {
    let invitations: InvitationOptions
    let perUser: Bool
    /// Whether a file is replaced that may hold codes which the ledger has no more.
    let replaces: Bool

    init(_ settings: Settings) throws {
        let forms = FormulaTreatment.allCases.map(\.rawValue).joined(separator: " or ")
        invitations = InvitationOptions(
            formulas: try settings.parsed("csv-formulas", forms, FormulaTreatment.init(rawValue:)) ?? .keep,
            linkBase: try settings.parsed("link-base", "an absolute http or https URL", LinkBase.init)
        )
        perUser = try settings.isOn("per-user")
        replaces = try settings.isOn("replace")
    }
}
