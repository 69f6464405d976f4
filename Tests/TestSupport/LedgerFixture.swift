// A campaign's ledger in a folder of its own, and short ways to fill it.

package import Ledger
import SQLiteLedger
package import Model

/// A ledger that a test fills step by step.
package final class LedgerFixture {
    package let folder: TemporaryFolder
    package private(set) var ledger: any Ledger
    private let open: (_ path: String) throws -> any Ledger
    /// The time of the fixture's events.
    package static let now = Timestamp(milliseconds: 1_800_000_000_000)

    /// - Parameter open: opens the ledger with that path, or makes it.
    package init(open: @escaping (_ path: String) throws -> any Ledger = LedgerFixture.sqlite) throws {
        folder = try TemporaryFolder()
        self.open = open
        ledger = try open(folder("ledger.sqlite"))
    }

    package static func sqlite(_ path: String) throws -> any Ledger {
        try SQLiteLedger.openOrCreate(at: path, campaign: "spring", server: "https://kratos.example/admin")
    }

    /// The ledger as another process opens it.
    package func openAnother() throws -> any Ledger { try open(folder("ledger.sqlite")) }

    /// Closes the ledger for good: its file alone is all of it then.
    package func close() throws { try ledger.close() }

    /// Closes the ledger and opens it again, as the next process does.
    package func reopen() throws {
        try ledger.close()
        ledger = try open(folder("ledger.sqlite"))
    }

    /// Enrols a roster from its beginning to its end.
    @discardableResult
    package func enrol(
        _ entries: [RosterEntry],
        columns: [String] = ["name"],
        named name: String = "roster.csv"
    ) throws -> (roster: RosterID, counts: EnrolmentCounts) {
        let roster = try ledger.beginRoster(name: name, at: Self.now)
        let counts = try ledger.enrol(entries, idColumn: "identity_id", columnNames: columns, into: roster)
        try ledger.finishRoster(roster, fingerprint: "f\(roster.number)", size: 1000)
        return (roster, counts)
    }

    /// Enrols identities by number, each with a name, on the lines after a header.
    @discardableResult
    package func enrol(_ numbers: ClosedRange<Int>) throws -> RosterID {
        try enrol(
            numbers.enumerated().map { .identity(id($1), line: $0 + 2, columns: ["user \($1)"]) }
        ).roster
    }

    @discardableResult
    package func beginRun(retryFailed: Bool = false) throws -> RunID {
        try ledger.beginRun(
            RunStart(startedAt: Self.now, process: "test", version: "1", retryFailed: retryFailed)
        )
    }

    package func claim(_ count: Int, _ run: RunID) throws -> [Claim] {
        try ledger.commit([], run: run, progress: RunProgress(), claiming: count, at: Self.now).claims
    }

    /// Records the same outcome for some claims.
    package func record(
        _ outcome: AttemptResult.Outcome,
        _ claims: some Sequence<Claim>,
        _ run: RunID,
        isAmbiguous: Bool = false
    ) throws {
        let results = claims.map { AttemptResult(claim: $0, outcome: outcome, isAmbiguous: isAmbiguous) }
        _ = try ledger.commit(results, run: run, progress: RunProgress(), claiming: 0, at: Self.now)
    }

    /// Enrols that many identities and issues an invitation to each, with its number as the code.
    package func issue(
        _ numbers: ClosedRange<Int>,
        run: RunID,
        codePrefix: String = "",
        link: String = "https://app.example/recovery?flow=1"
    ) throws {
        try enrol(numbers)
        let results = try claim(numbers.count, run).map { claim in
            var invitation = IssuedInvitation.sample(Int(claim.sequence), link: link)
            invitation.recoveryCode = codePrefix + invitation.recoveryCode
            return AttemptResult(claim: claim, outcome: .issued(invitation), isAmbiguous: false)
        }
        _ = try ledger.commit(results, run: run, progress: RunProgress(), claiming: 0, at: Self.now)
    }

    package func counts() throws -> CampaignCounts { try ledger.counts(now: Self.now) }

    package func invitations() throws -> [InvitationRow] {
        var rows: [InvitationRow] = []
        try ledger.forEachInvitation { rows.append($0) }
        return rows
    }

    package func failures() throws -> [FailureRow] {
        var rows: [FailureRow] = []
        try ledger.forEachFailure { rows.append($0) }
        return rows
    }

    package func rejectedRows(_ roster: RosterID) throws -> [RejectedRow] {
        var rows: [RejectedRow] = []
        try ledger.forEachRejectedRow(ofRoster: roster) { rows.append($0) }
        return rows
    }
}

extension Ledger {
    /// Makes identities due for their next invitation, whatever is known of them.
    package func reissue(_ identities: [IdentityID]) throws -> Int {
        let scope = ReissueScope(.everybody, now: LedgerFixture.now)
        return try reissue(
            try reissueCandidates(scope, after: 0, limit: .max).filter { identities.contains($0.identityID) }
        )
    }
}

/// An identity ID with a number in its last digits.
package func id(_ number: Int) -> IdentityID {
    IdentityID(high: 0xa000_0000_0000_4000, low: 0x8000_0000_0000_0000 | UInt64(number))
}

extension IssuedInvitation {
    /// The code; empty where it cannot be read.
    package var recoveryCode: String {
        get { plain?.code ?? "" }
        set { secret = .plain(code: newValue, link: recoveryLink) }
    }

    /// The link; empty where it cannot be read.
    package var recoveryLink: String { plain?.link ?? "" }

    private var plain: (code: String, link: String)? {
        guard case .plain(let code, let link) = secret else { return nil }
        return (code, link)
    }

    /// An invitation whose code has leading zeros and that expires an hour after the fixture's time.
    package static func sample(_ number: Int, link: String = "https://app.example/recovery?flow=1")
        -> IssuedInvitation
    {
        let digits = String(number)
        let expiry = LedgerFixture.now.advanced(by: .seconds(3600))
        return IssuedInvitation(
            secret: .plain(
                code: String(repeating: "0", count: max(0, 6 - digits.count)) + digits,
                link: link
            ),
            expiresAtText: expiry.rfc3339,
            expiresAt: expiry,
            requestID: "request-\(number)",
            issuedAt: LedgerFixture.now
        )
    }
}

extension FailureRecord {
    package static func sample(
        _ kind: FailureKind = .serverError,
        isPermanent: Bool = false,
        httpStatus: Int? = 503,
        errorID: String? = nil,
        reason: String = "the server said: 503 Service Unavailable"
    ) -> FailureRecord {
        FailureRecord(
            Failure(kind: kind, httpStatus: httpStatus, errorID: errorID, reason: reason),
            isPermanent: isPermanent,
            requestID: "request-f",
            at: LedgerFixture.now
        )
    }

    package static var refusal: FailureRecord {
        sample(.rejectedByServer, isPermanent: true, httpStatus: 400, reason: "recovery is not allowed")
    }
}
