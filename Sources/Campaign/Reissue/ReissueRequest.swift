// Whose invitations a run issues anew, and how often.

import Ledger
package import Model

/// What a run is to issue anew.
package struct ReissueRequest: Sendable {
    /// Whose invitations.
    package enum Whose: Sendable {
        /// Those that expire within that time; zero for those that have expired.
        case expiring(within: Duration)
        case everybody
        /// Those whose identities a roster lists.
        case listed(RosterRequest)
    }

    package var whose: Whose
    /// How often an invitation may be issued anew for one identity.
    package var timesMax = 3
    /// How long ago the server may have said that somebody has not activated; nil for not asking it.
    package var syncedWithin: Duration? = .seconds(3600)
    package var sync: SyncOptions

    package init(_ whose: Whose, sync: SyncOptions) {
        self.whose = whose
        self.sync = sync
    }

    /// In words that tell it from another one; the format of ledgers.
    var name: String {
        switch whose {
        case .expiring: "expiring"
        case .everybody: "all"
        case .listed(let roster): "list \(roster.path)"
        }
    }

    /// - Parameters:
    ///   - begun: when the reissue began, which an earlier run may have done.
    ///   - roster: the roster that the run is for; nil for everybody.
    func scope(begun: Timestamp, roster: RosterID?, now: Timestamp) -> ReissueScope {
        switch whose {
        // What is issued by then does not expire soon, or is to be issued again.
        case .expiring(let time):
            ReissueScope(.expiring(by: now.advanced(by: time)), roster: roster, now: now)
        case .everybody: ReissueScope(.everybody, roster: roster, issuedBefore: begun, now: now)
        case .listed: ReissueScope(.marked, roster: roster, issuedBefore: begun, now: now)
        }
    }
}

/// What becomes of one identity whose invitation may be issued anew.
enum ReissueDecision: Hashable, Sendable {
    case reissue
    /// It was issued for often enough.
    case giveUp
    /// What the server says of it speaks against it.
    case leave(ActivationState)
    /// The server was not asked since.
    case unasked

    /// - Parameter asked: when the server has to have been asked at the earliest; nil for never.
    init(_ candidate: ReissueCandidate, timesMax: Int, asked: Timestamp?) {
        let known = candidate.activation
        let mayHave = candidate.generation <= timesMax
        switch known?.activation.state {
        case .activated: self = .leave(.activated)
        case _ where asked == nil: self = mayHave ? .reissue : .giveUp
        case nil: self = .unasked
        case _ where known.map { $0.learntAt < asked ?? $0.learntAt } ?? true: self = .unasked
        case .gone: self = .leave(.gone)
        case .inactive: self = .leave(.inactive)
        // It may have activated.
        case .unknown: self = .leave(.unknown)
        case .unused, .redeemed: self = mayHave ? .reissue : .giveUp
        }
    }
}

/// What a reissue has come to before anything is issued.
package struct ReissueTally: Hashable, Sendable {
    /// Identities that are due for their next invitation.
    package internal(set) var prepared = 0
    /// Identities that nothing more is issued for, from now on or before.
    package internal(set) var givenUp = 0
    /// Identities that were left out, by what the server says of them.
    package internal(set) var left: [ActivationState: Int] = [:]
    /// Identities that the server was not asked about.
    package internal(set) var unasked = 0
    /// IDs of a list that do not belong to the campaign.
    package internal(set) var unknownIDs = 0
    /// Rows of a list that name no identity.
    package internal(set) var rejectedRows = 0
    /// Since when this reissue is under way, where an earlier run has begun it.
    package internal(set) var begunBefore: Timestamp?

    package init() {}
}
