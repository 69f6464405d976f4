import Ledger
import TestSupport
import Testing
import Model

/// Ledgers of earlier versions, which have enrolled columns with codes.
@Suite struct SecretColumnsConformance {
    /// A campaign with three rosters: the second is an `invitations.csv`, the third has other columns.
    private func older(_ backEnd: LedgerBackEnd) throws -> (LedgerFixture, second: RosterID) {
        let campaign = try backEnd.fresh()
        try campaign.enrol((1...2).map { .identity(id($0), line: $0 + 1, columns: ["user \($0)"]) })
        let second = try campaign.enrol(
            (3...5).map {
                .identity(
                    id($0),
                    line: $0,
                    columns: ["CANARY-\($0)", "a\($0)", "https://canary.example/\($0)", "b\($0)"]
                )
            } + [
                .rejected(
                    RejectedRow(
                        line: 8,
                        column: nil,
                        reason: "wrong_number_of_fields",
                        value: "x,CANARY-8"
                    )
                ),
                .rejected(
                    RejectedRow(line: 9, column: "identity_id", reason: "not_a_uuid", value: "CANARY-9")
                ),
                .identity(id(3), line: 10, columns: ["CANARY-10", "", "", ""]),
            ],
            columns: ["Recovery_Code", "name", "roster_recovery_link", "city"]
        ).roster
        // Of a JSON roster, a row may be shorter than the names.
        try campaign.enrol(
            [
                .identity(id(6), line: 1, columns: ["n6"]),
                .identity(id(7), line: 2, columns: ["n7", "CANARY-7", "c7"]),
            ],
            columns: ["name", "recovery_code", "city"]
        )
        let run = try campaign.beginRun()
        let claims = try campaign.claim(7, run)
        for claim in claims.prefix(4) {
            try campaign.record(.issued(.sample(Int(claim.sequence))), [claim], run)
        }
        try campaign.record(.failed(.refusal), claims.dropFirst(4), run)
        return (campaign, second)
    }

    private func expectNoneIsRead(_ campaign: LedgerFixture, _ second: RosterID) throws {
        let names = try campaign.ledger.columnNames()
        #expect(names[second] == ["name", "city"])
        #expect(Set(names.values) == [["name"], ["name", "city"]])
        #expect(
            try campaign.invitations().map(\.columns) == [
                ["user 1"], ["user 2"], ["a3", "b3"], ["a4", "b4"],
            ]
        )
        #expect(try campaign.failures().map(\.columns) == [["a5", "b5"], ["n6"], ["n7", "c7"]])
        #expect(
            try campaign.rejectedRows(second).map(\.value) == ["[redacted]", "[redacted]", id(3).text]
        )
    }

    @Test(arguments: LedgerBackEnd.all)
    func nothingOfThemIsRead(_ backEnd: LedgerBackEnd) throws {
        let (campaign, second) = try older(backEnd)
        #expect(
            try campaign.ledger.secretColumnNames()
                == ["Recovery_Code", "roster_recovery_link", "recovery_code"]
        )
        try expectNoneIsRead(campaign, second)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aPurgeRemovesThemWhateverHasExpired(_ backEnd: LedgerBackEnd) throws {
        let (campaign, second) = try older(backEnd)
        let before = try campaign.ledger.campaign()
        #expect(try campaign.ledger.purge(expiredBy: LedgerFixture.now, at: LedgerFixture.now) == 0)
        #expect(try campaign.ledger.secretColumnNames() == [])
        try expectNoneIsRead(campaign, second)
        let after = try campaign.ledger.campaign()
        #expect(after.revision > before.revision, "outputs show it")
        #expect(after.purgedRevision == nil, "no export holds what the ledger has lost")
        #expect(try campaign.invitations().allSatisfy { $0.invitation.secret != .purged })
        try campaign.reopen()
        try expectNoneIsRead(campaign, second)
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 4)
        #expect(try campaign.ledger.campaign().purgedRevision != nil)
    }

    @Test(arguments: LedgerBackEnd.all)
    func otherLedgersStayAsTheyAre(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let (roster, _) = try campaign.enrol(
            [
                .identity(id(1), line: 2, columns: ["recovery_code", "3"]),
                .rejected(
                    RejectedRow(line: 3, column: nil, reason: "wrong_number_of_fields", value: "a,b")
                ),
            ],
            columns: ["recovery_codes", "my_expires_at"]
        )
        let revision = try campaign.ledger.campaign().revision
        #expect(try campaign.ledger.secretColumnNames() == [])
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 0)
        #expect(try campaign.ledger.campaign().revision == revision)
        #expect(try campaign.rejectedRows(roster).map(\.value) == ["a,b"])
        #expect(try campaign.ledger.columnNames()[roster] == ["recovery_codes", "my_expires_at"])
    }
}
