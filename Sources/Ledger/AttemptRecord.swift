// What is kept of attempts and of invitations that came before.

package import Model

/// An attempt that did not succeed.
package struct AttemptRecord: Hashable, Sendable {
    package let identityID: IdentityID
    package let at: Timestamp
    package let run: RunID
    package let stage: Stage
    package let outcome: Outcome
    /// The kind of failure, such as `server_error`; nil where there is none to tell.
    package let kind: FailureKind?
    /// Whether the server may hold a code that nobody has because of it.
    package let isAmbiguous: Bool
    package let httpStatus: Int?
    /// Of its request, sent or not; empty where there was none, or its ID is not known.
    package let requestID: String

    /// What was tried.
    package enum Stage: String, Sendable {
        case issue
        case lookUp = "look_up"
    }

    package enum Outcome: String, Sendable {
        /// Failed for good.
        case permanent
        /// Failed in this run.
        case transient
        /// Failed, and was tried again in the same run.
        case retried
        /// Failed or went unanswered, and is due again in a later run.
        case dueAgain = "due_again"
        /// Its run was lost: it may have been sent.
        case inDoubt = "in_doubt"
        /// It brought a code that came too late: the identity had another one by then.
        case superseded
    }

    package init(
        identityID: IdentityID,
        at time: Timestamp,
        run: RunID,
        stage: Stage,
        outcome: Outcome,
        kind: FailureKind?,
        isAmbiguous: Bool,
        httpStatus: Int?,
        requestID: String
    ) {
        self.identityID = identityID
        at = time
        self.run = run
        self.stage = stage
        self.outcome = outcome
        self.kind = kind
        self.isAmbiguous = isAmbiguous
        self.httpStatus = httpStatus
        self.requestID = requestID
    }

    /// As many are kept for each identity, the latest ones.
    package static let keptPerIdentity = 20
}

/// One invitation of an identity, which may have had several.
package struct GenerationRecord: Hashable, Sendable {
    /// 1 for the first.
    package let generation: Int
    package let isCurrent: Bool
    package let run: RunID
    package let invitation: IssuedInvitation
    /// The attempts for it of which the server may hold a code that nobody has.
    package let ambiguousAttempts: Int

    package init(
        generation: Int,
        isCurrent: Bool,
        run: RunID,
        invitation: IssuedInvitation,
        ambiguousAttempts: Int
    ) {
        self.ambiguousAttempts = ambiguousAttempts
        self.generation = generation
        self.isCurrent = isCurrent
        self.run = run
        self.invitation = invitation
    }
}
