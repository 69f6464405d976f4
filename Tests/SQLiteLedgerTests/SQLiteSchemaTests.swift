import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Model

/// What people who open the ledger with sqlite3 see.
@Suite struct SQLiteSchemaTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    private func rows(_ sql: String) throws -> [Row] {
        try DatabaseQueue(path: campaign.folder("ledger.sqlite")).read { try Row.fetchAll($0, sql: sql) }
    }

    @Test func theViewShowsEveryIdentityInWords() throws {
        let run = try campaign.beginRun()
        let strange = try #require(IdentityID("{F00DBEEF-0001-4abc-9DEF-00000000000a}"))
        try campaign.enrol(
            [.identity(strange, line: 2, columns: ["Zoë"])]
                + (2...5).map { .identity(id($0), line: $0 + 1, columns: ["user \($0)"]) }
        )
        let claims = try campaign.claim(3, run)
        try campaign.record(.issued(.sample(12)), claims[0...0], run)
        try campaign.record(
            .failed(.sample("gone", isPermanent: true, reason: "no such user")),
            claims[1...1],
            run
        )
        let next = try campaign.beginRun()
        try campaign.ledger.release(try campaign.claim(1, next), run: next)
        let claimed = try campaign.claim(2, next)
        #expect(claimed.map(\.identityID) == [id(3), id(4)])

        let rows = try rows("SELECT * FROM invitations")
        #expect(
            rows.map { $0["identity_id"] as String } == ["f00dbeef-0001-4abc-9def-00000000000a"]
                + (2...5).map { id($0).text }
        )
        #expect(rows.map { $0["state"] as String } == ["issued", "failed", "claimed", "claimed", "pending"])
        let issued = rows[0]
        #expect(issued["recovery_code"] == "000012")
        #expect(issued["recovery_link"] == "https://app.example/recovery?flow=1")
        #expect(issued["expires_at"] == IssuedInvitation.sample(1).expiresAtText)
        #expect(issued["issued_at"] == LedgerFixture.now.rfc3339)
        #expect(issued["request_id"] == "request-12")
        #expect((issued["attempts"] as Int, issued["ambiguous_attempts"] as Int) == (1, 0))
        #expect(rows[1]["last_failure_kind"] == "gone")
        #expect(rows[1]["last_failure_reason"] == "no such user")
        #expect(rows[2]["ambiguous_attempts"] == 1)
        #expect(rows[4]["recovery_code"] as String? == nil)
    }

    @Test func theViewTellsWhoHasActivatedAndWhoWasHandedOver() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        let time = LedgerFixture.now
        let activated = Activation(.activated, kind: "password", at: time.advanced(by: .seconds(1)))
        try campaign.ledger.recordActivations(
            [ActivationResult(sequence: 1, finding: .known(activated))],
            at: time
        )
        let batch = try campaign.ledger.beginBatch(BatchStart(at: time, ending: "csv", options: "{}"))
        while try campaign.ledger.fillBatch(batch.number) == .more {}
        let sum = [UInt8](repeating: 7, count: 32)
        try campaign.ledger.noteBatchFile(1, sha256: sum)
        let files = BatchFiles(size: 1, modifiedNanoseconds: 1, manifestSHA256: sum)
        try campaign.ledger.finishBatch(1, sha256: sum, files: files, at: time)
        #expect(try campaign.ledger.reissue([id(3)]) == 1)
        try campaign.record(.issued(.sample(4)), try campaign.claim(1, run), run)
        let found = try rows(
            "SELECT generation, activation, activated_at, batch, handed_over_at FROM invitations"
        )
        #expect(found.map { $0[0] as Int? } == [1, 1, 2])
        #expect(found.map { $0[1] as String? } == ["activated", nil, nil])
        #expect(found.map { $0[2] as String? } == [activated.at?.rfc3339, nil, nil])
        #expect(found.map { $0[3] as Int? } == [nil, 1, nil], "who has activated is not handed over")
        #expect(found.map { $0[4] as String? } == [nil, time.rfc3339, nil])
    }

    @Test func whatIsInDoubtIsCalledSo() throws {
        try campaign.enrol(1...1)
        _ = try campaign.claim(1, try campaign.beginRun())
        try campaign.beginRun()
        #expect(try rows("SELECT state FROM invitations").map { $0[0] as String } == ["in doubt"])
    }

    @Test func sqliteReadsTheColumnsAsJSON() throws {
        let values = ["Zoë \"Z\" \\ /", "line\nbreak\t\u{1}", ""]
        try campaign.enrol([.identity(id(1), line: 2, columns: values)], columns: ["a", "b", "c"])
        let sql = """
            SELECT n.value, v.value FROM invitations, json_each(column_names) AS n, \
            json_each(column_values) AS v
            WHERE n.key = v.key ORDER BY n.key
            """
        let found = try rows(sql)
        #expect(found.map { $0[0] as String } == ["a", "b", "c"])
        #expect(found.map { $0[1] as String } == values)
    }

    @Test(arguments: [
        "UPDATE identity SET state = 5",
        "UPDATE identity SET state = 'issued'",
        "UPDATE identity SET identity_id = x'00'",
        "UPDATE identity SET ambiguous_attempts = 9",
        "UPDATE identity SET roster = 9",
        "INSERT INTO identity (identity_id, roster, line, columns) SELECT identity_id, 1, 9, '[]' "
            + "FROM identity",
        "UPDATE campaign SET server = ''",
        "INSERT INTO campaign (id, name, server) VALUES (2, 'x', 'y')",
        "UPDATE roster SET duplicates = -1",
        "UPDATE roster SET size = NULL",
        "INSERT INTO rejected_row VALUES (1, 3, NULL, 'duplicate', 'x', NULL)",
        "INSERT INTO invitation VALUES (1, '', '', NULL, NULL, NULL, 'x', 1, '', 1, 1, 1, NULL, NULL)",
        "INSERT INTO invitation VALUES (1, '7', NULL, NULL, NULL, NULL, 'x', 1, '', 1, 1, 1, NULL, NULL)",
        "INSERT INTO invitation VALUES (1, '7', '/r', NULL, NULL, 9, 'x', 1, '', 1, 1, 1, NULL, NULL)",
        "INSERT INTO invitation VALUES (1, NULL, NULL, NULL, NULL, NULL, 'x', 1, '', 1, 1, 1, NULL, NULL)",
        "INSERT INTO invitation VALUES (1, NULL, NULL, 1, x'00', NULL, 'x', 1, '', 1, 1, 1, NULL, NULL)",
        "INSERT INTO seal VALUES (1, x'00', x'00', 1)",
        "UPDATE campaign SET sealed_to = x'00'",
    ])
    func theTablesRefuseWhatCannotBe(_ sql: String) throws {
        try campaign.enrol(1...1)
        try campaign.beginRun()
        let database = try DatabaseQueue(path: campaign.folder("ledger.sqlite"))
        let error = #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: sql) } }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
    }
}
