// Answers that come after their run, into the ledger.

import GRDB
import Ledger
import Model

/// One transaction that takes answers in, which may have been taken in before: those that wait in a spill
/// file, and those of a run that was declared lost.
struct RecoveryProgress {
    private(set) var taken = RecoveryReport()
    /// Whether the ledger knew the run before.
    var isRunKnown = true
    /// The numbers that the answers' seals have in this ledger, where those are another ledger's.
    var seals: [SealID: SealID] = [:]
    private let run: RunID
    /// Whether the run was declared lost: what it held is in doubt already, or others' by now.
    private let isLate: Bool
    private let path: String
    private let find: Statement
    private let findFailure: Statement
    private let invitations: InvitationWriter
    private let insertFailure: Statement
    private let update: RowStatement
    private let release: RowStatement
    private let history: AttemptHistory
    private let late: LateHistory
    /// Those whose claim, or doubt, does not end with their answer.
    private var triedAgain: Set<Int64> = []

    private typealias State = SQLiteSchema.State

    init(_ db: Database, _ run: RunID, at time: Timestamp, isLate: Bool = false, path: String) throws {
        self.run = run
        self.isLate = isLate
        self.path = path
        find = try db.cachedStatement(sql: "SELECT id, state, run FROM identity WHERE identity_id = ?")
        findFailure = try db.cachedStatement(sql: "SELECT request_id FROM failure WHERE identity = ?")
        invitations = try InvitationWriter(db)
        insertFailure = try db.cachedStatement(sql: SQLiteLedger.insertFailure)
        history = try AttemptHistory(db, at: time)
        late = try LateHistory(db, at: time)
        update = try RowStatement(
            db,
            // What is in doubt was counted when it became so. A code counts also where its generation was
            // given up since.
            sql: """
                UPDATE identity SET state = ?1, run = CASE ?1 WHEN 1 THEN run END,
                    attempts = attempts + (state <> 2), ambiguous_attempts = ambiguous_attempts + ?2,
                    generation = CASE ?1 WHEN 3 THEN max(generation, ?4) ELSE generation END
                WHERE id = ?3
                """
        )
        release = try RowStatement(
            db,
            sql: "UPDATE identity SET state = ?, run = NULL WHERE id = ? AND state = ?"
        )
    }

    mutating func take(_ result: AttemptResult) throws {
        let standing = try standing(result.claim.identityID)
        let identity = standing.identity
        if case .issued(let invitation) = result.outcome {
            return try take(invitation, of: result, identity)
        }
        guard try isNews(standing) else {
            taken.known += 1
            if case .failed = result.outcome { taken.surplus.append(result.claim) }
            return
        }
        if let failure = result.failure {
            if case .tryingAgain = result.outcome, try isKnown(failure, identity) { return taken.known += 1 }
            try insertFailure.execute(arguments: SQLiteLedger.arguments(of: failure, identity: identity))
        }
        switch result.outcome {
        case .tryingAgain:
            // Its claim ends when all are taken in: another answer of it may follow.
            if !isLate { try end(identity, .claimed, result) }
            triedAgain.insert(identity)
        case .failed: try settle(identity, .failed, result)
        case .dueAgain, .issued: try settle(identity, .pending, result)
        }
        if !isLate { try history.add(result, identity: identity, run: run) }
        taken.recorded += 1
    }

    private mutating func take(
        _ invitation: IssuedInvitation,
        of result: AttemptResult,
        _ identity: Int64
    ) throws {
        // A code is never thrown away, whatever became of the identity since.
        guard try !invitations.isRecorded(result.claim.generation, of: identity) else {
            if isLate, try !invitations.isRecorded(invitation.requestID, of: identity),
                try late.addSuperseded(result, identity: identity, run: run)
            {
                taken.ambiguous += 1
                taken.surplus.append(result.claim)
            } else {
                taken.known += 1
            }
            return
        }
        try invitations.write(
            invitation,
            identity: identity,
            generation: result.claim.generation,
            run: run,
            sealedHere: seals
        )
        try settle(identity, .issued, result)
        taken.issued += 1
        taken.recorded += 1
    }

    /// Gives a claim back for which nothing was sent, where the run still has it.
    mutating func release(_ claim: Claim) throws {
        let standing = try standing(claim.identityID)
        guard !isLate, standing.state == .claimed, isOwn(standing) else { return }
        let state: State = claim.wasInDoubt ? .inDoubt : .pending
        try release.run(state.rawValue, standing.identity, State.claimed.rawValue)
    }

    func finish() throws {
        let state: State = isLate ? .inDoubt : .claimed
        for identity in triedAgain {
            if isLate { try late.settle(identity, by: run) }
            try release.run(State.pending.rawValue, identity, state.rawValue)
        }
    }

    /// Whether a failure is not yet known: its identity still is as the run had claimed it or left it in
    /// doubt, or the ledger is from before.
    private func isNews(_ standing: Standing) throws -> Bool {
        let state = standing.state
        if isLate { return try state == .inDoubt && late.isInDoubt(standing.identity, by: run) }
        return state == .claimed && isOwn(standing) || !isRunKnown && state == .pending
    }

    /// Whether a claim is the run's, and no other run's by now.
    ///
    /// A ledger that does not know the run is from before it, and so are its claims.
    private func isOwn(_ standing: Standing) -> Bool {
        !isRunKnown || standing.owner == run.number
    }

    /// Whether it is the identity's last failure already: the run could record it after all, and died then.
    private func isKnown(_ failure: FailureRecord, _ identity: Int64) throws -> Bool {
        try String.fetchOne(findFailure, arguments: [identity]) == failure.requestID
    }

    private struct Standing {
        let identity: Int64
        let state: State
        /// The run that has claimed it.
        let owner: Int64?
    }

    private func standing(_ id: IdentityID) throws -> Standing {
        guard let row = try Row.fetchOne(find, arguments: [id.data]),
            let state = State(rawValue: try row.at(1))
        else {
            throw LedgerError(
                .failed,
                "an answer for the identity \(id) waits beside \(path), but that ledger knows no such "
                    + "identity: is it this campaign's ledger, and a backup that is new enough? Nothing was "
                    + "taken in"
            )
        }
        return Standing(identity: try row.at(0), state: state, owner: try row.at(2))
    }

    private func settle(_ identity: Int64, _ state: State, _ result: AttemptResult) throws {
        if isLate { try late.settle(identity, by: run) }
        try end(identity, state, result)
    }

    private func end(_ identity: Int64, _ state: State, _ result: AttemptResult) throws {
        try update.run(
            state.rawValue,
            result.isAmbiguous ? 1 : 0,
            identity,
            result.claim.generation
        )
    }
}
