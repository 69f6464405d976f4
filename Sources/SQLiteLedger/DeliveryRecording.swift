// What became of mails, as it is written.

import GRDB
import Ledger
import Model

/// The statements of one transaction that records what became of mails.
struct DeliveryRecording {
    private let db: Database
    private let run: DeliveryRunID
    private let time: Timestamp
    private let end: RowStatement
    private let goOn: RowStatement
    private let putBack: RowStatement

    init(_ db: Database, _ run: DeliveryRunID, at time: Timestamp) throws {
        self.db = db
        self.run = run
        self.time = time
        end = try RowStatement(
            db,
            sql: """
                UPDATE delivery SET state = ?, run = NULL, attempts = attempts + ?, doubts = doubts + ?,
                    put_off = put_off + ?, due_at_ms = ?, reason = ?, reply_code = ?, enhanced = ?, reply = ?,
                    queue_id = ?, at_ms = ?, address = coalesce(?, address)
                WHERE identity = ? AND generation = ? AND state = 1 AND run = ?
                """
        )
        goOn = try RowStatement(
            db,
            sql: """
                UPDATE delivery SET attempts = attempts + 1, doubts = doubts + ?, reply_code = ?,
                    enhanced = ?, reply = ?, at_ms = ?
                WHERE identity = ? AND generation = ? AND state = 1 AND run = ?
                """
        )
        putBack = try RowStatement(
            db,
            sql: """
                INSERT OR IGNORE INTO not_handed_over (identity)
                SELECT identity FROM invitation WHERE identity = ?1 AND generation = ?2
                    AND NOT EXISTS (SELECT 1 FROM delivery d
                        WHERE d.identity = ?1 AND d.generation = ?2 AND d.doubts > 0)
                """
        )
    }

    func record(_ result: DeliveryResult) throws {
        let (claim, address) = (result.claim, result.address)
        let doubts = result.mayBeSent ? 1 : 0
        switch result.outcome {
        case .sent(let reply): try end(claim, .sent, reply, to: address, doubts: doubts)
        case .later(let reply, let due): try end(claim, .later, reply, to: address, doubts: doubts, due: due)
        case .inDoubt(let reply, let due):
            try end(claim, .inDoubt, reply, to: address, doubts: doubts, due: due)
        case .failed(let reason, let reply):
            if try end(claim, .failed, reply, to: address, doubts: doubts, reason: reason) {
                try returnToNew(claim)
            }
        case .leftOut(let reason, let text):
            let reply = DeliveryReply(text: text)
            if try end(claim, .leftOut, reply, to: address, attempts: 0, reason: reason) {
                try returnToNew(claim)
            }
        case .tryingAgain(let reply):
            try goOn.run(
                doubts,
                reply.code,
                reply.enhanced,
                reply.text.limited,
                time.milliseconds,
                claim.sequence,
                claim.generation,
                run.number
            )
        case .dueAgain:
            if result.mayBeSent {
                try RowStatement(
                    db,
                    sql: """
                        UPDATE delivery SET doubts = doubts + 1, attempts = attempts + 1
                        WHERE identity = ? AND generation = ? AND state = 1 AND run = ?
                        """
                ).run(claim.sequence, claim.generation, run.number)
            }
            try release(claim)
        }
    }

    /// Of a run that was declared lost.
    func recordLate(_ result: DeliveryResult) throws {
        guard case .sent(let reply) = result.outcome else { return }
        try RowStatement(
            db,
            sql: """
                UPDATE delivery SET state = 2, due_at_ms = NULL, doubts = max(0, doubts - 1),
                    attempts = attempts + 1, reply_code = ?, enhanced = ?, reply = ?, queue_id = ?, at_ms = ?
                WHERE identity = ? AND generation = ? AND state = 3
                """
        ).run(
            reply.code,
            reply.enhanced,
            reply.text.limited,
            reply.queueID,
            time.milliseconds,
            result.claim.sequence,
            result.claim.generation
        )
    }

    /// As before it was claimed.
    func release(_ claim: Claim) throws {
        let held = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT doubts > 0, put_off > 0 FROM delivery
                    WHERE identity = ? AND generation = ? AND state = 1 AND run = ?
                    """
            ),
            arguments: [claim.sequence, claim.generation, run.number]
        )
        guard let held else { return }
        let state: SQLiteDeliverySchema.State? =
            try held.at(0) ? .inDoubt : try held.at(1) ? .later : nil
        if let state {
            try RowStatement(
                db,
                sql: "UPDATE delivery SET state = ?, run = NULL WHERE identity = ? AND generation = ?"
            ).run(state.rawValue, claim.sequence, claim.generation)
        } else {
            try RowStatement(db, sql: "DELETE FROM delivery WHERE identity = ? AND generation = ?")
                .run(claim.sequence, claim.generation)
            try returnToNew(claim)
        }
    }

    /// What may have been sent stays handed over.
    private func returnToNew(_ claim: Claim) throws { try putBack.run(claim.sequence, claim.generation) }

    /// - Returns: whether the claim still was the run's.
    @discardableResult
    private func end(
        _ claim: Claim,
        _ state: SQLiteDeliverySchema.State,
        _ reply: DeliveryReply,
        to address: String?,
        attempts: Int = 1,
        doubts: Int = 0,
        due: Timestamp? = nil,
        reason: DeliveryReason? = nil
    ) throws -> Bool {
        try end.run(
            state.rawValue,
            attempts,
            doubts,
            due == nil ? 0 : 1,
            due?.milliseconds,
            reason?.rawValue,
            reply.code,
            reply.enhanced,
            reply.text.limited,
            reply.queueID,
            time.milliseconds,
            address,
            claim.sequence,
            claim.generation,
            run.number
        ) == 1
    }
}

extension String {
    /// As much of it as the ledger keeps.
    fileprivate var limited: String {
        guard utf8.count > DeliveryReply.textBytesMax else { return self }
        var length = 0
        return String(
            unicodeScalars.prefix { scalar in
                length += UTF8.width(scalar)
                return length <= DeliveryReply.textBytesMax - 3
            }
        ) + "…"
    }
}
