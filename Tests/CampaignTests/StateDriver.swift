// Drives the issuing state by hand, and keeps the books that a ledger would keep.

import IdentityAPI
import Ledger
import Pacing
import TestSupport
import Testing
import Vocabulary

@testable import Campaign

final class StateDriver {
    var state: IssuingState
    var elapsed: Duration = .zero
    /// Identities that are not yet claimed.
    private(set) var due: Int
    private(set) var given: [Int64] = []
    /// By claim, how it ended in the ledger.
    private(set) var ended: [Int64: AttemptResult.Outcome] = [:]
    private(set) var recorded = 0
    private(set) var refusedCommits: [IssuingState.Commit] = []

    init(_ options: IssuingOptions = .forTests(), due: Int, refusalsSoFar: [FailureRecord]? = nil) {
        self.due = due
        state = IssuingState(
            options: options,
            admission: Admission(options.pacing),
            due: due,
            refusalsSoFar: refusalsSoFar,
            random: SeededGenerator(seed: 7)
        )
    }

    /// A job, where there is one.
    func job() -> IssuingState.Job? {
        if case .job(let job) = state.nextJob(elapsed) { job } else { nil }
    }

    var isDone: Bool { state.isDone }

    /// - Parameter secrets: nil where a code cannot be kept.
    func finish(
        _ job: IssuingState.Job,
        _ reply: IssueReply,
        keeping secrets: (any SecretKeeping)? = PlainSecrets()
    ) {
        let now = ManualClock.start.advanced(by: elapsed)
        let secret = reply.secret(for: job.claim.identityID, keeping: secrets)
        state.finished(job, reply, secret, elapsed: elapsed, now: now)
    }

    func pass(_ duration: Duration) {
        elapsed += duration
        state.tick(elapsed)
    }

    /// What the ledger does with a commit that succeeds.
    func succeed(_ commit: IssuingState.Commit) {
        var endings = 0
        for result in commit.results {
            recorded += 1
            if case .tryingAgain = result.outcome { continue }
            endings += 1
            #expect(ended[result.claim.sequence] == nil, "ended twice")
            ended[result.claim.sequence] = result.outcome
        }
        #expect(endings == commit.ending)
        let count = min(commit.claiming, due)
        due -= count
        let claims = (0..<count).map { index in
            let sequence = Int64(given.count + index + 1)
            return Claim(
                sequence: sequence,
                identityID: .numbered(Int(sequence)),
                wasInDoubt: sequence % 5 == 0
            )
        }
        given += claims.map(\.sequence)
        state.committed(commit, claims)
    }

    func fail(_ commit: IssuingState.Commit) {
        refusedCommits.append(commit)
        state.commitFailed(commit, "the disk is full")
    }

    /// The commit that is due now; nil where none is.
    func nextCommit() -> IssuingState.Commit? {
        state.nextCommit(elapsed)
    }

    /// The commit that is due now, carried out; nil where none is.
    @discardableResult
    func commit() -> IssuingState.Commit? {
        guard let commit = nextCommit() else { return nil }
        succeed(commit)
        return commit
    }

    /// The claims that the ledger holds.
    var claimed: Set<Int64> { Set(given).subtracting(ended.keys) }
}

extension IssueReply {
    /// What is kept of its code; nil where it has none.
    func secret(
        for identity: IdentityID,
        keeping secrets: (any SecretKeeping)? = PlainSecrets()
    ) -> InvitationSecret? {
        guard case .issued(let recovery) = outcome else { return nil }
        return secrets?.secret(of: recovery, for: identity)
    }
}
