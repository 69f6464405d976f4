// Whom codes and links are sealed to.

import Foundation
import GRDB
import Ledger
package import Model

extension SQLiteLedger {
    package func seal(to publicKey: [UInt8], encapsulatedKey: [UInt8], at time: Timestamp) throws -> SealID {
        try write { db in
            try Self.seal(to: publicKey, encapsulatedKey: encapsulatedKey, at: time, path, db)
        }
    }

    static func seal(
        to publicKey: [UInt8],
        encapsulatedKey: [UInt8],
        at time: Timestamp,
        _ path: String,
        _ db: Database
    ) throws -> SealID {
        let (publicKey, encapsulatedKey) = (Data(publicKey), Data(encapsulatedKey))
        try db.execute(
            sql: "UPDATE campaign SET sealed_to = ?1 WHERE sealed_to IS NULL OR sealed_to = ?1",
            arguments: [publicKey]
        )
        guard db.changesCount == 1 else {
            throw LedgerError(.failed, "the ledger \(path) is sealed to another key")
        }
        let known = try Int64.fetchOne(
            db,
            sql: "SELECT id FROM seal WHERE public_key = ? AND encapsulated_key = ?",
            arguments: [publicKey, encapsulatedKey]
        )
        if let known { return SealID(number: known) }
        try db.execute(
            sql: "INSERT INTO seal (public_key, encapsulated_key, made_at_ms) VALUES (?, ?, ?)",
            arguments: [publicKey, encapsulatedKey, time.milliseconds]
        )
        return SealID(number: db.lastInsertedRowID)
    }

    package func seals() throws -> [SealRecord] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, public_key, encapsulated_key FROM seal ORDER BY id").map {
                row in
                SealRecord(
                    id: SealID(number: try row.at(0)),
                    publicKey: [UInt8](try row.at(1) as Data),
                    encapsulatedKey: [UInt8](try row.at(2) as Data)
                )
            }
        }
    }
}
