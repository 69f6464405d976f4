// What a run is to do: its settings, checked, in the terms of the campaign.

package import Providers
package import Exports
package import Files
package import Pacing
package import Roster
package import Sealing
package import Model
package import Work

/// Which roster, and how it is read.
package struct RosterRequest: Sendable {
    /// `-` for standard input.
    package var path: String
    package var options: RosterOptions
    /// Whether a column to leave behind has to be there.
    package var mustHaveColumns: Bool

    package init(path: String, options: RosterOptions = RosterOptions(), mustHaveColumns: Bool = false) {
        self.path = path
        self.options = options
        self.mustHaveColumns = mustHaveColumns
    }
}

/// How invitations are written.
package struct ExportRequest: Sendable {
    package var invitations: InvitationOptions
    package var perUser: Bool
    /// Whether a file is replaced that may hold codes which the ledger has no more.
    package var replaces: Bool

    package init(invitations: InvitationOptions, perUser: Bool = false, replaces: Bool = false) {
        self.invitations = invitations
        self.perUser = perUser
        self.replaces = replaces
    }
}

/// What identities are looked up for, before anything is issued, and at which rates.
package struct LookupRequest: Sendable {
    package var columns: [LookedUpColumn]
    package var rates: [Rate]

    package init(columns: [LookedUpColumn] = [], rates: [Rate] = []) {
        self.columns = columns
        self.rates = rates
    }
}

/// One run: what it works on, what it asks for, and what bounds it.
package struct RunRequest: Sendable {
    package var folder: CampaignFolder
    /// Nil for everybody in the campaign.
    package var roster: RosterRequest?
    /// Whether the campaign is named after the roster's file.
    package var isNamedByRoster = false
    /// The server's base URL.
    package var server: String
    /// The kind of server, for the campaign to remember; nil where that is not known.
    package var provider: String?
    /// How to ask who has activated, before anything else; nil for not at all.
    package var sync: SyncOptions?
    /// Whose invitations are issued anew; nil for nobody's.
    package var reissue: ReissueRequest?
    /// Whether this campaign's server has a new URL.
    package var serverMoved = false
    /// Whether the server's links are relative to its base URL.
    package var resolvesRelativeLinks = false
    package var issueRequest: IssueRequest
    package var pacing: PacingOptions
    /// Nil where nobody is looked up.
    package var lookup: LookupRequest?
    package var attemptsMax = 5
    package var maxIdentities: Int?
    package var maxFailures: FailureBound?
    package var maxDuration: Duration?
    package var retryFailed = false
    /// Whether identities of the campaign that are not in the roster are issued for, too.
    package var wantsAbsent = false
    /// What codes are to be sealed to; nil where nothing is said.
    package var sealTo: PublicKey?
    package var export: ExportRequest
    package var skipsExport = false
    /// The batch to be written at the end; nil where none is.
    package var handOver: BatchOptions?
    /// In which batches are written besides.
    package var format: FormatOptions?
    /// How long codes have to be expired for the run to purge them at its end; nil for not at all.
    package var purgeExpiredAfter: Duration?
    /// What exit code 3 speaks of.
    package var exitCodeOf = ExitCodeScope.roster
    /// Whether nobody follows the progress.
    package var isQuiet = false
    /// How long to wait for a campaign in use; nil for not at all.
    package var waitForLock: Duration?

    package init(
        folder: CampaignFolder,
        roster: RosterRequest?,
        server: String,
        issueRequest: IssueRequest,
        pacing: PacingOptions,
        export: ExportRequest
    ) {
        self.folder = folder
        self.roster = roster
        self.server = server
        self.issueRequest = issueRequest
        self.pacing = pacing
        self.export = export
    }

    /// Whether everybody in the ledger is issued for, and not only who is in the roster.
    package var takesAbsent: Bool { roster == nil || wantsAbsent }

    /// The files that the run is to write, by what writes them.
    package func files(of output: RunOutput) -> [String] {
        switch output {
        case .export: ["invitations.csv"] + (export.perUser ? ["invitations/"] : [])
        case .report: ["failures.csv", "rejected.csv", "summary.json"]
        }
    }
}

/// What writes a campaign's files from its ledger; the raw values are the commands' names.
package enum RunOutput: String, Sendable {
    case export, report
}
