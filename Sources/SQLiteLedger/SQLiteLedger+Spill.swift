// Answers that a run could not commit, into the ledger.

import GRDB
package import Ledger
import Model

extension SQLiteLedger {
    package func recover(_ answers: SpilledAnswers) throws -> RecoveryReport {
        try write { db in
            let name = try String.fetchOne(db, sql: "SELECT name FROM campaign")
            guard name == answers.origin.campaign else {
                throw LedgerError(
                    .failed,
                    "the answers of a run that wait beside \(path) are of the campaign "
                        + "\(answers.origin.campaign), and not of \(name ?? "none"): nothing was taken in"
                )
            }
            let seals = try sealsHere(of: answers, db)
            let (run, isKnown) = try Self.run(of: answers, db)
            let isLate = try isKnown && Self.isLost(run, db)
            var taking = try RecoveryProgress(db, run, at: answers.at, isLate: isLate, path: path)
            (taking.isRunKnown, taking.seals) = (isKnown, seals)
            for result in answers.results { try taking.take(result) }
            for claim in answers.unsent { try taking.release(claim) }
            try taking.finish()
            if answers.results.contains(where: \.provesTheServer) { try Self.bindServer(db, of: run) }
            var taken = taking.taken
            taken.isRunKnown = isKnown
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
                "the answers of a run that wait beside \(path) are sealed, and this ledger holds codes that "
                    + "can be read: is it this campaign's ledger? Nothing was taken in"
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
            try note(progress, of: RunRow(run, db), at: time, db)
        }
        return issued
    }

    /// The run that the answers are of; made anew where the ledger is from before it.
    private static func run(of answers: SpilledAnswers, _ db: Database) throws -> (RunID, isKnown: Bool) {
        let origin = answers.origin
        let key = origin.key.flatMap { IdentityID($0) }.map { RunKey(high: $0.high, low: $0.low).data }
        let known = try Int64.fetchOne(
            db,
            // Numbers come again in a restored ledger; of runs without a key no two begin at the same moment.
            sql: """
                SELECT id FROM run WHERE started_at_ms = ?1 AND (?2 IS NULL OR key IS NULL OR key = ?2)
                ORDER BY id DESC
                """,
            arguments: [origin.startedAtMilliseconds, key]
        )
        if let known { return (RunID(number: known), true) }
        try db.execute(
            sql: """
                INSERT INTO run (process, version, server, started_at_ms, key)
                SELECT ?, ?, server, ?, ? FROM campaign
                """,
            arguments: [origin.process, origin.version, origin.startedAtMilliseconds, key]
        )
        return (RunID(number: db.lastInsertedRowID), false)
    }
}
