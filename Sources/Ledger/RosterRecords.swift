// Rosters and their rows, as they go into the ledger and come out of it.

package import Model

/// One row of a roster, on its way into the ledger.
package enum RosterEntry: Hashable, Sendable {
    case identity(IdentityID, line: Int, columns: [String])
    case rejected(RejectedRow)
}

/// What became of the rows of a roster: rows read = enrolled + duplicates + rejected.
package struct EnrolmentCounts: Hashable, Sendable {
    /// The rows whose identities belong to the campaign now, new ones and known ones.
    package var enrolled = 0
    /// Those of them that the campaign did not know before.
    package var enrolledNew = 0
    package var duplicates = 0
    package var rejected = 0
    /// Of the known ones, those that are due in the roster's run since it has come by them; of a run that
    /// takes only the identities of its roster.
    package var knownDue = 0

    package init() {}

    package var rowsRead: Int { enrolled + duplicates + rejected }

    package static func += (left: inout EnrolmentCounts, right: EnrolmentCounts) {
        left.enrolled += right.enrolled
        left.enrolledNew += right.enrolledNew
        left.duplicates += right.duplicates
        left.rejected += right.rejected
        left.knownDue += right.knownDue
    }
}

/// A roster as the ledger knows it.
package struct RosterRecord: Hashable, Sendable {
    package let id: RosterID
    package let name: String
    /// What tells whether a roster is the same; nil while it has not been read to its end.
    package let fingerprint: String?
    /// The size in bytes, of a roster read to its end.
    package let size: Int64?
    package let counts: EnrolmentCounts

    package init(
        id: RosterID,
        name: String,
        fingerprint: String?,
        size: Int64?,
        counts: EnrolmentCounts
    ) {
        self.id = id
        self.name = name
        self.fingerprint = fingerprint
        self.size = size
        self.counts = counts
    }
}
