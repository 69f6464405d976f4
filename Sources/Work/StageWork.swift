// What is claimed, from its claim to its end.

import Ledger
import Pacing
import Model

/// Claims that are asked for together, and what became of them in this run.
struct StageWork: Sendable {
    /// At least one.
    var claims: [Claim]
    /// Tries that were used up.
    var tries = 0
    /// Requests that went out.
    var requests = 0
    /// Attempts that have come to a result in the ledger.
    var attempts = 0
    /// Requests in a row that the server left unread.
    var resends = 0
    /// Whether its next request is to be paid from the retry quota.
    var isRetry = false
    var failures = OutageDetector.Failures()

    /// So many requests that the server leaves unread are sent again at once; a further one is a failure.
    static let resendsMax = 10

    /// The first of its claims.
    var claim: Claim { claims[0] }

    /// Its latest failure was an outage's, and uses up no try; once for each failure.
    mutating func refundAttempt() {
        tries -= 1
        failures.forgetLatest()
    }
}

/// A request that is to go out now.
struct StageJob: Sendable {
    var work: StageWork
    let ticket: Admission.Ticket

    var claim: Claim { work.claim }
}

/// A request that came to its end: all that is known of it but what it brought.
struct AttemptEnd {
    let job: StageJob
    let contact: Contact
    let requestID: String
    let limits: LimitAnnouncement?
    /// The time source's time, and the time of day.
    let elapsed: Duration
    let now: Timestamp

    var wasSent: Bool { contact != .notSent }
    var wasAnswered: Bool { contact == .answered }

    func record(_ failure: Failure, isPermanent: Bool) -> FailureRecord {
        FailureRecord(failure, isPermanent: isPermanent, requestID: requestID, at: now)
    }
}
