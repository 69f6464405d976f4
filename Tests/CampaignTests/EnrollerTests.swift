// Rosters into the ledger: each once, and again when it is another.

import Campaign
import Ledger
import Pacing
import Roster
import SQLiteLedger
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct EnrollerTests {
    private let folder: TemporaryFolder
    private let ledger: any Ledger

    init() throws {
        folder = try TemporaryFolder()
        ledger = try SQLiteLedger.openOrCreate(
            at: "\(folder.path)/ledger.sqlite",
            campaign: "test",
            server: "http://kratos.test"
        )
    }

    private static func rows(_ numbers: some Sequence<Int>, column: String = "name") -> String {
        numbers.reduce(into: "id,name,city\n") { text, number in
            text += "\(IdentityID.numbered(number).text),\(column)-\(number),Graz\n"
        }
    }

    /// Enrols a file as a run does.
    ///
    /// - Parameter canReadTwice: false for what comes through a pipe.
    private func enrol(
        _ text: String,
        options: RosterOptions = RosterOptions(),
        canReadTwice: Bool = true,
        stopAfterBatches: Int = .max,
        onRead: @escaping @Sendable () -> Void = {}
    ) async throws -> Enrolment? {
        let path = try folder.write(text, to: "roster.csv")
        let reader = try RosterReader(source: FileByteSource(path: path), options: options)
        let run = try ledger.beginRun(
            RunStart(startedAt: ManualClock.start, process: "test", version: "0", retryFailed: false)
        )
        let time = TimeSource(ContinuousClock(), wallClock: { ManualClock.start })
        let enroller = Enroller(ledger: ledger, queue: SerialQueue(), options: options, time: time)
        let (control, batches) = (RunControl(time: time), Batches())
        var fingerprint: (@Sendable () throws -> String)?
        if canReadTwice {
            fingerprint = {
                onRead()
                return try rosterFingerprint(of: FileByteSource(path: path))
            }
        }
        return try await enroller.enrol(
            reader,
            name: path,
            size: Int64(text.utf8.count),
            fileFingerprint: fingerprint,
            run: run,
            stopSignal: control,
            events: RunEvents([
                { event in
                    guard case .enrolling = event else { return }
                    if batches.next() >= stopAfterBatches {
                        control.requestStop(.signal("sigint"))
                    }
                }
            ])
        )
    }

    private func columns() throws -> [IdentityID: [String]] {
        let run = try ledger.beginRun(
            RunStart(startedAt: ManualClock.start, process: "test", version: "0", retryFailed: true)
        )
        let claims = try ledger.commit(
            [],
            run: run,
            progress: RunProgress(),
            claiming: 1000,
            at: ManualClock.start
        ).claims
        let invitation = IssuedInvitation(
            secret: .plain(code: "1", link: "/r"),
            expiresAtText: "soon",
            expiresAt: ManualClock.start,
            requestID: "",
            issuedAt: ManualClock.start
        )
        let results = claims.map {
            AttemptResult(claim: $0, outcome: .issued(invitation), isAmbiguous: false)
        }
        _ = try ledger.commit(results, run: run, progress: RunProgress(), claiming: 0, at: ManualClock.start)
        var columns: [IdentityID: [String]] = [:]
        try ledger.forEachInvitation { columns[$0.identityID] = $0.columns }
        return columns
    }

    @Test func everyRowIsAccountedFor() async throws {
        let text = Self.rows(1...5) + "not-a-uuid,x,y\n" + "\(IdentityID.numbered(2).text),again,z\n"
        let enrolment = try #require(try await enrol(text))
        #expect(!enrolment.wasKnown)
        #expect(enrolment.enrolledNew == 5)
        #expect(enrolment.counts.rowsRead == 7)
        #expect(enrolment.counts.enrolled == 5)
        #expect(enrolment.counts.duplicates == 1 && enrolment.counts.rejected == 1)
        var rejected: [RejectedRow] = []
        try ledger.forEachRejectedRow(ofRoster: enrolment.roster) { rejected.append($0) }
        #expect(rejected.map(\.line) == [7, 8])
        #expect(rejected.map(\.reason) == ["not_a_uuid", "duplicate"])
        #expect(rejected.map(\.column) == ["id", "id"])
        #expect(rejected[1].firstLine == 3)
    }

    @Test func anUnchangedRosterIsNotReadAgain() async throws {
        let first = try #require(try await enrol(Self.rows(1...5) + "x,y,z\n"))
        let second = try #require(try await enrol(Self.rows(1...5) + "x,y,z\n"))
        #expect(second.wasKnown)
        #expect(second.roster == first.roster)
        #expect(second.counts == first.counts, "of the whole roster")
        #expect(second.enrolledNew == 0)
    }

    @Test func aRosterOfAnotherSizeIsNotEvenFingerprinted() async throws {
        _ = try await enrol(Self.rows(1...5))
        let fingerprints = Mutex(0)
        let second = try #require(
            try await enrol(Self.rows(1...6), onRead: { fingerprints.withLock { $0 += 1 } })
        )
        #expect(fingerprints.withLock { $0 } == 0)
        #expect(!second.wasKnown && second.enrolledNew == 1 && second.counts.enrolled == 6)
    }

    @Test func aChangedRosterIsReadAndItsColumnsHold() async throws {
        let first = try #require(try await enrol(Self.rows(1...4, column: "old")))
        // The same size, other bytes.
        let second = try #require(try await enrol(Self.rows(2...5, column: "new")))
        #expect(!second.wasKnown)
        #expect(second.roster > first.roster)
        #expect(second.enrolledNew == 1 && second.counts.enrolled == 4)
        let columns = try columns()
        #expect(columns.count == 5)
        #expect(columns[.numbered(1)] == ["old-1", "Graz"])
        for number in 2...5 { #expect(columns[.numbered(number)] == ["new-\(number)", "Graz"]) }
    }

    /// Only the latest roster is remembered: going back to an earlier one is a change too.
    @Test func anEarlierRosterIsReadAgain() async throws {
        let a = Self.rows(1...4, column: "aaa")
        _ = try await enrol(a)
        _ = try await enrol(Self.rows(1...4, column: "bbb"))
        let third = try #require(try await enrol(a))
        #expect(!third.wasKnown && third.enrolledNew == 0)
        #expect(try columns()[.numbered(3)] == ["aaa-3", "Graz"])
    }

    @Test func anInterruptedRosterIsReadAgain() async throws {
        let text = Self.rows(1...20_005)
        #expect(try await enrol(text, stopAfterBatches: 1) == nil)
        let partly = try #require(try ledger.latestRoster())
        #expect(partly.fingerprint == nil && partly.counts.enrolled == 2_000)
        let second = try #require(try await enrol(text))
        #expect(!second.wasKnown)
        #expect(second.counts.enrolled == 20_005 && second.enrolledNew == 18_005)
        #expect(second.counts.duplicates == 0)
        #expect(try await enrol(text)?.wasKnown == true)
        #expect(try ledger.counts(now: ManualClock.start).identities == 20_005)
    }

    @Test func theSameBytesReadInAnotherWayAreAnotherRoster() async throws {
        let one = IdentityID.numbered(1).text
        let two = IdentityID.numbered(2).text
        let text = "a,b\n\(one),\(two)\n"
        let byA = RosterOptions(idColumn: "a")
        let byB = RosterOptions(idColumn: "b")
        _ = try await enrol(text, options: byA)
        #expect(try await enrol(text, options: byA)?.wasKnown == true)
        let other = try #require(try await enrol(text, options: byB))
        #expect(!other.wasKnown && other.enrolledNew == 1)
        let delimited = RosterOptions(idColumn: "b", delimiter: Delimiter(argument: ","))
        #expect(try await enrol(text, options: delimited)?.wasKnown == false)
        #expect(try ledger.counts(now: ManualClock.start).identities == 2)
    }

    @Test func otherColumnsLeftBehindMakeAnotherRoster() async throws {
        let text = Self.rows(1...5)
        let (one, two) = (RosterOptions(withoutColumns: ["City"]), RosterOptions(withoutColumns: ["name"]))
        _ = try await enrol(text)
        #expect(try await enrol(text, options: one)?.wasKnown == false)
        #expect(try ledger.columnNames().values.contains(["name"]))
        #expect(try await enrol(text, options: RosterOptions(withoutColumns: ["city"]))?.wasKnown == true)
        #expect(try await enrol(text, options: two)?.wasKnown == false)
        #expect(try Set(columns().values) == [["Graz"]])
        #expect(try await enrol(text)?.wasKnown == false)
        #expect(try await enrol(text)?.wasKnown == true)
    }

    /// Earlier versions have enrolled such a roster with all of its columns, and under such a fingerprint.
    @Test func aRosterThatAnEarlierVersionTookWholeIsReadAgain() async throws {
        let text = Self.rows(1...5).replacing("city", with: "recovery_code")
        let path = try folder.write(text, to: "roster.csv")
        let roster = try ledger.beginRoster(name: path, at: ManualClock.start)
        let fingerprint = try rosterFingerprint(of: FileByteSource(path: path))
        try ledger.finishRoster(
            roster,
            fingerprint: "sha256:\(fingerprint) id-column: delimiter:",
            size: Int64(text.utf8.count)
        )
        #expect(try await enrol(text)?.wasKnown == false)
        #expect(try ledger.columnNames().values.contains(["name"]))
        #expect(try await enrol(text)?.wasKnown == true)
    }

    /// What can be read only once is read, whether it is known or not; nothing comes of it twice.
    @Test func aPipeIsAlwaysRead() async throws {
        let text = Self.rows(1...5)
        _ = try await enrol(text, canReadTwice: false)
        let second = try #require(try await enrol(text, canReadTwice: false))
        #expect(!second.wasKnown && second.enrolledNew == 0 && second.counts.enrolled == 5)
        #expect(try ledger.counts(now: ManualClock.start).identities == 5)
    }
}

/// Counts batches.
private final class Batches: Sendable {
    private let count = Atomic(0)

    /// The number of the next one, from 1.
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
