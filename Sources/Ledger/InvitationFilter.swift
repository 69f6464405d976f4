// Which invitations an export is of.

package import Model

/// What an invitation has to be for an export to have it.
package struct InvitationFilter: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Valid at that time, and its identity is not known to have activated: as `Funnel` counts them.
        case valid(at: Timestamp)
        /// Expired by that time, and its identity is not known to have activated: as `Funnel` counts them.
        case expired(at: Timestamp)
        /// Not handed over in this generation.
        case new
        /// Known to be unused by the latest look at the server.
        case unused
        /// Its identity has activated since.
        case activated
    }

    package var state: State?
    /// Issued at this time or later.
    package var issuedSince: Timestamp?
    /// Which of its identity's invitations the current one is.
    package var generation: Int?

    package init(state: State? = nil, issuedSince: Timestamp? = nil, generation: Int? = nil) {
        self.state = state
        self.issuedSince = issuedSince
        self.generation = generation
    }

    package static let all = InvitationFilter()
}

extension LedgerReader {
    /// Every current invitation.
    package func forEachInvitation(_ body: (InvitationRow) throws -> Void) throws {
        try forEachInvitation(.all, body)
    }
}
