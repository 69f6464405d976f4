import Testing
import Model

@Suite struct OwnColumnsTests {
    @Test(arguments: [
        "recovery_code", "recovery_link", "expires_at", "RECOVERY_CODE", "Recovery_Link", " recovery_code ",
        "\u{feff}recovery_code", "recovery_code\u{a0}", "\u{200b}expires_at\t", "\"recovery_code\"",
        "'recovery_link", "=\"recovery_code\"", "roster_recovery_code", "Roster_Recovery_Link",
        "roster_expires_at", "roster_roster_recovery_code", "traits.recovery_code", "Traits.a.RECOVERY_LINK",
        "traits.roster_recovery_code",
    ])
    func secretsAreKnownByName(_ name: String) {
        #expect(OwnColumns.isSecret(name))
    }

    @Test(arguments: [
        "", "email", "identity_id", "code", "recovery", "recovery_codes", "my_recovery_code", "recovery code",
        "roster_email", "roster_", "expires", "traits.expires_at", "recovery_code.note",
        "rosterrecovery_code",
        "column_2",
    ])
    func othersAreNone(_ name: String) {
        #expect(!OwnColumns.isSecret(name))
    }

    @Test func aHeaderWithAllColumnsOfInvitationsIsOne() {
        let own = OwnColumns.invitations
        #expect(own.suffix(2) == ["issued_at", "generation"])
        #expect(OwnColumns.areOfInvitations(["email"] + own.reversed().map { " \($0.uppercased())" }))
        for missing in own {
            #expect(!OwnColumns.areOfInvitations(own.filter { $0 != missing } + ["email"]))
        }
    }

    @Test func aHeaderWithAllColumnsOfFailuresIsOne() {
        let own = OwnColumns.failures
        #expect(OwnColumns.areOfFailures(own))
        #expect(OwnColumns.areOfFailures(["email"] + own.reversed().map { " \($0.uppercased())" }))
        for missing in own {
            #expect(!OwnColumns.areOfFailures(own.filter { $0 != missing } + ["email"]), "without \(missing)")
        }
    }
}

@Suite struct RejectRedactionTests {
    private func shown(_ value: String, _ column: String?, _ reason: String) -> String {
        let reason = RejectedRow.Reason(rawValue: reason)
        return RejectRedaction.shown(value, column: column, reason: reason, isSecret: OwnColumns.isSecret)
    }

    @Test(arguments: [
        (nil, "wrong_number_of_fields", "a0000000-0000-4000-8000-000000000001,123456,https://x/r?flow=1"),
        (nil, "row_too_long", "123456"), (nil, "not_a_row", "123456"), (nil, "malformed_json", "{\"x\":1"),
        ("name", "unterminated_quote", "1,\"Ann,123456"), ("name", "ambiguous_quote", "\"Ann\\\",123456"),
        ("recovery_code", "invalid_utf8", "123\u{fffd}"), ("roster_recovery_link", "field_too_long", "https"),
        ("identity_id", "not_a_uuid", "123456"), ("identity_id", "not_a_uuid", "A1B2C3D4E5F6"),
        ("identity_id", "not_a_uuid", "https://a.io/r?flow=d7dcc607-20ec-48ce-b5cd-52ec59106f65"),
        ("identity_id", "not_a_uuid", "/r?flow=d7dcc607-20ec-48ce-b5cd-52ec59106f65"),
        ("identity_id", "not_a_uuid", "2026-11-22T02:25:08.943142855Z"),
        ("identity_id", "not_a_uuid", "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA"),
        ("name", "invalid_utf8", "x\u{fffd} https://a.io/r?flow=1"), ("name", "a_reason_to_come", "123456"),
    ])
    func whatMayBeASecretIsNotShown(_ column: String?, _ reason: String, _ value: String) {
        #expect(shown(value, column, reason) == RejectRedaction.mark)
    }

    @Test(arguments: [
        ("identity_id", "not_a_uuid", "a0000000-0000-4000-8000-00000000000"),
        ("identity_id", "not_a_uuid", "a0000000-0000-4000-8000-00000000000g"),
        ("identity_id", "nil_uuid", "00000000-0000-0000-0000-000000000000"),
        ("identity_id", "duplicate", "a0000000-0000-4000-8000-000000000001"),
        ("identity_id", "not_a_uuid", ""), (nil, "wrong_number_of_fields", ""),
        ("name", "invalid_utf8", "M\u{fffd}ller"),
        (nil, "malformed_json", "not valid JSON at byte 7 of the item"),
        ("error", "import_error", "exists already"),
    ])
    func theRestIs(_ column: String?, _ reason: String, _ value: String) {
        #expect(shown(value, column, reason) == value)
    }
}
