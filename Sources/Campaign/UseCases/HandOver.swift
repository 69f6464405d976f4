// What is handed over: batches of a campaign's invitations, written, written again, undone, listed.

package import Exports
package import Files
package import Ledger
package import Model
package import Sealing
/// The world outside of a hand-over.
package struct HandOverContext: Sendable {
    package var now: @Sendable () -> Timestamp
    /// Whose process this is, for people.
    package var process: String
    /// Nil where batches are written plain.
    package var encrypt: BatchOutputs.Encrypt?
    package var events: RunEvents
    /// Told of every step, for tests.
    package var after: @Sendable (BatchOutputs.Step) throws -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp,
        process: String,
        encrypt: BatchOutputs.Encrypt? = nil,
        events: RunEvents,
        after: @escaping @Sendable (BatchOutputs.Step) throws -> Void = { _ in }
    ) {
        self.now = now
        self.process = process
        self.encrypt = encrypt
        self.events = events
        self.after = after
    }
}

/// What handing over came to.
package struct HandOverResult: Sendable {
    /// The batches that were written: first one that an earlier process had left unfinished.
    package internal(set) var written: [BatchOutputs.Written] = []
    /// The same batches in a format, where one was asked for.
    package internal(set) var formatted: [CampaignOutputs.FormattedExport] = []
    /// Who was left out where there was nobody to hand over; nil where there was somebody.
    package internal(set) var leftOutOfNone: [LeftOutReason: Int]?

    init(written: [BatchOutputs.Written] = [], leftOutOfNone: [LeftOutReason: Int]? = nil) {
        self.written = written
        self.leftOutOfNone = leftOutOfNone
    }

    /// Whether somebody of a batch is not in its format's files.
    package var leavesOut: Bool { formatted.contains { !$0.tally.leftOut.isEmpty } }
}

/// Batches of a campaign.
package struct HandOver: Sendable {
    private let folder: CampaignFolder
    private let key: PrivateKey?
    private let format: FormatOptions?
    private let context: HandOverContext

    /// - Parameters:
    ///   - key: opens a campaign that is sealed.
    ///   - format: in which each batch that is written is written besides.
    package init(
        _ folder: CampaignFolder,
        unsealingWith key: PrivateKey? = nil,
        in format: FormatOptions? = nil,
        _ context: HandOverContext
    ) {
        self.folder = folder
        self.key = key
        self.format = format
        self.context = context
    }

    /// Writes the batch that is unfinished, where there is one, and then one of whom these options are about.
    ///
    /// - Throws: `CommandFailure`.
    package func handOver(_ options: BatchOptions) async throws -> HandOverResult {
        try await locked { batches in
            var result = HandOverResult()
            // A key that is missing shows before anybody is chosen.
            try batches.checkKey(key)
            if let batch = try unfinished(batches) { try await write(batch, batches, &result) }
            switch try batches.choose(options) {
            case .batch(let batch): try await write(batch, batches, &result)
            case .nobody(let leftOut): result.leftOutOfNone = leftOut
            }
            return result
        }
    }

    /// Writes one batch again, as it was.
    ///
    /// - Throws: `CommandFailure`.
    package func writeAgain(_ number: Int) async throws -> HandOverResult {
        try await locked { batches in
            var batch = try batches.batch(number)
            if batch.state.isUnfinished {
                // Of an undo, or of nobody, nothing is left to write.
                guard let prepared = try unfinished(batches) else { throw BatchError(.undone, number) }
                batch = prepared
            }
            var result = HandOverResult()
            try await write(batch, batches, &result)
            return result
        }
    }

    /// Lets the members of a batch be new again, and removes its files.
    ///
    /// - Throws: `CommandFailure`.
    package func undo(_ number: Int) async throws -> BatchRecord {
        try await locked { batches in
            let batch = try batches.batch(number)
            try batches.undo(batch)
            return batch
        }
    }

    /// All batches, and whether their files are as they were written.
    ///
    /// - Throws: `CommandFailure`.
    package func list() throws -> (batches: [BatchOutputs.Listed], notHandedOver: Int) {
        try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            let batches = try batches(ledger).list()
            let count = try ledger.notHandedOverCount()
            try ledger.close()
            return (batches, count)
        }
    }

    private func batches(_ ledger: any CampaignStore) -> BatchOutputs {
        BatchOutputs(
            CampaignOutputs(folder: folder, ledger: ledger),
            now: context.now,
            after: context.after
        )
    }

    private func unfinished(_ batches: BatchOutputs) throws -> BatchRecord? {
        try batches.unfinished { context.events.emit(.batchDropped(number: $0.number)) }
    }

    private func write(
        _ batch: BatchRecord,
        _ batches: BatchOutputs,
        _ result: inout HandOverResult
    ) async throws {
        if let encrypt = context.encrypt {
            result.written.append(try await batches.write(batch, unsealingWith: key, through: encrypt))
            return
        }
        var formats = BatchFormats(format, key)
        result.written.append(
            try batches.write(batch, unsealingWith: key) { try formats.write($0, batches) }
        )
        result.formatted += formats.written
        if let refusal = formats.refusal { throw refusal }
    }

    /// Does something that no other process may do at the same time.
    private func locked<T>(_ body: (BatchOutputs) async throws -> T) async throws -> T {
        do {
            let ledger = try folder.openSoundLedger()
            if let warning = folder.spillWarning() { context.events.emit(.spillWaits(warning)) }
            let batches = batches(ledger)
            let lock = try batches.lock(holder: context.process)
            let result = try await body(batches)
            extendLifetime(lock)
            try ledger.close()
            return result
        } catch let error as FolderLock.InUse {
            throw CommandFailure(
                .inUse,
                "the batches of the campaign \(folder.name) are in use by \(error.holder): "
                    + "wait for it, or stop it",
                isResumable: false
            )
        } catch {
            throw CommandFailure(describing: error)
        }
    }
}
