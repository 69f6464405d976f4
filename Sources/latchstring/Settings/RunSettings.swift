// Everything that a run is told, checked.

import ArgumentParser
import Campaign
import Exports
import Files
import Pacing
import Roster
import Sealing
import Model
import Work

/// The settings of `latchstring run`, read from wherever they stand.
struct RunSettings {
    /// Nil for everybody in the campaign.
    let roster: RosterSettings?
    let server: ServerSettings
    let folder: CampaignFolder
    /// Whether the campaign is named after the roster's file.
    let isNamedByRoster: Bool
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
    /// Empty where nothing is said, or no invitations are wanted, nor a batch of them.
    let exportRecipients: [String]
    /// For whom `--encrypt-to` encrypts, whether invitations are wanted or not.
    private let recipients: [String]
    /// The batch that is to be written at the end; nil where none is.
    let handOver: BatchOptions?
    /// In which it is written besides.
    let format: FormatOptions?
    let serverMoved: Bool
    /// How to ask who has activated; nil where the run is not to.
    let sync: SyncOptions?
    /// Whose invitations are issued anew; nil for nobody's.
    let reissue: ReissueRequest?
    /// How long codes have to be expired for the run to purge them; nil for not at all.
    let purgeExpiredAfter: Duration?
    let isJSON: Bool
    let isQuiet: Bool
    /// What exit code 3 speaks of.
    let exitCodeOf: ExitCodeScope
    /// How long to wait for a campaign in use; nil for not at all.
    let waitForLock: Duration?
    /// Nil where the run is not to be logged.
    let log: LogSettings?

    /// Whether invitations are not to be written plain.
    var encryptsExports: Bool { !recipients.isEmpty }

    /// Whether everybody in the ledger is issued for, and not only who is in the roster.
    var takesAbsent: Bool { roster == nil || issue.takesAbsent }

    init(_ settings: Settings) throws {
        roster = try RosterSettings.ofRun(settings)
        let campaign = try CampaignSettings(settings, roster: roster?.path)
        (folder, isNamedByRoster) = (campaign.folder, campaign.isNamedByRoster)
        let remembered = RememberedServer.of(campaign.folder, unlessGivenIn: settings)
        server = try ServerSettings(settings, remembered: remembered)
        let isSyncing = try settings[\.run.sync]
        if isSyncing { try SyncCampaign.check(server.provider) }
        sync =
            isSyncing
            ? try SyncOptions(settings, plan: ProviderSettings(settings, remembered: remembered).plan) : nil
        issue = try IssueSettings(settings, remembered: remembered)
        reissue = try ReissueRequest(settings, issue, roster: roster, remembered: remembered)
        pacing = try PacingOptions(settings, issue)
        attemptsMax = try settings[\.run.attemptsMax]
        maxDuration = try settings[\.run.maxDuration]
        maxFailures = try settings[\.run.maxFailures]
        sealTo = try SealKeyFile.sealTo(settings)
        export = try ExportSettings(settings)
        handOver =
            try settings[\.handOver.handOver]
            ? BatchOptions(
                invitations: export.invitations,
                remainingMin: try settings[\.handOver.minRemaining]
            ) : nil
        recipients = try AgeProgram.checkedRecipients(settings, perUser: export.perUser)
        format = try FormatOptions(
            ofRun: settings,
            handsOver: handOver != nil,
            isEncrypted: !recipients.isEmpty
        )
        let isUnwanted = try settings[\.run.noExport] || sealTo != nil
        let isHandedOver = handOver != nil && sealTo == nil
        exportRecipients = isUnwanted && !isHandedOver ? [] : recipients
        skipsExport = isUnwanted || !recipients.isEmpty
        serverMoved = try settings[\.run.serverMoved]
        purgeExpiredAfter = try settings[\.run.purgeExpiredAfter]
        isJSON = try settings[\.campaign.json]
        isQuiet = try settings[\.run.quiet]
        exitCodeOf = try settings[\.run.exitCode]
        waitForLock = try settings[\.lock.waitForLock]
        log = try LogSettings(settings)
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
        guard let path = try settings[\.roster.roster] else {
            throw ValidationError(
                "a roster is required: a file, or - for standard input; or --campaign alone, for a campaign "
                    + "that exists"
            )
        }
        self.path = path
        options = RosterOptions(
            idColumn: try settings[\.roster.idColumn],
            delimiter: try settings[\.roster.delimiter],
            withoutColumns: try Self.withoutColumns(settings)
        )
        namesItsColumns = settings.given(\.roster.withoutColumns)?.level == .flag
    }
}

extension RosterSettings {
    /// The roster of a run; nil where a campaign is named instead.
    static func ofRun(_ settings: Settings) throws -> RosterSettings? {
        settings.given(\.roster.roster) == nil && settings.given(\.campaign.campaign) != nil
            ? nil : try RosterSettings(settings)
    }
}

/// How exports are written.
struct ExportSettings {
    let invitations: InvitationOptions
    let perUser: Bool
    /// Whether a file is replaced that may hold codes which the ledger has no more.
    let replaces: Bool

    init(_ settings: Settings) throws {
        invitations = InvitationOptions(
            formulas: try settings[\.export.csvFormulas],
            linkBase: try settings[\.export.linkBase],
            times: TimeFormat(
                try settings[\.export.timeFormat],
                zone: try settings[\.export.timeZone]
            ) ?? .standard
        )
        perUser = try settings[\.export.perUser]
        replaces = try settings[\.export.replace]
    }
}
