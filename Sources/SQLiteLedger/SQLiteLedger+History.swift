// Attempts that did not succeed, as they are read.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func attempts(of identity: IdentityID) throws -> [AttemptRecord] {
        try attempts(where: "identity_id = ?", [identity.data])
    }

    package func attempt(withRequestID requestID: String) throws -> AttemptRecord? {
        guard !requestID.isEmpty else { return nil }
        return try attempts(where: "request_id = ?", [requestID]).last
    }

    private func attempts(where condition: String, _ arguments: StatementArguments) throws -> [AttemptRecord]
    {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT identity_id, at_ms, attempt.run, stage, outcome, kind, is_ambiguous, http_status,
                        request_id
                    FROM attempt JOIN identity ON identity.id = attempt.identity
                    WHERE \(condition) ORDER BY attempt.identity, number
                    """,
                arguments: arguments
            ).map { row in
                guard let stage = AttemptRecord.Stage(rawValue: try row.at(3)),
                    let outcome = AttemptRecord.Outcome(rawValue: try row.at(4))
                else { throw UnexpectedValue("an attempt of no known kind") }
                return AttemptRecord(
                    identityID: try Self.identityID(in: row, at: 0),
                    at: Timestamp(milliseconds: try row.at(1)),
                    run: RunID(number: try row.at(2)),
                    stage: stage,
                    outcome: outcome,
                    kind: (try row.at(5) as String?).map(FailureKind.init(rawValue:)),
                    isAmbiguous: try row.at(6),
                    httpStatus: try row.at(7),
                    requestID: try row.at(8)
                )
            }
        }
    }
}
