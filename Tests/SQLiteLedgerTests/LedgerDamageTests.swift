import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Model

@testable import SQLiteLedger

/// Damaged files: whatever is in them, the ledger works or says so, and never ends the program.
@Suite struct LedgerDamageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A ledger of everything that there may be, as its file's bytes.
    private func sample() throws -> [UInt8] {
        let campaign = try LedgerFixture()
        let (roster, _) = try campaign.enrol(
            (1...300).map { .identity(id($0), line: $0 + 1, columns: ["user \($0)"]) }
                + [
                    .rejected(RejectedRow(line: 400, column: "id", reason: "no_uuid", value: "x")),
                    .identity(id(1), line: 401, columns: ["again"]),
                ]
        )
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        try ledger.noteEnrolment(roster, enrolledNew: 300, run: run)
        let claims = try campaign.claim(200, run)
        let seal = try ledger.seal(
            to: [UInt8](repeating: 7, count: 32),
            encapsulatedKey: [1, 2],
            at: LedgerFixture.now
        )
        var progress = RunProgress()
        progress.requests = 200
        let results = claims.enumerated().map { index, claim in
            var invitation = IssuedInvitation.sample(index)
            if index.isMultiple(of: 5) { invitation.secret = .sealed(seal, [1, 2, 3]) }
            let outcome: AttemptResult.Outcome =
                index.isMultiple(of: 7) ? .failed(.sample(errorID: "e")) : .issued(invitation)
            return AttemptResult(claim: claim, outcome: outcome, isAmbiguous: index.isMultiple(of: 9))
        }
        _ = try ledger.commit(results, run: run, progress: progress, claiming: 20, at: LedgerFixture.now)
        try ledger.setLinkBase("https://app.example")
        let columns = [LookedUpColumn(name: "mail", path: "traits.email")]
        try ledger.declareColumns(columns)
        let found = try ledger.lookupCandidates(.pending, of: nil, after: nil, limit: 20).map {
            LookupResult(candidate: $0, outcome: .found(["m@example.org"]))
        }
        try ledger.recordLookups(found, columns: columns, run: run, failedInRun: 0)
        try ledger.noteLookupRequest(at: LedgerFixture.now)
        try ledger.noteOutput(
            OutputRecord(
                name: "invitations.csv",
                revision: 3,
                options: "",
                size: 1,
                modifiedNanoseconds: 1,
                remarks: ["rows": 1]
            )
        )
        try ledger.close()
        return [UInt8](try Data(contentsOf: URL(filePath: campaign.folder("ledger.sqlite"))))
    }

    private func put(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: folder(name)))
        return folder(name)
    }

    /// Everything that any command does with a ledger.
    private func use(_ path: String, _ steps: inout Int) throws {
        let ledger = try SQLiteLedger.openOrCreate(
            at: path,
            campaign: "spring",
            server: "https://kratos.example/admin"
        )
        defer { try? ledger.close() }
        let now = LedgerFixture.now
        func step(_ body: () throws -> Void) throws {
            do { try body() } catch is LedgerError { steps += 1 }
        }
        try step { _ = try ledger.campaign() }
        try step { _ = try ledger.seals() }
        try step { if let roster = try ledger.latestRoster() { #expect(roster.counts.rowsRead >= 0) } }
        try step { _ = try ledger.latestRun() }
        try step { _ = try ledger.counts(now: now) }
        try step { _ = try ledger.dueCount(retryingFailed: true) }
        try step { _ = try ledger.memberships(of: (1...300).map { id($0) }) }
        try step { _ = try ledger.hasUnreached(inRoster: RosterID(number: 1), at: LedgerFixture.now) }
        try step { _ = try ledger.refusalsOnly() }
        try step { _ = try ledger.requests(since: Timestamp(milliseconds: 0)) }
        try step { _ = try ledger.lookupRequests(since: Timestamp(milliseconds: 0)) }
        for scope in LookupScope.allCases {
            try step { _ = try ledger.lookupCandidates(scope, of: nil, after: nil, limit: 1000) }
        }
        try step { _ = try ledger.foundColumns() }
        try step { _ = try ledger.lookedUpColumnNames() }
        try step { _ = try ledger.output(named: "invitations.csv") }
        try step { _ = try ledger.columnNames() }
        try step { try ledger.forEachInvitation { #expect(!$0.invitation.expiresAt.rfc3339.isEmpty) } }
        try step { try ledger.forEachFailure { #expect(!$0.failure.at.rfc3339.isEmpty) } }
        try step { try ledger.forEachRejectedRow(ofRoster: RosterID(number: 1)) { _ in } }
        try step {
            let columns = [LookedUpColumn(name: "mail", path: "traits.email")]
            let found = try ledger.lookupCandidates(.pending, of: nil, after: nil, limit: 10).map {
                LookupResult(candidate: $0, outcome: .found(["m@example.org"]))
            }
            try ledger.recordLookups(found, columns: columns, run: RunID(number: 1), failedInRun: 0)
        }
        try step {
            let run = try ledger.beginRun(
                RunStart(startedAt: now, process: "p", version: "1", retryFailed: true)
            )
            var progress = RunProgress()
            let claims = try ledger.commit([], run: run, progress: progress, claiming: 40, at: now).claims
            let results = claims.dropFirst(5).enumerated().map { index, claim in
                AttemptResult(
                    claim: claim,
                    outcome: index.isMultiple(of: 2) ? .issued(.sample(index)) : .failed(.sample()),
                    isAmbiguous: false
                )
            }
            progress.requests = results.count
            _ = try ledger.commit(results, run: run, progress: progress, claiming: 0, at: now)
            try ledger.release(Array(claims.prefix(5)), run: run)
            try ledger.requeueRefused()
            try ledger.finishRun(run, progress: progress, stoppedBecause: nil, at: now)
        }
        try step {
            let roster = try ledger.beginRoster(name: "again", at: now)
            let entries = (290...310).map { RosterEntry.identity(id($0), line: $0, columns: ["x"]) }
            _ = try ledger.enrol(entries, idColumn: "id", columnNames: ["name"], into: roster)
        }
        try step { try ledger.close() }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let page = Int.random(in: 0..<bytes.count / 4096, using: &random) * 4096
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            }
        case 1:
            for _ in 0..<20 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
        case 2: for index in page..<page + 4096 { bytes[index] = 0 }
        case 3: for index in page..<page + 4096 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
        case 4: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        default:
            // Where a page says what is in it.
            for _ in 0..<4 {
                bytes[page + Int.random(in: 0..<100, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
        }
    }

    @Test(arguments: 0..<8) func whateverIsInTheFileItWorksOrThrows(_ seed: UInt64) throws {
        let sample = try sample()
        var random = SeededGenerator(seed: seed)
        var (refused, found, failedSteps, unnoticed) = (0, 0, 0, 0)
        for round in 0..<30 {
            var bytes = sample
            damage(&bytes, &random)
            let path = try put(bytes, as: "ledger-\(round).sqlite")
            do { try LedgerCheck(path: path).run() } catch let error as LedgerError {
                #expect(error.code == .unreadable)
                found += 1
            }
            var steps = 0
            do { try use(path, &steps) } catch let error as LedgerError {
                #expect([.unreadable, .missing, .tooNew].contains(error.code), "\(error)")
                refused += 1
            }
            failedSteps += steps
            if steps == 0 { unnoticed += 1 }
        }
        #expect(found > 10, "the check finds most of it")
        #expect(refused > 0 && failedSteps > 0 && unnoticed > 0)
    }

    @Test func damageIsNamedWithWhatTheCheckSays() throws {
        var bytes = try sample()
        for index in 4096..<bytes.count { bytes[index] = 0xa5 }
        let path = try put(bytes, as: "ledger.sqlite")
        let error = #expect(throws: LedgerError.self) { try LedgerCheck(path: path).run() }
        let words = error?.description ?? ""
        #expect(words.hasPrefix("the ledger \(path) is damaged or is no ledger"))
        #expect(words.contains("SQLite's integrity check says: "))
        #expect(words.contains("restore it from a backup"))
        #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes, "and left as it is")
    }

    @Test func aLedgerThatIsSoundPasses() throws {
        let path = try put(try sample(), as: "ledger.sqlite")
        let check = LedgerCheck(path: path)
        #expect(check.isQuick)
        try check.run()
        let cancelled = LedgerCheck(path: path)
        cancelled.cancel()
        try cancelled.run()
    }

    /// A row whose index entry says something else: only the whole check compares them.
    @Test func whatAnIndexSaysDifferentlyIsFound() throws {
        var bytes = try sample()
        // The text of somebody's ID, in the table and in its index: change one of them.
        let wanted = [UInt8](id(77).data)
        let start = try #require(bytes.indices.dropLast(16).first { Array(bytes[$0..<$0 + 16]) == wanted })
        bytes[start + 15] ^= 0x40
        let path = try put(bytes, as: "ledger.sqlite")
        #expect(throws: LedgerError.self) { try LedgerCheck(path: path).run() }
    }

    @Test func aRowThatNamesAnotherThatIsGoneIsFound() throws {
        let path = try put(try sample(), as: "ledger.sqlite")
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: path, configuration: configuration).write { db in
            try db.execute(sql: "DELETE FROM seal")
        }
        let error = #expect(throws: LedgerError.self) { try LedgerCheck(path: path).run() }
        let words = error?.description ?? ""
        #expect(words.contains("a row of table invitation names a row of table seal that is not there"))
    }

    @Test func anotherProgramsDatabaseIsNoLedger() throws {
        let path = folder("other.sqlite")
        try DatabaseQueue(path: path).write { db in try db.execute(sql: "CREATE TABLE song (id INTEGER)") }
        let error = #expect(throws: LedgerError.self) { try LedgerFixture.sqlite(path) }
        #expect(error?.code == .unreadable)
        let tables = try DatabaseQueue(path: path).read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master")
        }
        #expect(tables == ["song"], "nothing was put into it")
    }

    @Test func anUnlikelyListOfMigrationsIsDamageAndNoNewerVersion() throws {
        let path = try put(try sample(), as: "ledger.sqlite")
        try DatabaseQueue(path: path).write { db in
            try db.execute(
                sql: "UPDATE grdb_migrations SET identifier = '2 book-ups' WHERE identifier = '2 look-ups'"
            )
        }
        let error = #expect(throws: LedgerError.self) { try LedgerFixture.sqlite(path) }
        #expect(error?.code == .unreadable)
    }
}
