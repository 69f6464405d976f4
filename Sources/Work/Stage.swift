// What a stage is: one kind of work that is done for each identity of a campaign.

package import Ledger
package import Model

/// A kind of work that is done for each identity: issue, look up, and whatever comes.
///
/// `StageRunner` claims identities for it, paces its requests, tries again, and commits what became of them.
/// A stage has no queue, no clock and no memory of tries: it makes one attempt, and says what it came to.
package protocol Stage<Value>: Sendable {
    /// What an attempt brings that succeeds.
    associatedtype Value: Sendable

    var traits: StageTraits { get }

    /// Where its attempts run at the least cost; nil where that is anywhere.
    var executor: (any TaskExecutor)? { get }

    /// Makes one request for these identities, and awaits its end, also when the task is cancelled.
    ///
    /// - Parameters:
    ///   - claims: at least one, and no more than `traits.batchMax`.
    ///   - attemptsBefore: how many attempts of the run for them have come to a result before; one that goes
    ///     again at once is the same attempt.
    ///   - onSend: to be called at most once, when the request goes out; nil where nobody needs to know.
    func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<Value>
}

extension Stage {
    package var executor: (any TaskExecutor)? { nil }
}

/// What the engine has to know about a stage.
package struct StageTraits: Sendable {
    /// As many identities one request names at most.
    package var batchMax: Int
    /// What a second request for an identity does to what the first one did.
    package var repeated: RepeatEffect
    /// What follows when the tries for an identity are used up.
    package var usedUp: UsedUp
    /// A sentence for a server that gives nothing: from the reason of the last failure, and the number of
    /// tries.
    package var unreachable: @Sendable (_ reason: String, _ tries: Int) -> Wording
    /// The same for a server that answers, and gives nothing that can be used to so many identities; nil for
    /// a server of identities.
    package var useless: (@Sendable (_ reason: String, _ identities: Int) -> Wording)?
    /// What the server answers that is asked for too much.
    package var busyAnswer = "429"

    package enum UsedUp: Sendable {
        /// The identity fails, and the others go on.
        case failsIdentity
        /// The run stops: its failure says more of the server than of the identity.
        case stopsRun
    }

    package init(
        batchMax: Int = 1,
        repeated: RepeatEffect,
        usedUp: UsedUp = .failsIdentity,
        unreachable: @escaping @Sendable (_ reason: String, _ tries: Int) -> Wording
    ) {
        self.batchMax = batchMax
        self.repeated = repeated
        self.usedUp = usedUp
        self.unreachable = unreachable
    }
}

/// What a second request does to what the first one did.
package enum RepeatEffect: Sendable {
    /// The server has both: what the first one made is lost where its answer was. Such an attempt is
    /// ambiguous.
    case adds
    /// What the first one made is no longer valid.
    case replaces
    /// Nothing: it asks, and makes nothing.
    case same
}

/// What one request came to.
package enum Outcome<Value: Sendable>: Sendable {
    case done(Value)
    /// Never worth retrying.
    case failed(Failure)
    /// Worth retrying. `mayBeDone`: the server may have done what it was asked for. `holdFor`: the server
    /// wants nobody to ask for that long; nil where it does not say.
    case retry(Failure, mayBeDone: Bool, holdFor: Duration?)
    /// Nothing came of it, through no fault of the identity: to be asked again at once.
    case again
    /// The server left the request unread: to be asked again at once, unless it goes on like that.
    case unread(Failure)
    /// Something on the way takes no request or no answer as long: to be asked for fewer at a time; with a
    /// single identity, the run has to stop.
    case tooLong(FatalAnswer)
    /// The same for every identity.
    case stop(StopReason)
}

/// How far a request got.
package enum Contact: Sendable {
    case notSent
    /// It may have reached the server, and no answer came.
    case unanswered
    case answered

    package init(wasSent: Bool, wasAnswered: Bool) {
        self = !wasSent ? .notSent : wasAnswered ? .answered : .unanswered
    }
}

/// One request's outcome, and what identifies it.
package struct Attempt<Value: Sendable>: Sendable {
    package var outcome: Outcome<Value>
    package var contact: Contact
    /// The `X-Request-ID` of its request, sent or not; empty where there is none.
    package var requestID: String
    /// What the answer said about the server's limits; nil where it said nothing, and where there was none.
    package var limits: LimitAnnouncement?
    /// What is odd about the answer.
    package var remarks: [StageRemark]

    package init(
        _ outcome: Outcome<Value>,
        contact: Contact,
        requestID: String = "",
        limits: LimitAnnouncement? = nil,
        remarks: [StageRemark] = []
    ) {
        self.outcome = outcome
        self.contact = contact
        self.requestID = requestID
        self.limits = limits
        self.remarks = remarks
    }
}

/// Something about an answer that whoever uses it should know; a run tells one of each kind.
package struct StageRemark: Hashable, Sendable {
    package let kind: String
    /// A sentence.
    package let text: Wording

    package init(kind: String, text: Wording) {
        self.kind = kind
        self.text = text
    }
}
