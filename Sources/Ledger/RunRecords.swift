// A run in the ledger: how it began, how far it is, and what became of its claims.

package import Model

/// What is known of a run when it begins.
package struct RunStart: Sendable {
    package var startedAt: Timestamp
    /// Whose process it is, for people.
    package var process: String
    package var version: String
    /// Whether permanent failures are due again.
    package var retryFailed: Bool
    /// Whether it takes everybody in the ledger, and not only the identities of its roster.
    package var takesAbsent: Bool
    /// What the IDs of its requests are made from.
    package var key: RunKey
    /// How long after a commit or a renewal others must not take it for lost.
    package var lease: Duration
    /// Which runs it declares lost as it begins.
    package var declaresLost: LostRuns

    package init(
        startedAt: Timestamp,
        process: String,
        version: String,
        retryFailed: Bool,
        takesAbsent: Bool = true,
        key: RunKey = .random(),
        lease: Duration = .seconds(60),
        declaresLost: LostRuns = .allOthers
    ) {
        self.key = key
        self.lease = lease
        self.declaresLost = declaresLost
        self.startedAt = startedAt
        self.process = process
        self.version = version
        self.retryFailed = retryFailed
        self.takesAbsent = takesAbsent
    }

    /// How often the run is to renew its lease where it commits nothing: soon enough for the lease, and for
    /// its time series, which a renewal writes.
    package var renewInterval: Duration { min(lease / 3, .seconds(RunBucket.secondsMin)) }
}

/// What a run has done so far.
package struct RunProgress: Hashable, Codable, Sendable {
    /// Requests that went out to the server.
    package var requests = 0
    /// Requests for an identity that had been tried before in this run.
    package var retries = 0
    package var issued = 0
    package var failed = 0
    package var ambiguousAttempts = 0
    /// Answers with status 429.
    package var rateLimitedAnswers = 0
    /// The limits that held when this was noted, such as `8/s, 175/m`; nil without any.
    package var limitInForce: String?
    /// What requests waited for lately; nil before there were any.
    package var limitedBy: LimitedBy?

    package init() {}
}

/// A run as the ledger knows it; of one that was killed, as of its last commit.
package struct RunRecord: Hashable, Sendable {
    package let id: RunID
    /// Nil of a run without a roster, and until the roster is known.
    package let roster: RosterID?
    package let startedAt: Timestamp
    package let finishedAt: Timestamp?
    package let stoppedBecause: String?
    /// Of the roster's identities, those that came into the campaign with this run.
    package let enrolledNew: Int
    package let progress: RunProgress

    package init(
        id: RunID,
        roster: RosterID?,
        startedAt: Timestamp,
        finishedAt: Timestamp?,
        stoppedBecause: String?,
        enrolledNew: Int,
        progress: RunProgress
    ) {
        self.id = id
        self.roster = roster
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.stoppedBecause = stoppedBecause
        self.enrolledNew = enrolledNew
        self.progress = progress
    }
}

/// How many requests came to their end within a second.
package struct RequestsInSecond: Hashable, Sendable {
    /// The end of the second.
    package let end: Timestamp
    package let requests: Int

    package init(
        end: Timestamp,
        requests: Int
    ) {
        self.end = end
        self.requests = requests
    }
}

/// An identity claimed by a run, marked so in the ledger before any request for it leaves.
package struct Claim: Hashable, Codable, Sendable {
    /// The identity's place in the order of enrolment, from 1.
    package let sequence: Int64
    package let identityID: IdentityID
    /// Whether a run that was lost may have sent a request for it.
    package var wasInDoubt: Bool
    /// How many attempts there had been before this claim: the first request of the claim is the one after
    /// them, as `RunKey.requestID` counts.
    package var attempts: Int
    /// Which of the identity's invitations it is for: the first, the second, ….
    package var generation: Int

    private enum CodingKeys: String, CodingKey {
        case sequence
        case identityID = "identity"
        case wasInDoubt, attempts, generation
    }

    /// Also of a version that stored neither attempts nor generation.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try values.decode(Int64.self, forKey: .sequence)
        identityID = try values.decode(IdentityID.self, forKey: .identityID)
        wasInDoubt = try values.decode(Bool.self, forKey: .wasInDoubt)
        attempts = try values.decodeIfPresent(Int.self, forKey: .attempts) ?? 0
        generation = try values.decodeIfPresent(Int.self, forKey: .generation) ?? 1
    }

    package init(
        sequence: Int64,
        identityID: IdentityID,
        wasInDoubt: Bool,
        attempts: Int = 0,
        generation: Int = 1
    ) {
        self.sequence = sequence
        self.identityID = identityID
        self.wasInDoubt = wasInDoubt
        self.attempts = attempts
        self.generation = generation
    }
}

/// What became of one attempt.
package struct AttemptResult: Codable, Sendable {
    package var claim: Claim
    package var outcome: Outcome
    /// Whether the server may hold a code that nobody has because of this attempt.
    package var isAmbiguous: Bool
    /// The ID of its request, where the outcome has none; empty where nothing was sent.
    package var requestID: String

    package enum Outcome: Codable, Sendable {
        case issued(IssuedInvitation)
        /// Not again in this run; by itself in the next run, unless the failure is permanent.
        case failed(FailureRecord)
        /// Stays claimed, to be tried again in this run.
        case tryingAgain(FailureRecord)
        /// Due again, in a later run.
        case dueAgain(FailureRecord?)
    }

    /// Also of a version that stored no request ID here.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        claim = try values.decode(Claim.self, forKey: .claim)
        outcome = try values.decode(Outcome.self, forKey: .outcome)
        isAmbiguous = try values.decode(Bool.self, forKey: .isAmbiguous)
        requestID = try values.decodeIfPresent(String.self, forKey: .requestID) ?? ""
    }

    package init(claim: Claim, outcome: Outcome, isAmbiguous: Bool, requestID: String = "") {
        self.claim = claim
        self.outcome = outcome
        self.isAmbiguous = isAmbiguous
        self.requestID = requestID
    }
}
