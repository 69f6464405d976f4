import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Model

@testable import SQLiteLedger

/// Ledgers of earlier versions, which a later one opens with everything in them.
@Suite struct SQLiteMigrationTests {
    /// A ledger as the first version left it: two issued, two failed, one in doubt, one pending, one claimed.
    private func firstVersion() throws -> LedgerFixture {
        try LedgerFixture { path in
            guard access(path, F_OK) != 0 else { return try SQLiteLedger.open(at: path) }
            let database = try DatabaseQueue(path: path)
            try SQLiteSchema.migrator.migrate(database, upTo: "1 the main job")
            try database.write { try $0.execute(sql: Self.content) }
            #expect(try database.read { try !$0.columns(in: "campaign").contains { $0.name == "link_base" } })
            try database.close()
            return try SQLiteLedger.open(at: path)
        }
    }

    private static let content = """
        INSERT INTO campaign VALUES (1, 'spring', 'https://kratos.example', 77);
        INSERT INTO roster (id, name, begun_at_ms, columns, enrolled, enrolled_new, duplicates, rejected, \
        fingerprint, size)
            VALUES (1, 'a.csv', 1800000000000, '["name","mail"]', 7, 7, 1, 1, 'f1', 1000);
        INSERT INTO rejected_row VALUES (1, 9, 'id', 'not_a_uuid', 'x', NULL), (1, 10, 'id', 'duplicate', \
        'y', 2);
        INSERT INTO identity (id, identity_id, roster, line, columns, state, attempts, ambiguous_attempts) \
        VALUES
            (1, x'a0000000000040008000000000000001', 1, 2, '["Ann","a@x"]', 3, 1, 0),
            (2, x'a0000000000040008000000000000002', 1, 3, '["Bob","b@x"]', 3, 3, 2),
            (3, x'a0000000000040008000000000000003', 1, 4, '["Cy"]', 4, 1, 0),
            (4, x'a0000000000040008000000000000004', 1, 5, '[]', 4, 5, 1),
            (5, x'a0000000000040008000000000000005', 1, 6, '[]', 2, 1, 1),
            (6, x'a0000000000040008000000000000006', 1, 7, '[]', 0, 0, 0),
            (7, x'a0000000000040008000000000000007', 1, 8, '[]', 1, 0, 0);
        INSERT INTO run (id, roster, process, version, server, started_at_ms, finished_at_ms, stopped_because,
                enrolled_new, requests, retries, issued, failed, ambiguous_attempts, rate_limited_answers)
            VALUES (1, 1, 'p', '1', 'https://kratos.example', 1800000000000, 1800000009000, 'sigint', 7, 9, \
            2, 2, 2, 3, 1);
        INSERT INTO invitation VALUES
            (1, '000001', '/r?flow=1', '2027-01-15T09:00:00Z', 1800003600000, 'q1', 1800000000000, 1),
            (2, '000002', '/r?flow=2', '2027-01-15T09:00:00Z', 1800003600000, 'q2', 1800000000000, 1);
        INSERT INTO failure VALUES
            (3, 'unknown_identity', 1, 404, NULL, 'could not find identity', 'q3', 1800000000000),
            (4, 'server_error', 0, 503, 'e', 'down', 'q4', 1800000000000);
        INSERT INTO requests_by_second VALUES (1800000000, 9);
        INSERT INTO output VALUES ('invitations.csv', 77, 'keep ', 10, 20, '{"rows":2}');
        """

    @Test func everythingOfTheFirstVersionIsKept() throws {
        let campaign = try firstVersion()
        let ledger = campaign.ledger
        let record = try ledger.campaign()
        #expect((record.name, record.server, record.revision) == ("spring", "https://kratos.example", 77))
        #expect(record.linkBase == nil)

        let roster = try #require(try ledger.latestRoster())
        #expect((roster.name, roster.fingerprint, roster.size) == ("a.csv", "f1", 1000))
        #expect((roster.counts.enrolled, roster.counts.duplicates, roster.counts.rejected) == (7, 1, 1))
        #expect(try ledger.columnNames() == [roster.id: ["name", "mail"]])
        #expect(try campaign.rejectedRows(roster.id).map(\.line) == [9, 10])

        let run = try #require(try ledger.latestRun())
        #expect((run.stoppedBecause, run.enrolledNew, run.progress.requests) == ("sigint", 7, 9))
        #expect((run.progress.retries, run.progress.issued, run.progress.failed) == (2, 2, 2))
        #expect((run.progress.ambiguousAttempts, run.progress.rateLimitedAnswers) == (3, 1))

        let counts = try campaign.counts()
        #expect((counts.identities, counts.issued, counts.failed) == (7, 2, 2))
        #expect((counts.pending, counts.claimed, counts.inDoubt) == (1, 1, 1))
        #expect(counts.ambiguousAttempts == 4)
        #expect(counts.failures == ["unknown_identity": 1, "server_error": 1])

        let rows = try campaign.invitations()
        #expect(rows.map(\.identityID) == [id(1), id(2)])
        #expect(rows.map(\.invitation.recoveryCode) == ["000001", "000002"])
        #expect(rows.map(\.columns) == [["Ann", "a@x"], ["Bob", "b@x"]])
        #expect(rows.map(\.lookedUp) == [[], []])
        let failures = try campaign.failures()
        #expect(failures.map(\.failure.reason) == ["could not find identity", "down"])
        #expect(failures.map(\.attempts) == [1, 5] && failures.map(\.ambiguousAttempts) == [0, 1])
        #expect(try ledger.requests(since: LedgerFixture.now).map(\.requests) == [9])
        #expect(try ledger.output(named: "invitations.csv")?.remarks == ["rows": 2])
    }

    @Test func whatIsNewWorksOnIt() throws {
        let campaign = try firstVersion()
        let ledger = campaign.ledger
        #expect(try ledger.lookedUpColumnNames() == [])
        #expect(try ledger.lookupRequests(since: LedgerFixture.now) == [])
        let column = LookedUpColumn(name: "plan", path: "traits.plan")
        try ledger.declareColumns([column])
        try ledger.setLinkBase("https://kratos.example")
        try ledger.noteLookupRequest(at: LedgerFixture.now)
        let run = try campaign.beginRun()
        #expect(
            try ledger.lookupCandidates(.inDoubt, of: nil, after: nil, limit: 9).map(\.sequence) == [5, 7]
        )
        #expect(
            try ledger.lookupCandidates(.pending, of: nil, after: nil, limit: 9).map(\.sequence) == [4, 6]
        )
        let issued = try ledger.lookupCandidates(.issuedWithoutColumns, of: nil, after: nil, limit: 9)
        #expect(issued.map(\.sequence) == [1, 2])
        try ledger.recordLookups(
            issued.map { LookupResult(candidate: $0, outcome: .found(["gold"])) },
            columns: [column],
            run: run,
            failedInRun: 0
        )
        try campaign.reopen()
        #expect(try campaign.invitations().map(\.lookedUp) == [["gold"], ["gold"]])
        #expect(try campaign.ledger.campaign().linkBase == "https://kratos.example")
        #expect(try campaign.claim(9, run).map(\.sequence) == [5, 7, 4, 6])
    }

    @Test func itsInvitationsAreComparedByOurClock() throws {
        let campaign = try firstVersion()
        let ledger = campaign.ledger
        let candidates = try ledger.activationCandidates(.notActivated, after: 0, limit: 9)
        #expect(candidates.map(\.sequence) == [1, 2] && candidates.allSatisfy { !$0.isServerTime })
        #expect(candidates.allSatisfy { $0.issuedAt == LedgerFixture.now })
        let counts = try ledger.activationCounts()
        #expect((counts.invited, counts.withoutServerTime) == (2, 2))
        #expect(try ledger.campaign().provider == nil)
        #expect(try ledger.invitations(of: id(1)).map(\.invitation.serverIssuedAt) == [nil])
    }

    @Test func howLongActivationsTookIsReckonedForThoseThatAreKnown() throws {
        let campaign = try LedgerFixture { path in
            guard access(path, F_OK) != 0 else { return try SQLiteLedger.open(at: path) }
            let database = try DatabaseQueue(path: path)
            try SQLiteSchema.migrator.migrate(database, upTo: "1 the main job")
            try database.write { try $0.execute(sql: Self.content) }
            try SQLiteSchema.migrator.migrate(database, upTo: "8 hand-over batches")
            try database.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO activation (identity, state, kind, at_ms, learnt_at_ms) VALUES
                            (1, 'activated', 'password', 1800000005000, 1800000006000),
                            (2, 'unused', NULL, NULL, 1800000006000)
                        """
                )
            }
            try database.close()
            return try SQLiteLedger.open(at: path)
        }
        let funnel = try campaign.ledger.funnel(now: LedgerFixture.now.advanced(by: .seconds(7200)))
        #expect((funnel.invited, funnel.valid, funnel.expired, funnel.activated) == (2, 0, 1, 1))
        #expect(funnel.activationTime?.median == .seconds(5))
    }

    @Test func itsInvitationsAreIssuedAnew() throws {
        let campaign = try firstVersion()
        let ledger = campaign.ledger
        let scope = ReissueScope(
            .expiring(by: LedgerFixture.now.advanced(by: .seconds(3600))),
            now: LedgerFixture.now
        )
        let candidates = try ledger.reissueCandidates(scope, after: 0, limit: 9)
        #expect(candidates.map(\.sequence) == [1, 2] && candidates.allSatisfy { $0.generation == 1 })
        let run = try campaign.beginRun()
        #expect(try ledger.withdrawReissues(by: run) == 0)
        #expect(try ledger.reissue(Array(candidates.dropFirst())) == 1)
        let claims = try campaign.claim(9, run).filter { $0.sequence == 2 }
        try campaign.record(.issued(.sample(12)), claims, run)
        let all = try ledger.invitations(of: id(2))
        #expect(all.map(\.generation) == [1, 2] && all.map(\.ambiguousAttempts) == [2, 0])
        #expect(all.map(\.invitation.recoveryCode) == ["000002", "000012"])
    }

    @Test func openingItTwiceMigratesItOnce() throws {
        let campaign = try firstVersion()
        let another = try campaign.openAnother()
        #expect(try another.campaign() == campaign.ledger.campaign())
        try campaign.reopen()
        #expect(try campaign.counts().identities == 7)
    }
}
