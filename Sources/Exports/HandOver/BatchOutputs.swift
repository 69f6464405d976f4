// The files of batches: `handover/000007-20261128T021500Z.csv`, and a manifest beside each.

package import Files
package import Ledger
package import Model
package import Sealing

/// The batches of a campaign, in its folder `handover`.
///
/// First the batch is in the ledger with its members, then its SHA-256, then its file appears whole, then its
/// manifest, then it is written in the ledger. Whatever ends a process between two of these, the next one
/// goes on from there, with the same members, name and bytes. Only a batch that nobody can have seen is
/// undone instead, where a member's code has too little time left by then.
package struct BatchOutputs: Sendable {
    /// What was done last; for tests, which end things there.
    package enum Step: CaseIterable, Sendable {
        case begun, chosen, prepared, summed, filePlaced, manifestPlaced, written
    }

    /// One batch's file.
    package struct Written: Sendable {
        package let batch: BatchRecord
        package let path: String
        package let manifestPath: String
        /// False where it was there as it was written before.
        package let wasWritten: Bool
        /// What was found while it was written; nil where it was not.
        package let remarks: InvitationRemarks?
        /// Whether other bytes had been written for it before.
        package let differs: Bool
    }

    /// What choosing members came to.
    package enum Choice: Sendable {
        case batch(BatchRecord)
        /// There is nobody to hand over.
        case nobody(leftOut: [LeftOutReason: Int])
    }

    /// Runs a program that encrypts, as `CampaignOutputs.exportEncrypted` has it.
    package typealias Encrypt =
        @Sendable (
            _ output: Int32, _ write: @escaping @Sendable (_ pipe: Int32) throws -> InvitationRemarks
        ) async throws -> InvitationRemarks

    static let folderName = "handover"

    /// Whether a file of that name in the folder may hold codes.
    static func mayHoldCodes(_ name: String) -> Bool { name != ".lock" && !name.hasSuffix(".manifest.json") }

    let outputs: CampaignOutputs
    private let now: @Sendable () -> Timestamp
    private let after: @Sendable (Step) throws -> Void

    private var ledger: any CampaignStore { outputs.ledger }
    private var path: String { outputs.path(of: Self.folderName) }

    package init(
        _ outputs: CampaignOutputs,
        now: @escaping @Sendable () -> Timestamp,
        after: @escaping @Sendable (Step) throws -> Void = { _ in }
    ) {
        self.outputs = outputs
        self.now = now
        self.after = after
    }

    /// Takes the folder for this process; it is made where it is missing.
    ///
    /// - Throws: `FolderLock.InUse`, `FileError`.
    package func lock(holder: String) throws -> FolderLock {
        try PrivateFolder.prepareCampaignFolder(path)
        return try FolderLock(folder: path, holder: holder)
    }

    /// Completes what another process left unfinished, as far as that needs no file.
    ///
    /// - Parameter dropped: is told of a batch that is undone, as it comes too late for a member.
    /// - Returns: the batch whose file is to be written first; nil where there is none.
    package func unfinished(dropped: (BatchRecord) -> Void = { _ in }) throws -> BatchRecord? {
        guard let batch = try ledger.batches().first(where: \.state.isUnfinished) else { return nil }
        guard batch.state != .undoing else {
            try undo(batch)
            return nil
        }
        guard case .batch(let prepared) = try fill(batch) else { return nil }
        // With a checksum its file may have been there, and taken.
        guard try prepared.sha256 == nil && isTooLate(prepared) else { return prepared }
        try undo(prepared)
        dropped(prepared)
        return nil
    }

    /// Whether a code in it has less time left than its options ask for.
    private func isTooLate(_ batch: BatchRecord) throws -> Bool {
        let limit = now().advanced(by: BatchOptions.remainingMin(of: batch))
        var isTooLate = false
        try ledger.forEachMember(ofBatch: batch.number) { row in
            isTooLate = isTooLate || row.invitation.expiresAt <= limit
        }
        return isTooLate
    }

    /// Chooses who is handed over now; there must be nothing unfinished.
    package func choose(_ options: BatchOptions) throws -> Choice {
        var options = options
        options.invitations = try outputs.complete(options.invitations)
        // Names and manifests have whole seconds.
        let time = Timestamp(milliseconds: now().milliseconds / 1000 * 1000)
        let batch = try ledger.beginBatch(options.start(at: time))
        try after(.begun)
        return try fill(batch)
    }

    private func fill(_ batch: BatchRecord) throws -> Choice {
        while true {
            switch try ledger.fillBatch(batch.number) {
            case .more: try after(.chosen)
            case .empty(let leftOut): return .nobody(leftOut: leftOut)
            case .prepared:
                try after(.prepared)
                return .batch(try self.batch(batch.number))
            }
        }
    }

    /// The batch of that number.
    ///
    /// - Throws: `BatchError` where there is none.
    package func batch(_ number: Int) throws -> BatchRecord {
        guard let batch = try ledger.batches().first(where: { $0.number == number }) else {
            throw BatchError(.missing, number)
        }
        return batch
    }

    /// Looks whether sealed codes can be opened with that key, before anybody is chosen.
    ///
    /// - Throws: `SealError`.
    package func checkKey(_ key: PrivateKey?) throws { _ = try outputs.unsealing(with: key) }

    /// Removes a batch's files, and lets its members be new again.
    package func undo(_ batch: BatchRecord) throws {
        // Marked first, so that nobody takes its files for the batch's.
        var isDone = try ledger.undoBatch(batch.number)
        for name in [batch.fileName, batch.manifestName] { try AtomicFile.remove("\(path)/\(name)") }
        try removeFormatted(batch)
        while !isDone { isDone = try ledger.undoBatch(batch.number) }
    }
}

// MARK: - Writing

extension BatchOutputs {
    /// Writes a batch's file and manifest, where they are not there as they were written.
    ///
    /// - Parameter besides: writes the batch in other formats; it is done before the batch counts as written,
    ///   so that whoever goes on after a killed process does it too.
    /// - Throws: `BatchError`, `SealError`, `UnsealingError`; what the ledger, the files and `besides` throw.
    package func write(
        _ batch: BatchRecord,
        unsealingWith key: PrivateKey?,
        besides: (BatchRecord) throws -> Void = { _ in }
    ) throws -> Written {
        let options = try self.options(of: batch, isEncrypting: false)
        if let written = try completed(batch, besides) { return written }
        let unsealing = try outputs.unsealing(with: key)
        var file = try AtomicFile("\(path)/\(batch.fileName)")
        let remarks = try InvitationCSV.write(
            ledger,
            batch: batch.number,
            options: options,
            unsealing: unsealing,
            to: &file
        )
        return try place(file, batch, remarks, besides)
    }

    /// The same, through a program that encrypts: plain in a pipe, never on the disk.
    package func write(
        _ batch: BatchRecord,
        unsealingWith key: PrivateKey?,
        through encrypt: Encrypt
    ) async throws -> Written {
        let options = try self.options(of: batch, isEncrypting: true)
        if let written = try completed(batch, { _ in }) { return written }
        let unsealing = try outputs.unsealing(with: key)
        let file = try AtomicFile("\(path)/\(batch.fileName)")
        let remarks = try await encrypt(file.descriptorForChild) { [ledger] pipe in
            var sink = PipeSink(pipe, to: "the program that encrypts")
            let found = try InvitationCSV.write(
                ledger,
                batch: batch.number,
                options: options,
                unsealing: unsealing,
                to: &sink
            )
            try sink.finish()
            return found
        }
        return try place(file, batch, remarks) { _ in }
    }

    private func options(of batch: BatchRecord, isEncrypting: Bool) throws -> InvitationOptions {
        if batch.state == .undone || batch.state == .undoing { throw BatchError(.undone, batch.number) }
        let (options, isEncrypted) = try BatchOptions.ofFile(batch)
        guard isEncrypted == isEncrypting else {
            throw BatchError(isEncrypted ? .mustBeEncrypted : .mustBePlain, batch.number)
        }
        return options
    }

    /// The batch with its manifest, where its file is there as it was written; nil where it is not.
    private func completed(
        _ batch: BatchRecord,
        _ besides: (BatchRecord) throws -> Void
    ) throws -> Written? {
        let path = "\(path)/\(batch.fileName)"
        guard let sum = batch.sha256, let stamp = FileStamp(fileAt: path),
            try FileSum.sha256(ofFile: path) == sum
        else { return nil }
        return try finish(batch, sum, stamp, remarks: nil, besides)
    }

    private func place(
        _ file: consuming AtomicFile,
        _ batch: BatchRecord,
        _ remarks: InvitationRemarks,
        _ besides: (BatchRecord) throws -> Void
    ) throws -> Written {
        guard remarks.withoutCode == 0 else {
            throw BatchError(.withoutCodes, batch.number, members: remarks.withoutCode)
        }
        var file = file
        let sum = try FileSum.sha256(ofFile: file.flushed())
        if batch.state == .prepared { try ledger.noteBatchFile(batch.number, sha256: sum) }
        try after(.summed)
        let stamp = try file.commit()
        try after(.filePlaced)
        return try finish(batch, sum, stamp, remarks: remarks, besides)
    }

    private func finish(
        _ batch: BatchRecord,
        _ sum: [UInt8],
        _ stamp: FileStamp,
        remarks: InvitationRemarks?,
        _ besides: (BatchRecord) throws -> Void
    ) throws -> Written {
        let manifestPath = "\(path)/\(batch.manifestName)"
        var manifest = try AtomicFile(manifestPath)
        try BatchManifest.write(batch, of: ledger, sha256: sum, to: &manifest)
        let manifestSum = try FileSum.sha256(ofFile: manifest.flushed())
        let isThere =
            try PrivateFolder.exists(manifestPath) && FileSum.sha256(ofFile: manifestPath) == manifestSum
        if !isThere { _ = try manifest.commit() }
        try after(.manifestPlaced)
        try besides(batch)
        try ledger.finishBatch(
            batch.number,
            sha256: sum,
            files: BatchFiles(
                size: stamp.size,
                modifiedNanoseconds: stamp.modifiedNanoseconds,
                manifestSHA256: manifestSum
            ),
            at: now()
        )
        try after(.written)
        return Written(
            batch: try self.batch(batch.number),
            path: "\(path)/\(batch.fileName)",
            manifestPath: manifestPath,
            wasWritten: remarks != nil || !isThere,
            remarks: remarks,
            differs: batch.sha256.map { $0 != sum } ?? false
        )
    }
}

// MARK: - Looking

extension BatchOutputs {
    /// A batch, and whether its files are what was written.
    package struct Listed: Sendable {
        package enum FileState: String, Sendable {
            case intact, missing, changed
        }

        package let batch: BatchRecord
        package let path: String
        package let manifestPath: String
        /// Nil where the batch has no files: it is not written yet, or undone.
        package let file: FileState?
        package let manifest: FileState?

        /// Whether writing the batch again would mend something.
        package var isBroken: Bool { [file, manifest].contains { $0 == .missing || $0 == .changed } }
    }

    /// All batches by number.
    package func list() throws -> [Listed] {
        try ledger.batches().map { batch in
            let (file, manifest) = ("\(path)/\(batch.fileName)", "\(path)/\(batch.manifestName)")
            let isWritten = batch.state == .written
            return Listed(
                batch: batch,
                path: file,
                manifestPath: manifest,
                file: isWritten ? try Self.state(ofFile: file, batch) : nil,
                manifest: isWritten ? try Self.state(of: manifest, batch.files?.manifestSHA256) : nil
            )
        }
    }

    private static func state(ofFile path: String, _ batch: BatchRecord) throws -> Listed.FileState {
        guard let stamp = FileStamp(fileAt: path) else { return .missing }
        let files = batch.files
        // A batch can be large, and an untouched one need not be read.
        if stamp.size == files?.size, stamp.modifiedNanoseconds == files?.modifiedNanoseconds {
            return .intact
        }
        return stamp.size == files?.size ? try state(of: path, batch.sha256) : .changed
    }

    private static func state(of path: String, _ sum: [UInt8]?) throws -> Listed.FileState {
        guard FileStamp(fileAt: path) != nil else { return .missing }
        return try FileSum.sha256(ofFile: path) == sum ? .intact : .changed
    }
}
