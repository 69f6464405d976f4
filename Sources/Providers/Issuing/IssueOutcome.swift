// What one request for a code or a link can come to.

package import Model

/// What one request came to.
package enum IssueOutcome: Sendable {
    case issued(IssuedCode)
    /// Never worth retrying.
    case permanent(Failure)
    /// Worth retrying. `isAmbiguous`: the server may have issued a code that nobody has. `holdFor`: the
    /// server wants nobody to ask for that long; nil where it does not say.
    case transient(Failure, isAmbiguous: Bool, holdFor: Duration?)
    /// Nothing came of it, through no fault of the identity's: to be asked again at once.
    case again(Failure)
    /// The same for every identity.
    case fatal(FatalAnswer)
}

/// A request's outcome with what identifies it.
package struct IssueReply: Sendable {
    package let outcome: IssueOutcome
    /// The `X-Request-ID` that was sent.
    package let requestID: String
    /// Whether the request may have reached the server.
    package let wasSent: Bool
    /// Whether anything that answers HTTP was there.
    package let wasAnswered: Bool
    /// What is odd about the invitation.
    package let remarks: [AnswerRemark]
    /// What the answer said about the server's limits; nil where it said nothing, and where there was none.
    package let limits: LimitAnnouncement?
    /// When the invitation was issued, by the server's clock; nil where that is not known.
    package let issuedAt: Timestamp?

    package init(
        outcome: IssueOutcome,
        requestID: String,
        wasSent: Bool,
        wasAnswered: Bool,
        remarks: [AnswerRemark] = [],
        limits: LimitAnnouncement? = nil,
        issuedAt: Timestamp? = nil
    ) {
        self.issuedAt = issuedAt
        self.outcome = outcome
        self.requestID = requestID
        self.wasSent = wasSent
        self.wasAnswered = wasAnswered
        self.remarks = remarks
        self.limits = limits
    }
}
