// What is claimed, what of it is answered, and how that gets into the ledger.

import Ledger
import Pacing
import Model

/// The claims of a run and the commits that make and end them.
///
/// A claim is *open* from the commit that makes it to the one that records its end. One commit is under way
/// at a time.
struct ClaimBook<Value: Sendable>: Sendable {
    /// Results that wait for their commit.
    private(set) var results: [StageResult<Value>] = []
    /// Since when the first of them waits.
    private(set) var resultsSince: Duration = .zero
    /// How many claims end with them.
    private(set) var ending = 0
    /// Claims whose end is not committed yet.
    private(set) var open = 0
    /// All claims that were ever made.
    private(set) var total = 0
    /// Whether nothing is left to claim, and nothing will be.
    private(set) var isExhausted = false
    private(set) var isCommitting = false

    /// Whether the roster is still being enrolled.
    private(set) var isEnrolling: Bool
    /// Identities that were due at the start, or came since.
    private(set) var due: Int
    /// Grows with everything that is enrolled; where it is `starvedAt` there was nothing left to claim.
    private var enrolments = 0
    private var starvedAt: Int?
    private let identitiesMax: Int

    private(set) var hasFailed = false
    /// Answers that could not be committed; in the ledger their identities stay claimed.
    private(set) var unrecorded: [StageResult<Value>] = []
    private var unrecordedClaims: Set<Int64> = []

    /// - Parameters:
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    ///   - identitiesMax: as many are claimed in all; nil for any number.
    init(due: Int, isEnrolling: Bool, identitiesMax: Int?) {
        self.due = due
        self.isEnrolling = isEnrolling
        self.identitiesMax = identitiesMax ?? .max
    }

    /// Claims that are left when the results are committed.
    var left: Int { open - ending }

    /// Whether there are identities to come that are not claimed yet.
    var hasOthers: Bool { !isExhausted && (isEnrolling || total < due) }

    /// Whether every claim has ended, and none is to come.
    var isDone: Bool { isExhausted && open == 0 }

    /// Whether as many as wanted were claimed, and more may be due.
    var hasReachedMax: Bool { total == identitiesMax }

    // MARK: Results

    /// Something became of claims that stay claimed.
    mutating func add(_ result: StageResult<Value>, at elapsed: Duration) {
        if results.isEmpty { resultsSince = elapsed }
        results.append(result)
    }

    /// Claims have come to their end.
    mutating func end(_ result: StageResult<Value>, at elapsed: Duration) {
        ending += result.claims.count
        add(result, at: elapsed)
    }

    // MARK: Enrolment

    /// So many more identities are in the ledger and due.
    mutating func enrolled(_ count: Int) {
        enrolments += 1
        due += count
    }

    /// The roster has come to its end, or is not read further.
    mutating func enrolmentEnded() {
        enrolments += 1
        isEnrolling = false
    }

    // MARK: Commits

    /// How many of `room` more there may be to claim.
    func claimable(_ room: Int) -> Int { max(0, min(room, identitiesMax - total)) }

    /// Whether a commit would find something to claim, as far as is known.
    var mayClaim: Bool { !isExhausted && starvedAt != enrolments }

    /// The results go into a commit.
    mutating func beginCommit(claiming: Int, _ progress: RunProgress) -> StageCommit<Value> {
        isCommitting = true
        defer {
            results = []
            ending = 0
        }
        return StageCommit(
            results: results,
            enrolments: enrolments,
            claiming: claiming,
            progress: progress,
            ending: ending
        )
    }

    /// A commit has succeeded, with so many new claims.
    mutating func committed(_ commit: StageCommit<Value>, claims count: Int) {
        isCommitting = false
        open += count - commit.ending
        total += count
        if hasReachedMax { isExhausted = true }
        guard count < commit.claiming else { return }
        // What was enrolled since the commit was made has not been looked for by it.
        if commit.enrolments == enrolments, !isEnrolling {
            isExhausted = true
        } else {
            starvedAt = commit.enrolments
        }
    }

    /// So many claims have ended without a result of their own.
    mutating func dropped(_ count: Int) { open -= count }

    /// A commit has failed: nothing of it is in the ledger.
    ///
    /// It is tried once more when nothing is in flight any more.
    mutating func failed(_ commit: StageCommit<Value>) {
        isCommitting = false
        if hasFailed {
            unrecorded += commit.results + results
            unrecordedClaims.formUnion(unrecorded.flatMap(\.claims).map(\.sequence))
            results = []
            ending = 0
        } else {
            hasFailed = true
            results = commit.results + results
            ending += commit.ending
        }
    }

    /// The claims of work that is not under way: to be given back when the run is over.
    ///
    /// What was asked for in this run is in doubt no more; what is not recorded of it stays claimed.
    func unsent(_ works: some Sequence<StageWork>) -> [Claim] {
        works.flatMap { work in
            work.claims.filter { !unrecordedClaims.contains($0.sequence) }.map { claim in
                var claim = claim
                claim.wasInDoubt = claim.wasInDoubt && work.requests == 0
                return claim
            }
        }
    }
}
