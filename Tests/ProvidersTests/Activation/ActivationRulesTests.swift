// What became of an invitation: as recorded of a real Kratos, and case by case.

import HTTPTransport
import Testing
import Model

@testable import Providers

@Suite struct ActivationRulesTests {
    // MARK: - As recorded

    /// Everything happens in the second of the issue, the import too.
    @Test func aLifeIsReadStepByStep() throws {
        let issuedAt = try RecordedLife.issuedAt("22a_code_ingrid")
        for name in ["21_before_identity_ingrid", "22_issued_identity_ingrid", "23_redeemed_identity_ingrid"]
        {
            #expect(
                ActivationRules.read(try RecordedLife.shown(name), issuedAt: issuedAt) == Activation(.unused)
            )
        }
        let activated = Activation(
            .activated,
            kind: "password",
            at: try RecordedLife.time("2026-11-27T11:28:51.330Z")
        )
        for name in ["24_password_set_identity_ingrid", "25_later_login_identity_ingrid"] {
            #expect(ActivationRules.read(try RecordedLife.shown(name), issuedAt: issuedAt) == activated)
        }
    }

    @Test func anImportedHashIsNoActivation() throws {
        let issuedAt = try RecordedLife.issuedAt("22c_code_zofia")
        let shown = try RecordedLife.shown("26_redeemed_identity_zofia_imported_hash")
        #expect(ActivationRules.read(shown, issuedAt: issuedAt) == Activation(.unused))
    }

    @Test func aListTellsWhoWasChanged() throws {
        let body = try RecordedLife.response("27b_ids_without").body
        let listed = try #require(ListedIdentity.list(in: body, columns: []))
        let codes = [
            RecordedLife.ingrid: "22a_code_ingrid", RecordedLife.tomas: "22b_code_tomas",
            RecordedLife.zofia: "22c_code_zofia",
        ]
        for identity in listed {
            let issuedAt = try RecordedLife.issuedAt(try #require(codes[identity.id.text]))
            let isIngrid = identity.id.text == RecordedLife.ingrid
            #expect(
                ActivationRules.read(identity, issuedAt: issuedAt)
                    == (isIngrid ? .changed : .known(Activation(.unused)))
            )
        }
        #expect(listed.count == 3)
    }

    @Test func aRedemptionIsInTheSessions() throws {
        let issuedAt = try RecordedLife.issuedAt("22b_code_tomas")
        let redeemed = Activation(
            .redeemed,
            kind: "code_recovery",
            at: try RecordedLife.time("2026-11-27T11:28:48.985Z")
        )
        let ofOne = try RecordedLife.sessions("23_redeemed_sessions_tomas")
        #expect(ActivationRules.redemption(ofOne, issuedAt: issuedAt) == redeemed)
        let ofAll = try RecordedLife.sessions("28b_all_sessions").filter {
            $0.identity?.text == RecordedLife.tomas
        }
        #expect(ActivationRules.redemption(ofAll, issuedAt: issuedAt) == redeemed)
        #expect(try RecordedLife.sessions("28b2_all_sessions_plain").allSatisfy { $0.identity == nil })
        // A later invitation is not redeemed by it.
        let later = try RecordedLife.time("2026-11-27T12:00:00Z")
        #expect(ActivationRules.redemption(ofOne, issuedAt: later) == nil)
        let login = try RecordedLife.sessions("25_later_login_sessions_ingrid").prefix(1)
        #expect(ActivationRules.redemption(Array(login), issuedAt: Timestamp(milliseconds: 0)) == nil)
    }

    // MARK: - Case by case

    private static let issuedAt = Timestamp(milliseconds: 1_800_000_000_000)
    private static let before = "2027-01-15T07:59:59Z"
    private static let after = "2027-01-15T08:00:01Z"

    private func read(_ rest: String) -> Activation {
        let body = #"{"id":"\#(RecordedLife.ingrid)"\#(rest)}"#
        return ActivationRules.read(ShownIdentity(body: Array(body.utf8)), issuedAt: Self.issuedAt)
    }

    private static func password(_ created: String, _ updated: String) -> String {
        #""password":{"created_at":\#(created),"updated_at":\#(updated)}"#
    }

    @Test(arguments: [
        ("", ActivationState.unknown),
        (#","updated_at":null"#, .unknown),
        (#","updated_at":"yesterday""#, .unknown),
        (#","updated_at":1800000009"#, .unknown),
        // Without a time of change a credential's own is not believed.
        (#","credentials":{\#(password("\"\(before)\"", "\"\(after)\""))}"#, .unknown),
        (#","updated_at":"\#(before)""#, .unused),
        (#","updated_at":"2027-01-15T08:00:00Z""#, .unused),
        (#","updated_at":"\#(before)","state":"inactive""#, .inactive),
        (#","updated_at":"\#(after)","state":"inactive""#, .inactive),
        (#","updated_at":"\#(after)""#, .unknown),
        (#","updated_at":"\#(after)","credentials":null"#, .unknown),
        (#","updated_at":"\#(after)","credentials":[]"#, .unknown),
        (#","updated_at":"\#(after)","credentials":{}"#, .unused),
        (
            #","updated_at":"\#(after)","credentials":{\#(password("\"\(before)\"", "\"\(before)\""))}"#,
            .unused
        ),
        (
            #","updated_at":"\#(after)","credentials":{\#(password("\"\(before)\"", "\"\(after)\""))}"#,
            .activated
        ),
        (#","updated_at":"\#(after)","credentials":{\#(password("\"\(before)\"", "null"))}"#, .unknown),
        (#","updated_at":"\#(after)","credentials":{\#(password("7", "\"\(after)\""))}"#, .unknown),
        (#","updated_at":"\#(after)","credentials":{"password":null}"#, .unknown),
        // Kratos makes a `code` of the address itself.
        (
            #","updated_at":"\#(after)","credentials":{"code":{"created_at":"\#(after)","#
                + #""updated_at":"\#(after)"}}"#,
            .unused
        ),
    ])
    func eachAnswerIsOneState(_ rest: String, _ state: ActivationState) {
        #expect(read(rest).state == state)
    }

    @Test func whatTheServerHasNotIsGone() {
        let missing: ShownIdentity? = nil
        #expect(ActivationRules.read(missing, issuedAt: Self.issuedAt) == Activation(.gone))
        let unlisted: ListedIdentity? = nil
        #expect(ActivationRules.read(unlisted, issuedAt: Self.issuedAt) == .known(Activation(.gone)))
    }

    @Test func theFirstCredentialAfterTheInvitationCounts() throws {
        let activation = read(
            #","updated_at":"2027-01-15T09:00:00Z","credentials":{"#
                + Self.password("\"\(Self.before)\"", "\"2027-01-15T08:30:00Z\"")
                + #","passkey":{"created_at":"2027-01-15T08:10:00Z","updated_at":"2027-01-15T09:00:00Z"},"#
                + #""oidc":{"created_at":"\#(Self.before)","updated_at":"\#(Self.before)"}}"#
        )
        #expect(activation.kind == "passkey")
        #expect(activation.at == (try RecordedLife.time("2027-01-15T08:10:00Z")))
    }
}

@Suite struct IssueTimeTests {
    private static let now = Timestamp(milliseconds: 1_795_778_928_500)

    private func read(_ date: String?, expiresAt: String? = nil) -> String? {
        let headers = HTTPHeaders(date.map { [HTTPHeader(name: "date", value: $0)] } ?? [])
        return IssueTime.read(
            headers,
            expiresAt: expiresAt.flatMap(Timestamp.init(rfc3339:)),
            expiresIn: .seconds(3600),
            now: Self.now
        )?.rfc3339
    }

    @Test func theExpiryTellsTheTimeWithinTheSecond() throws {
        #expect(try RecordedLife.issuedAt("22a_code_ingrid").rfc3339 == "2026-11-27T11:28:48.888Z")
        #expect(
            read(RecordedLife.issuedDate, expiresAt: "2026-11-27T12:28:47.9Z") == "2026-11-27T11:28:47.900Z"
        )
    }

    @Test(arguments: [
        nil, "2026-11-27T12:28:49.1Z", "2026-11-27T12:28:30Z", "2026-11-28T11:28:48.888Z",
    ])
    func otherwiseItIsTheEndOfTheSecond(_ expiry: String?) {
        #expect(read(RecordedLife.issuedDate, expiresAt: expiry) == "2026-11-27T11:28:48.999Z")
    }

    @Test(arguments: [nil, "", "today", "2026-11-27T11:28:48Z"])
    func withoutADateThereIsNone(_ date: String?) {
        #expect(read(date, expiresAt: "2026-11-27T12:28:48.9Z") == nil)
    }
}
