// Campaigns, counts and the rows of outputs, as they go into the ledger and come out of it.

package import Model

/// The number of a roster in its ledger; higher is later.
package struct RosterID: Hashable, Comparable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
    package static func < (left: RosterID, right: RosterID) -> Bool { left.number < right.number }
}

/// The number of a run in its ledger; higher is later.
package struct RunID: Hashable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// The campaign that a ledger is of.
package struct CampaignRecord: Hashable, Sendable {
    package let name: String
    /// The normalised URL of the server that the campaign belongs to; while it is unbound, the one that was
    /// tried last.
    package let server: String
    /// Whether the server has ever given an answer that can be used; before that the campaign belongs to
    /// none.
    package let isServerBound: Bool
    /// The kind of server, such as `kratos`; nil where that was not noted.
    package let provider: String?
    /// Grows with every change that an output could show.
    package let revision: Int64
    /// What relative links are resolved against where nothing else is said.
    package let linkBase: String?
    /// The public key (X25519, 32 bytes) that codes and links are sealed to; nil where they are readable.
    package let sealedTo: [UInt8]?
    /// The revision that the latest purge has left, of those that removed something; nil before one.
    package let purgedRevision: Int64?

    package init(
        name: String,
        server: String,
        isServerBound: Bool,
        provider: String? = nil,
        revision: Int64,
        linkBase: String?,
        sealedTo: [UInt8]?,
        purgedRevision: Int64?
    ) {
        self.name = name
        self.server = server
        self.isServerBound = isServerBound
        self.provider = provider
        self.revision = revision
        self.linkBase = linkBase
        self.sealedTo = sealedTo
        self.purgedRevision = purgedRevision
    }
}

/// The counts of a campaign: identities = issued + failed + pending + in doubt.
package struct CampaignCounts: Hashable, Sendable {
    package var identities = 0
    package var issued = 0
    package var failed = 0
    /// Not yet asked for, and what a live run is working on.
    package var pending = 0
    /// Claimed at the moment: by a live run, or by one that died.
    package var claimed = 0
    /// Claimed by a run that died, and not asked for since.
    package var inDoubt = 0
    /// Of the issued, those whose code is no longer valid.
    package var expired = 0
    package var ambiguousAttempts = 0
    /// How many failed, by kind.
    package var failures: [String: Int] = [:]
    package var absent = AbsentCounts()

    package init() {}

    /// Those still to be asked for: what a run at work has claimed is its work.
    package func pending(isRunning: Bool) -> Int { pending + (isRunning ? claimed : 0) }

    /// Those who may have been asked for: what a run that died had claimed among them.
    package func inDoubt(isRunning: Bool) -> Int { inDoubt + (isRunning ? 0 : claimed) }
}

/// Identities that are not issued, and not in the latest roster that was read to its end nor in a later one.
package struct AbsentCounts: Hashable, Sendable {
    package var pending = 0
    package var claimed = 0
    package var inDoubt = 0
    /// Those that failed for a reason that may pass.
    package var failed = 0

    package init() {}

    package var all: Int { due + failed }

    /// Those that would be asked for, were they in the roster.
    package var due: Int { pending + claimed + inDoubt }
}

/// How an identity of the campaign stands, to a run that begins.
package enum CampaignMembership: Sendable {
    case issued
    /// It would be asked for.
    case due
    /// It failed, and would not be asked for unless failures are retried.
    case failedPermanently
}

/// One invitation with its roster columns.
package struct InvitationRow: Sendable {
    package let identityID: IdentityID
    /// Whether it is the first, the second, … of its identity's.
    package let generation: Int
    package let invitation: IssuedInvitation
    package let columnsFrom: RosterID
    package let columns: [String]
    /// The values of the columns that were looked up, in the order of `lookedUpColumnNames`.
    package let lookedUp: [String]

    package init(
        identityID: IdentityID,
        generation: Int,
        invitation: IssuedInvitation,
        columnsFrom: RosterID,
        columns: [String],
        lookedUp: [String]
    ) {
        self.identityID = identityID
        self.generation = generation
        self.invitation = invitation
        self.columnsFrom = columnsFrom
        self.columns = columns
        self.lookedUp = lookedUp
    }
}

/// One failed identity with its roster columns.
package struct FailureRow: Sendable {
    package let identityID: IdentityID
    package let failure: FailureRecord
    package let attempts: Int
    package let ambiguousAttempts: Int
    package let columnsFrom: RosterID
    package let columns: [String]

    package init(
        identityID: IdentityID,
        failure: FailureRecord,
        attempts: Int,
        ambiguousAttempts: Int,
        columnsFrom: RosterID,
        columns: [String]
    ) {
        self.identityID = identityID
        self.failure = failure
        self.attempts = attempts
        self.ambiguousAttempts = ambiguousAttempts
        self.columnsFrom = columnsFrom
        self.columns = columns
    }
}

/// How an output file was last written.
package struct OutputRecord: Hashable, Sendable {
    package var name: String
    /// The campaign's revision that it shows.
    package var revision: Int64
    /// What else it depends on: options, in any form.
    package var options: String
    package var size: Int64
    package var modifiedNanoseconds: Int64
    /// What was found while writing it, to say again when it is left alone.
    package var remarks: [String: Int]

    package init(
        name: String,
        revision: Int64,
        options: String,
        size: Int64,
        modifiedNanoseconds: Int64,
        remarks: [String: Int]
    ) {
        self.name = name
        self.revision = revision
        self.options = options
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.remarks = remarks
    }
}
