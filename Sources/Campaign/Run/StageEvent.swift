// What happens while identities are worked on.

package import IdentityAPI
package import Ledger
package import Vocabulary

/// Something that happened while a stage worked on identities.
package enum StageEvent: Sendable {
    /// An attempt did not do what it was for.
    case attemptFailed(FailedAttempt)
    /// An identity has failed: its tries are used up, or it is no use to try again.
    case identityFailed(IdentityID, FailureRecord)
    /// Something is odd about an invitation.
    case remark(AnswerRemark)
    /// The server asked everybody to wait for so long.
    case paused(Duration)
    /// Nearly every request has failed for so long: only probes go out.
    case outageBegan(failingFor: Duration)
    case outageEnded(after: Duration)
    /// The limits in force have changed; empty without limits.
    case limitChanged([Rate])
    /// So many requests may be in flight.
    case concurrencyChanged(Int)
    /// The ledger did not take results; a sentence.
    case commitFailed(String)
}

/// One attempt that did not do what it was for.
package struct FailedAttempt: Sendable {
    package enum Sequel: String, Sendable {
        /// The identity has failed.
        case none
        /// The identity is tried again, in this run or in a later one.
        case retry
        /// The request goes out again at once: nothing came of it.
        case resend
        /// The run stops: the answer is the same for every identity.
        case stop
    }

    package let identityID: IdentityID
    /// The word for reports: a kind of failure, or the code of a fatal answer.
    package let kind: String
    package let httpStatus: Int?
    package let errorID: String?
    package let reason: String
    package let requestID: String
    /// Whether the server may hold a code that nobody has.
    package let isAmbiguous: Bool
    /// How long the server asked to wait.
    package let holdFor: Duration?
    package let sequel: Sequel
}

extension FailedAttempt {
    /// Nil where the attempt did what it was for.
    init?(_ reply: IssueReply, for identity: IdentityID) {
        var (isAmbiguous, holdFor) = (false, nil as Duration?)
        let (failure, sequel): (Failure, Sequel)
        switch reply.outcome {
        case .issued: return nil
        case .permanent(let permanent): (failure, sequel) = (permanent, .none)
        case .transient(let transient, let ambiguous, let hold):
            (failure, sequel) = (transient, .retry)
            (isAmbiguous, holdFor) = (ambiguous, hold)
        case .again(let unread): (failure, sequel) = (unread, .resend)
        case .fatal(let answer):
            self.init(
                identityID: identity,
                kind: answer.code.rawValue,
                httpStatus: nil,
                errorID: nil,
                reason: answer.sentence,
                requestID: reply.requestID,
                isAmbiguous: false,
                holdFor: nil,
                sequel: .stop
            )
            return
        }
        self.init(
            identityID: identity,
            kind: failure.kind.rawValue,
            httpStatus: failure.httpStatus,
            errorID: failure.errorID,
            reason: failure.reason,
            requestID: reply.requestID,
            isAmbiguous: isAmbiguous,
            holdFor: holdFor,
            sequel: sequel
        )
    }
}
