// The roster into the ledger.

package import Ledger
package import Roster
package import Vocabulary

/// What enrolling a roster came to.
package struct Enrolment: Sendable {
    package let roster: RosterID
    /// Of the whole roster, also when it was not read again.
    package let counts: EnrolmentCounts
    /// Identities that came into the campaign now.
    package let enrolledNew: Int
    /// Whether the roster was the one enrolled last, and so not read again.
    package let wasKnown: Bool
}

/// Reads a roster into the ledger, batch by batch: memory does not grow with the roster.
package struct Enroller {
    private let ledger: any Ledger
    /// How the roster is read: the same bytes read in another way are another roster.
    private let options: RosterOptions
    private let now: @Sendable () -> Timestamp

    /// Rows in one transaction: large enough that flushes don't count, small enough to stop between two.
    private static let batchSize = 20_000

    package init(ledger: any Ledger, options: RosterOptions, now: @escaping @Sendable () -> Timestamp) {
        self.ledger = ledger
        self.options = options
        self.now = now
    }

    /// Enrols what the reader reads.
    ///
    /// - Parameters:
    ///   - name: what the roster is called in summaries.
    ///   - fileFingerprint: the fingerprint of the file as it is, without parsing it; nil where it can be read only
    ///     once. Called only when the ledger's latest roster has the same size.
    ///   - size: of the file in bytes, where known.
    ///   - shouldStop: asked between batches.
    ///   - onProgress: called after each batch, with what is enrolled of the roster by then.
    /// - Returns: nil when it was told to stop before the end.
    /// - Throws: what the reader and the ledger throw; what was enrolled by then stays.
    package func enrol(
        _ reader: RosterReader,
        name: String,
        size: Int64?,
        fileFingerprint: (() throws -> String)?,
        shouldStop: () -> Bool,
        onProgress: (RosterID, EnrolmentCounts) throws -> Void
    ) throws -> Enrolment? {
        if let fileFingerprint, let known = try ledger.latestRoster(), let fingerprint = known.fingerprint,
            known.size == size, try qualified(fileFingerprint()) == fingerprint
        {
            return Enrolment(roster: known.id, counts: known.counts, enrolledNew: 0, wasKnown: true)
        }
        let roster = try ledger.beginRoster(name: name, at: now())
        var counts = EnrolmentCounts()
        while true {
            let items = try reader.next(max: Self.batchSize)
            if items.isEmpty { break }
            counts += try ledger.enrol(
                items.map(RosterEntry.init),
                idColumn: reader.idColumnName,
                columnNames: reader.columnNames,
                into: roster
            )
            try onProgress(roster, counts)
            if shouldStop() { return nil }
        }
        try ledger.finishRoster(roster, fingerprint: qualified(reader.fingerprint), size: reader.bytesRead)
        return Enrolment(roster: roster, counts: counts, enrolledNew: counts.enrolledNew, wasKnown: false)
    }

    private func qualified(_ fingerprint: String) -> String {
        "sha256:\(fingerprint) id-column:\(options.idColumn ?? "") delimiter:\(options.delimiter?.description ?? "")"
    }
}

extension RosterEntry {
    init(_ item: RosterItem) {
        switch item {
        case .row(let row):
            self = .identity(row.identityID, line: row.line, columns: row.columns)
        case .rejected(let row):
            self = .rejected(
                RejectedRowRecord(
                    line: row.line,
                    column: row.column,
                    reason: row.reason.rawValue,
                    value: row.value
                )
            )
        }
    }
}
