// How far invitations have come, counted from indexes: there may be millions of them.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func funnel(now: Timestamp) throws -> Funnel {
        try read { db in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)", arguments: arguments) ?? 0
            }
            let now: StatementArguments = [now.milliseconds]
            let activated = "activation WHERE state = 'activated'"
            var funnel = Funnel()
            funnel.invited = try count("invitation")
            funnel.activated = try count(activated)
            funnel.expired =
                try count("invitation WHERE expires_at_ms <= ?", now)
                - count("\(activated) AND invitation_expires_at_ms <= ?", now)
            funnel.valid = funnel.invited - funnel.activated - funnel.expired
            funnel.redeemed = try count("activation WHERE state = 'redeemed'")
            funnel.givenUp = try count("given_up")
            // What is claimed for a mail, or put off, nobody has yet.
            let underWay = try count("delivery WHERE state = 1") + count("delivery WHERE state = 4")
            funnel.handedOver = try funnel.invited - count("not_handed_over") - underWay
            funnel.reissued = try count("invitation WHERE generation > 1")
            funnel.activationTime = try Self.activationTime(of: funnel.activated, db)
            return funnel
        }
    }

    package func reissuedCount(by run: RunID) throws -> Int {
        try read { db in
            try Int.fetchOne(
                db,
                sql: "SELECT count(*) FROM invitation WHERE generation > 1 AND run = ?",
                arguments: [run.number]
            ) ?? 0
        }
    }

    /// The shortest times that half of them, and nine in ten of them, took no longer than.
    private static func activationTime(of activated: Int, _ db: Database) throws -> ActivationTime? {
        guard activated > 0 else { return nil }
        let statement = try db.cachedStatement(
            sql: """
                SELECT took_ms FROM activation WHERE state = 'activated' ORDER BY took_ms LIMIT 1 OFFSET ?
                """
        )
        func time(of share: Int) throws -> Duration {
            let took = try Int64.fetchOne(statement, arguments: [(activated * share + 99) / 100 - 1])
            return .milliseconds(took ?? 0)
        }
        return ActivationTime(median: try time(of: 50), ninetyPercent: try time(of: 90))
    }
}
