// Drives the stage machine by hand, and keeps the books that a ledger would keep.

import Providers
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

typealias IssueMachine = StageMachine<IssuedInvitation>
typealias IssueCommit = StageCommit<IssuedInvitation>

/// A worker and a committer that come for what there is, and go again at once where there is nothing.
final class StateDriver {
    private(set) var state: IssueMachine
    var elapsed: Duration = .zero
    /// Identities that are not yet claimed.
    private(set) var due: Int
    private(set) var given: [Int64] = []
    /// By claim, how it ended in the ledger.
    private(set) var ended: [Int64: AttemptResult.Outcome] = [:]
    private(set) var recorded = 0
    private(set) var refusedCommits: [IssueCommit] = []

    init(_ options: StageOptions = .forTests(), due: Int, refusalsSoFar: [FailureRecord]? = nil) {
        self.due = due
        state = IssueMachine(
            options: options,
            traits: IssueStage.traits,
            admission: Admission(options.pacing),
            due: due,
            refusalsSoFar: refusalsSoFar,
            random: SeededGenerator(seed: 7)
        )
    }

    /// A job, where there is one.
    func job() -> StageJob? {
        defer { state.idleWorkers = 0 }
        return state.workerCame(at: elapsed).starts.first
    }

    var isDone: Bool { state.isDone }

    /// - Parameter secrets: nil where a code cannot be kept.
    func finish(
        _ job: StageJob,
        _ reply: IssueReply,
        keeping secrets: (any SecretKeeping)? = PlainSecrets()
    ) {
        let now = ManualClock.start.advanced(by: elapsed)
        let attempt = reply.attempt(for: job.claim.identityID, keeping: secrets, at: now)
        _ = state.finished(job, attempt, at: elapsed, now: now)
    }

    func pass(_ duration: Duration) {
        elapsed += duration
        _ = state.tick(at: elapsed)
    }

    /// What the ledger does with a commit that succeeds.
    func succeed(_ commit: IssueCommit) {
        var endings = 0
        for result in commit.results.flatMap(\.attempts) {
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
        _ = state.committed(commit, claims, at: elapsed)
    }

    func fail(_ commit: IssueCommit) {
        refusedCommits.append(commit)
        _ = state.commitFailed(commit, "the disk is full", at: elapsed)
    }

    func requestStop(_ reason: StopReason) { _ = state.requestStop(reason, at: elapsed) }

    /// The commit that is due now; nil where none is.
    func nextCommit() -> IssueCommit? {
        defer { state.isCommitterIdle = false }
        return state.committerCame(at: elapsed).commit
    }

    /// The commit that is due now, carried out; nil where none is.
    @discardableResult
    func commit() -> IssueCommit? {
        guard let commit = nextCommit() else { return nil }
        succeed(commit)
        return commit
    }

    /// The claims that the ledger holds.
    var claimed: Set<Int64> { Set(given).subtracting(ended.keys) }
}

extension IssueReply {
    /// What it comes to; nothing but a failure where codes cannot be kept.
    func attempt(
        for identity: IdentityID,
        keeping secrets: (any SecretKeeping)? = PlainSecrets(),
        at now: Timestamp
    ) -> Attempt<IssuedInvitation> {
        IssueStage(
            ScriptedIssuing { _, _ in self },
            secrets: secrets ?? NoSecrets(),
            expiresIn: .seconds(3600),
            time: TimeSource(ManualClock()) { now }
        )
        .attempt(self, for: identity, at: now)
    }
}

/// A cipher that never works.
private struct NoSecrets: SecretKeeping {
    let takesLong = false

    func secret(of recovery: IssuedCode, for identity: IdentityID) -> InvitationSecret? { nil }
}
