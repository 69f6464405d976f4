// The roster into the ledger.

package import Ledger
package import Pacing
package import Roster
import Model
package import Work

/// What enrolling a roster came to.
package struct Enrolment: Sendable {
    package let roster: RosterID
    /// Of the whole roster, also when it was not read again.
    package let counts: EnrolmentCounts
    /// Identities that came into the campaign now.
    package let enrolledNew: Int
    /// Whether the roster was the one enrolled last, and so not read again.
    package let wasKnown: Bool
    /// Of a roster that was not read again: identities that are due by it, and were not in the run's scope
    /// before.
    package let takenUp: Int
}

/// Reads a roster into the ledger, batch by batch: memory does not grow with the roster.
package struct Enroller {
    private let ledger: any CampaignStore
    private let queue: SerialQueue
    /// How the roster is read: the same bytes read in another way are another roster.
    private let options: RosterOptions
    private let time: TimeSource

    /// Rows in one transaction: many enough that flushes don't count, few enough that an answer need not wait
    /// long for its own.
    private static let batchMax = 2_000
    /// How often the run's record is brought up to date meanwhile.
    private static let noteInterval: Duration = .seconds(1)

    package init(ledger: any CampaignStore, queue: SerialQueue, options: RosterOptions, time: TimeSource) {
        self.ledger = ledger
        self.queue = queue
        self.options = options
        self.time = time
    }

    /// Enrols what the reader reads, for a run.
    ///
    /// - Parameters:
    ///   - name: what the roster is called in summaries.
    ///   - fileFingerprint: the fingerprint of the file as it is, without parsing it; nil where it can be
    ///     read only once. Called only when the ledger's latest roster has the same size.
    ///   - size: of the file in bytes, where known.
    ///   - stopSignal: looked at between batches.
    ///   - events: told after each batch, and at the end.
    /// - Returns: nil when it was told to stop before the end.
    /// - Throws: what the reader and the ledger throw; what was enrolled by then stays.
    package func enrol(
        _ reader: any RosterItems,
        name: String,
        size: Int64?,
        fileFingerprint: (@Sendable () throws -> String)?,
        run: RunID,
        stopSignal: any StopSignal,
        events: RunEvents
    ) async throws -> Enrolment? {
        // The reader learns of more while it reads JSON: what is known before that is the same every time.
        let reading = description(of: reader)
        if let known = try await known(size: size, reading, fileFingerprint) {
            let takenUp = try await queue.perform { [ledger] in try ledger.takeUp(known.id, run: run) }
            let enrolment = Enrolment(
                roster: known.id,
                counts: known.counts,
                enrolledNew: 0,
                wasKnown: true,
                takenUp: takenUp
            )
            events.emit(.enrolled(enrolment))
            return enrolment
        }
        let begun = time.wallClock()
        let roster = try await queue.perform { [ledger] in try ledger.beginRoster(name: name, at: begun) }
        let stream = RosterStream(reader, batchMax: Self.batchMax)
        var counts = EnrolmentCounts()
        let isWhole: Bool
        do {
            isWhole = try await enrol(stream, into: roster, &counts, run, stopSignal, events)
        } catch {
            // What was enrolled by then counts, whatever went wrong.
            try? await note(roster, counts.enrolledNew, run)
            throw error
        }
        try await note(roster, counts.enrolledNew, run)
        guard isWhole else { return nil }
        let (fingerprint, bytes) = try await stream.whole()
        try await queue.perform { [self] in
            try ledger.finishRoster(roster, fingerprint: qualified(fingerprint, reading), size: bytes)
        }
        let enrolment = Enrolment(
            roster: roster,
            counts: counts,
            enrolledNew: counts.enrolledNew,
            wasKnown: false,
            takenUp: 0
        )
        events.emit(.enrolled(enrolment))
        return enrolment
    }

    /// Returns whether it came to the roster's end.
    private func enrol(
        _ stream: RosterStream,
        into roster: RosterID,
        _ counts: inout EnrolmentCounts,
        _ run: RunID,
        _ stopSignal: any StopSignal,
        _ events: RunEvents
    ) async throws -> Bool {
        try await note(roster, 0, run)
        var noted = time.elapsed()
        while true {
            let batch = try await stream.nextBatch()
            if batch.items.isEmpty { return true }
            let dueBefore = counts.enrolledNew + counts.knownDue
            counts += try await queue.perform { [ledger] in
                try ledger.enrol(
                    batch.items.map(RosterEntry.init),
                    idColumn: batch.idColumnName,
                    columnNames: batch.columnNames,
                    into: roster
                )
            }
            if time.elapsed() - noted >= Self.noteInterval {
                try await note(roster, counts.enrolledNew, run)
                noted = time.elapsed()
            }
            events.emit(.enrolling(counts, newlyDue: counts.enrolledNew + counts.knownDue - dueBefore))
            if stopSignal.stop != nil { return false }
        }
    }

    /// The roster that was enrolled last, when it is this one.
    private func known(
        size: Int64?,
        _ reading: String,
        _ fileFingerprint: (@Sendable () throws -> String)?
    ) async throws -> RosterRecord? {
        guard let fileFingerprint,
            let known = try await queue.perform({ [ledger] in try ledger.latestRoster() }),
            let fingerprint = known.fingerprint, known.size == size
        else { return nil }
        // Not on the ledger's thread: what is due already need not wait for it.
        let found = try await SerialQueue(label: "roster").perform(fileFingerprint)
        return qualified(found, reading) == fingerprint ? known : nil
    }

    private func note(_ roster: RosterID, _ enrolledNew: Int, _ run: RunID) async throws {
        try await queue.perform { [ledger] in
            try ledger.noteEnrolment(roster, enrolledNew: enrolledNew, run: run)
        }
    }

    private func qualified(_ fingerprint: String, _ reading: String) -> String {
        "sha256:\(fingerprint) \(reading)"
    }

    /// How the roster is read.
    private func description(of reader: any RosterItems) -> String {
        var text = "id-column:\(options.idColumn ?? "") delimiter:\(options.delimiter?.description ?? "")"
        let leftBehind = reader.leftBehind.count
        if !options.withoutColumns.isEmpty || leftBehind > 0 {
            let names = options.withoutColumns.map(OwnColumns.folded).sorted().joined(separator: ",")
            text += " without:\(names) left-behind:\(leftBehind)"
        }
        return text
    }
}

extension RosterEntry {
    init(_ item: RosterItem) {
        switch item {
        case .row(let row):
            self = .identity(row.identityID, line: row.line, columns: row.columns)
        case .rejected(let row): self = .rejected(row)
        }
    }
}
