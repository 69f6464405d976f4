// Answers that a run could not commit, into the ledger.

import GRDB
import Vocabulary

extension SQLiteLedger {
    package func takeIn(_ answers: SpilledAnswers) throws -> TakenIn {
        try write { db in
            let name = try String.fetchOne(db, sql: "SELECT name FROM campaign")
            guard name == answers.origin.campaign else {
                throw LedgerError(
                    .failed,
                    "the answers of a run that wait beside \(path) are of the campaign \(answers.origin.campaign), "
                        + "and not of \(name ?? "none"): nothing was taken in"
                )
            }
            let seals = try sealsHere(of: answers, db)
            let (run, isKnown) = try Self.run(of: answers, db)
            var taking = try TakingIn(db, run, isRunKnown: isKnown, seals: seals)
            for result in answers.results { try taking.take(result) }
            for claim in answers.unsent { try taking.giveBack(claim) }
            try taking.finish()
            if answers.results.contains(where: \.provesTheServer) { try Self.bindServer(db, of: run) }
            var taken = taking.taken
            if let progress = answers.progress {
                let noted = try Self.take(progress, of: run, at: answers.at, db)
                taken.missing = max(0, progress.issued - noted - taken.issued)
                // Where not even its end could be noted.
                try db.execute(
                    sql: """
                        UPDATE run SET finished_at_ms = ?, stopped_because = 'ledger_not_writable'
                        WHERE id = ? AND finished_at_ms IS NULL
                        """,
                    arguments: [answers.at.milliseconds, run.number]
                )
            }
            try Self.bumpRevision(db)
            return taken
        }
    }

    /// The numbers that the answers' seals have here; one that is missing is added.
    private func sealsHere(of answers: SpilledAnswers, _ db: Database) throws -> [SealID: SealID] {
        guard !answers.seals.isEmpty else { return [:] }
        // A campaign is sealed whole, or not at all.
        let isReadable = try Bool.fetchOne(
            db,
            sql: "SELECT EXISTS (SELECT 1 FROM invitation WHERE recovery_link IS NOT NULL)"
        )
        guard isReadable == false else {
            throw LedgerError(
                .failed,
                "the answers of a run that wait beside \(path) are sealed, and this ledger holds codes that can be read: "
                    + "is it this campaign's ledger? Nothing was taken in"
            )
        }
        var here: [SealID: SealID] = [:]
        for seal in answers.seals {
            here[seal.id] = try Self.seal(
                to: seal.publicKey,
                encapsulatedKey: seal.encapsulatedKey,
                at: answers.at,
                path,
                db
            )
        }
        return here
    }

    /// Notes what the run had done, unless it noted more itself later.
    ///
    /// - Returns: how many it had noted as issued till now.
    private static func take(
        _ progress: RunProgress,
        of run: RunID,
        at time: Timestamp,
        _ db: Database
    ) throws -> Int {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT issued, failed, retries FROM run WHERE id = ?",
            arguments: [run.number]
        )
        guard let row else { throw UnexpectedValue("no run of that number") }
        let (issued, failed, retries) = (try row.count(at: 0), try row.count(at: 1), try row.count(at: 2))
        if issued + failed + retries <= progress.issued + progress.failed + progress.retries {
            try note(progress, of: run, at: time, db)
        }
        return issued
    }

    /// The run that the answers are of; made anew where the ledger is from before it.
    private static func run(of answers: SpilledAnswers, _ db: Database) throws -> (RunID, isKnown: Bool) {
        let origin = answers.origin
        let known = try Int64.fetchOne(
            db,
            // No two runs of a campaign begin at the same moment; numbers come again in a restored ledger.
            sql: "SELECT id FROM run WHERE started_at_ms = ? ORDER BY id DESC",
            arguments: [origin.startedAtMilliseconds]
        )
        if let known { return (RunID(number: known), true) }
        try db.execute(
            sql:
                "INSERT INTO run (process, version, server, started_at_ms) SELECT ?, ?, server, ? FROM campaign",
            arguments: [origin.process, origin.version, origin.startedAtMilliseconds]
        )
        return (RunID(number: db.lastInsertedRowID), false)
    }
}

/// One transaction that takes answers in, which may have been taken in before.
private struct TakingIn {
    private(set) var taken = TakenIn()
    private let run: RunID
    private let isRunKnown: Bool
    private let seals: [SealID: SealID]
    private let find: Statement
    private let findFailure: Statement
    private let insertInvitation: RowStatement
    private let insertFailure: Statement
    private let update: RowStatement
    private let release: RowStatement
    /// Those whose claim does not end with their answer.
    private var claimed: Set<Int64> = []

    private typealias State = SQLiteSchema.State

    init(_ db: Database, _ run: RunID, isRunKnown: Bool, seals: [SealID: SealID]) throws {
        self.run = run
        self.isRunKnown = isRunKnown
        self.seals = seals
        taken.isRunKnown = isRunKnown
        find = try db.cachedStatement(sql: "SELECT id, state FROM identity WHERE identity_id = ?")
        findFailure = try db.cachedStatement(sql: "SELECT request_id FROM failure WHERE identity = ?")
        insertInvitation = try RowStatement(db, sql: SQLiteLedger.insertInvitation)
        insertFailure = try db.cachedStatement(sql: SQLiteLedger.insertFailure)
        update = try RowStatement(
            db,
            // What is in doubt was counted when it became so.
            sql: """
                UPDATE identity SET state = ?, attempts = attempts + (state <> 2),
                    ambiguous_attempts = ambiguous_attempts + ? WHERE id = ?
                """
        )
        release = try RowStatement(db, sql: "UPDATE identity SET state = ? WHERE id = ? AND state = 1")
    }

    mutating func take(_ result: AttemptResult) throws {
        let (identity, state) = try standing(result.claim.identityID)
        switch result.outcome {
        case .issued(let invitation):
            // A code is never thrown away, whatever became of the identity since.
            guard state != .issued else { return taken.known += 1 }
            try insertInvitation.run(invitation, identity: identity, run: run, sealedHere: seals)
            try end(identity, .issued, result)
            taken.issued += 1
        case .failed(let failure):
            guard isNews(state) else { return taken.known += 1 }
            try insert(failure, identity)
            try end(identity, .failed, result)
        case .tryingAgain(let failure):
            guard isNews(state), try !isKnown(failure, identity) else { return taken.known += 1 }
            try insert(failure, identity)
            // Its claim ends when all are taken in: another answer of it may follow.
            try end(identity, .claimed, result)
            claimed.insert(identity)
        case .dueAgain(let failure):
            guard isNews(state) else { return taken.known += 1 }
            if let failure { try insert(failure, identity) }
            try end(identity, .pending, result)
        }
        taken.recorded += 1
    }

    mutating func giveBack(_ claim: Claim) throws {
        let (identity, _) = try standing(claim.identityID)
        try release.run((claim.wasInDoubt ? State.inDoubt : .pending).rawValue, identity)
    }

    func finish() throws {
        for identity in claimed { try release.run(State.pending.rawValue, identity) }
    }

    /// Whether a failure is not yet known: its identity still is as the run had claimed it, or the ledger is from
    /// before.
    private func isNews(_ state: State) -> Bool {
        state == .claimed || !isRunKnown && state == .pending
    }

    /// Whether it is the identity's last failure already: the run could record it after all, and died then.
    private func isKnown(_ failure: FailureRecord, _ identity: Int64) throws -> Bool {
        try String.fetchOne(findFailure, arguments: [identity]) == failure.requestID
    }

    private func standing(_ id: IdentityID) throws -> (identity: Int64, State) {
        guard let row = try Row.fetchOne(find, arguments: [id.data]),
            let state = State(rawValue: try row.at(1))
        else {
            throw LedgerError(
                .failed,
                "an answer for the identity \(id) waits in ledger.spill, but this ledger knows no such identity: is it "
                    + "this campaign's ledger, and a backup that is new enough? Nothing was taken in"
            )
        }
        return (try row.at(0), state)
    }

    private func insert(_ failure: FailureRecord, _ identity: Int64) throws {
        try insertFailure.execute(arguments: SQLiteLedger.arguments(of: failure, identity: identity))
    }

    private func end(_ identity: Int64, _ state: State, _ result: AttemptResult) throws {
        try update.run(state.rawValue, result.isAmbiguous ? 1 : 0, identity)
    }
}
