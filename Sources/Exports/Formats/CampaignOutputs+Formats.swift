// Invitations in the formats of other systems: `invitations.listmonk.csv` and its manifest.

import Files
import Glibc
import Ledger
import Model
package import Sealing

extension CampaignOutputs {
    /// What an export in a format came to.
    package struct FormattedExport: Sendable {
        package let manifestPath: String
        /// The files, in their order.
        package let paths: [String]
        package let wasWritten: Bool
        package let tally: FormatTally
    }

    /// Writes the files of a format and their manifest, unless they are there and would come out the same.
    ///
    /// All of it is written aside first; the old manifest goes before the first file is replaced, and the new
    /// one comes last: where there is a manifest, its files are whole.
    ///
    /// - Parameters:
    ///   - replacing: whether files are replaced that may hold codes which the ledger has no more.
    ///   - noteAddress: remembers addresses.
    /// - Throws: `FormatError`, `StillHoldsCodes`, `SealError`, `UnsealingError`; what the ledger and the
    ///   files throw.
    package func export(
        in formatOptions: FormatOptions,
        _ options: InvitationOptions,
        replacing: Bool = false,
        unsealingWith key: PrivateKey? = nil,
        noteAddress: @escaping NoteAddress
    ) throws -> FormattedExport {
        let options = try complete(options)
        let files = FormatFileNames(formatOptions.format)
        let dependsOn = try mark(formatOptions, options)
        if options.filter == .all, let last = try unchanged(files, dependingOn: dependsOn) { return last }
        if !replacing, let holding = try codesOnly(in: files) { throw holding }
        let campaign = try ledger.campaign()
        let written = try write(
            files,
            in: folder.path,
            formatOptions,
            InvitationTable(ledger, options, try unsealing(with: key)),
            options,
            noteAddress
        ) { try ledger.forEachInvitation(options.filter, $0) }
        try ledger.noteOutput(
            try record(files, campaign.revision, options.filter == .all ? dependsOn : "", written)
        )
        return written
    }

    /// Writes all of it aside, and puts it in place unless the same is there.
    func write(
        _ files: FormatFileNames,
        in folder: String,
        _ options: FormatOptions,
        _ table: InvitationTable,
        _ invitations: InvitationOptions,
        batch: BatchRecord? = nil,
        _ noteAddress: @escaping NoteAddress,
        _ forEach: ((InvitationRow) throws -> Void) throws -> Void
    ) throws -> FormattedExport {
        let staging = try StagingFolder("\(folder)/\(files.staging)")
        let rows = try FormattedRows(
            options,
            table,
            invitations,
            stagingIn: staging.path,
            noteAddress: noteAddress
        )
        let staged = (manifest: "\(staging.path)/\(files.manifest)", path: "\(folder)/\(files.manifest)")
        var manifest = try FormatManifest(staged.manifest, campaign: try ledger.campaign().name, options)
        try forEach { try rows.add($0, &manifest) }
        let (tally, whole, calls) = try rows.finish()
        if let batch, let purged = tally.leftOut[.noCode] {
            throw BatchError(.withoutCodes, batch.number, members: purged)
        }
        let parts = whole.enumerated().map { index, part in
            part.moved(to: "\(folder)/\(files.part(index, of: whole.count))")
        }
        try manifest.finish(tally, parts, calls: calls)

        let paths = parts.map(\.path)
        func result(wasWritten: Bool) -> FormattedExport {
            extendLifetime(staging)
            return FormattedExport(
                manifestPath: staged.path,
                paths: paths,
                wasWritten: wasWritten,
                tally: tally
            )
        }
        let stale = try Self.formattedFiles(in: folder, files).filter { !paths.contains($0) }
        if stale.isEmpty, try Self.isThere(staged.path, as: staged.manifest, parts) {
            return result(wasWritten: false)
        }
        guard unlink(staged.path) == 0 || errno == ENOENT else {
            throw FileError.current("remove", staged.path)
        }
        try AtomicFile.syncFolder(folder)
        for (from, to) in zip(whole, parts) { try AtomicFile.move(from.path, to: to.path) }
        for path in stale { try AtomicFile.remove(path) }
        try AtomicFile.move(staged.manifest, to: staged.path)
        return result(wasWritten: true)
    }

    /// Whether the manifest, which names all sums, and the files are there with just these bytes.
    private static func isThere(
        _ manifest: String,
        as staged: String,
        _ parts: [ExportedPart]
    ) throws -> Bool {
        guard FileStamp(fileAt: manifest) != nil,
            try FileSum.sha256(ofFile: manifest) == FileSum.sha256(ofFile: staged)
        else { return false }
        return try parts.allSatisfy { part in
            try FileStamp(fileAt: part.path)?.size == part.bytes
                && FileSum.sha256(ofFile: part.path) == part.sha256
        }
    }

    /// What the files depend on besides the ledger's revision.
    private func mark(_ format: FormatOptions, _ options: InvitationOptions) throws -> String {
        let invitations: JSONMembers = [
            ("csv_formulas", .text(options.formulas.rawValue)),
            ("link_base", .optional(options.linkBase?.text)), ("time_format", .text(options.times.text)),
            ("time_zone", .text(options.times.zoneName)),
            ("without", .text(try secretColumnsMark())), ("version", .number(1)),
        ]
        return JSONWriter.line(.object(format.mark + invitations))
    }
}

// MARK: - What is there

extension CampaignOutputs {
    private static let partsStamp = "files_stamp"
    private static let partsCount = "files"

    private func record(
        _ files: FormatFileNames,
        _ revision: Int64,
        _ options: String,
        _ written: FormattedExport
    ) throws -> OutputRecord {
        guard let stamp = FileStamp(fileAt: written.manifestPath) else {
            throw FileError.failed("look at", written.manifestPath, ENOENT)
        }
        var remarks = written.tally.remarks
        remarks[Self.partsStamp] = Self.stamp(ofFiles: written.paths)
        remarks[Self.partsCount] = written.paths.count
        return OutputRecord(
            name: files.manifest,
            revision: revision,
            options: options,
            size: stamp.size,
            modifiedNanoseconds: stamp.modifiedNanoseconds,
            remarks: remarks
        )
    }

    /// How the files were written last, where they are as they were and would come out the same.
    private func unchanged(
        _ files: FormatFileNames,
        dependingOn options: String
    ) throws -> FormattedExport? {
        guard let last = try record(of: files.manifest), last.options == options,
            last.revision == (try ledger.campaign().revision)
        else { return nil }
        let count = last.remarks[Self.partsCount] ?? 0
        let paths = (0..<count).map { path(of: files.part($0, of: count)) }
        guard Self.stamp(ofFiles: paths) == last.remarks[Self.partsStamp] else { return nil }
        return FormattedExport(
            manifestPath: path(of: files.manifest),
            paths: paths,
            wasWritten: false,
            tally: FormatTally(remarks: last.remarks)
        )
    }

    /// Tells files that were changed since from those that were not; nil where one is gone.
    private static func stamp(ofFiles paths: [String]) -> Int? {
        // FNV-1a of sizes and times, within what JSON keeps exactly.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for path in paths {
            guard let stamp = FileStamp(fileAt: path) else { return nil }
            for number in [stamp.size, stamp.modifiedNanoseconds] {
                hash = (hash ^ UInt64(bitPattern: number)) &* 0x100_0000_01b3
            }
        }
        return Int(hash >> 11)
    }

    /// Why files of a format must not be written anew: they may hold codes that were purged since.
    private func codesOnly(in files: FormatFileNames) throws -> StillHoldsCodes? {
        guard let purged = try ledger.campaign().purgedRevision,
            let first = try Self.formattedFiles(in: folder.path, files).first
        else { return nil }
        if let last = try record(of: files.manifest),
            last.revision >= purged || last.remarks[Remark.rows] == 0
        {
            return nil
        }
        return StillHoldsCodes(path: first, reason: .purged(try ledger.purgedCount()))
    }

    /// The campaign's files in any format, which hold codes.
    ///
    /// What a killed export left behind is not among them.
    static func formattedFiles(in folder: CampaignFolder) throws -> [String] {
        try PrivateFolder.names(in: folder.path).filter { FormatFileNames.format(ofPart: $0) != nil }.sorted()
            .map { "\(folder.path)/\($0)" }
    }

    /// Those of one format, of a campaign or of a batch.
    private static func formattedFiles(in folder: String, _ files: FormatFileNames) throws -> [String] {
        try PrivateFolder.names(in: folder).filter(files.isPart).sorted().map { "\(folder)/\($0)" }
    }

    /// Removes what killed exports left behind; nobody else may write outputs meanwhile.
    func removeStagedFormats() throws {
        for format in ExportFormat.all { try StagingFolder.remove(path(of: FormatFileNames(format).staging)) }
    }
}
