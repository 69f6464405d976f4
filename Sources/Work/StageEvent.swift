// What happens at a stage, for the progress line, the log and the reports.

import Ledger
package import Model

/// Something that happened while a stage worked on identities.
package enum StageEvent: Sendable {
    /// A request came to its end; `failed` is nil where it did what it was for.
    case attempted(AttemptFigures, failed: FailedAttempt?)
    /// An identity has failed: its tries are used up, or it is no use to try again.
    case identityFailed(IdentityID, FailureRecord)
    /// Something is odd about an answer; each kind is told once.
    case remark(StageRemark)
    /// The server asked everybody to wait for so long.
    case paused(Duration)
    /// Nearly every request has failed for so long: only probes go out.
    case outageBegan(failingFor: Duration)
    case outageEnded(after: Duration)
    /// The limits in force have changed; empty without limits.
    case limitChanged([Rate])
    /// So many requests may be in flight.
    case concurrencyChanged(Int)
    case committed(CommitFigures)
    /// The ledger did not take results; a sentence.
    case commitFailed(Wording)
    /// The stage has ended before its work did.
    case stopped(StopReason)
}

/// The figures of one attempt.
package struct AttemptFigures: Sendable {
    package let contact: Contact
    /// From the permission to send to the end.
    package let took: Duration
    /// Whether its identities had been tried before in this run.
    package let isRetry: Bool
    /// How many requests were in flight when it ended, itself among them.
    package let inFlight: Int

    package init(contact: Contact, took: Duration, isRetry: Bool = false, inFlight: Int = 1) {
        self.contact = contact
        self.took = took
        self.isRetry = isRetry
        self.inFlight = inFlight
    }
}

/// The figures of one commit.
package struct CommitFigures: Hashable, Sendable {
    package var results: Int
    /// Identities for which the stage did what it is for.
    package var done: Int
    /// Claims that have ended.
    package var ended: Int
    /// Identities that are claimed.
    package var claimed: Int

    package init(results: Int = 0, done: Int = 0, ended: Int = 0, claimed: Int = 0) {
        self.results = results
        self.done = done
        self.ended = ended
        self.claimed = claimed
    }
}

/// One attempt that did not do what it was for.
package struct FailedAttempt: Sendable {
    package enum Sequel: String, Sendable {
        /// The identity has failed.
        case none
        /// It is tried again, in this run or in a later one.
        case retry
        /// The request goes out again at once: nothing came of it.
        case resend
        /// The run stops: the answer is the same for every identity.
        case stop
    }

    /// The first identity that it was for, and how many there were.
    package let identityID: IdentityID
    package let identities: Int
    /// The word for reports: a kind of failure, or the code of what stops the run; nil where nothing is
    /// wrong.
    package let kind: String?
    package let httpStatus: Int?
    package let errorID: String?
    package let reason: Wording
    package let requestID: String
    /// Whether the server may have done what it was asked for.
    package let mayBeDone: Bool
    /// How long the server asked to wait.
    package let holdFor: Duration?
    package let sequel: Sequel
}

extension FailedAttempt {
    /// Nil where the attempt did what it was for.
    init?<Value>(_ attempt: Attempt<Value>, of job: StageJob) {
        var failure: Failure?
        var stop: StopReason?
        var (mayBeDone, holdFor): (Bool, Duration?) = (false, nil)
        switch attempt.outcome {
        case .done: return nil
        case .failed(let permanent): (failure, sequel) = (permanent, .none)
        case .retry(let transient, let isUnsure, let hold):
            (failure, sequel, mayBeDone, holdFor) = (transient, .retry, isUnsure, hold)
        case .unread(let unread): (failure, sequel) = (unread, .resend)
        case .again, .tooLong: sequel = .resend
        case .stop(let reason): (stop, sequel) = (reason, .stop)
        }
        identityID = job.claim.identityID
        identities = job.work.claims.count
        kind = failure?.kind.rawValue ?? stop?.code
        httpStatus = failure?.httpStatus
        errorID = failure?.errorID
        reason = failure.map { Wording($0.reason) } ?? stop?.sentence ?? ""
        requestID = attempt.requestID
        self.mayBeDone = mayBeDone
        self.holdFor = holdFor
    }
}

extension StopReason {
    /// What there is to say of it beyond its code; nil where that says all.
    package var sentence: Wording? {
        switch self {
        case .fatal(let answer): answer.wording
        case .maxFailures(let sentence), .outage(let sentence), .roster(let sentence),
            .fenced(let sentence), .ledger(let sentence):
            sentence
        case .signal, .maxIdentities, .maxDuration: nil
        }
    }
}
