// Codes that are in outputs, and in the ledger no more.

import Glibc
import Ledger
import Files
package import Model

/// An output that may hold codes which nobody has besides, and is left alone for that.
package struct StillHoldsCodes: ProblemError, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        case purged = "codes_purged"
        case more = "codes_unknown"
    }

    package enum Reason: Hashable, Sendable {
        /// Codes were purged since it was written: so many invitations have none in the ledger.
        case purged(Int)
        /// It has so many rows, and the ledger so many codes.
        case more(rows: Int, codes: Int)
    }

    package let path: String
    package let reason: Reason

    package var problem: Problem {
        let (code, message): (Code, Wording) =
            switch reason {
            case .purged(let count):
                (
                    .purged,
                    "\(path) may hold codes that were purged from the ledger, which has none for \(count) "
                        + "invitations any more, and is left alone"
                )
            case .more(let rows, let codes):
                (
                    .more,
                    "\(path) has \(rows) rows, was not written from this ledger as it is, and the ledger has "
                        + "\(codes) codes: is it a backup? The file is left alone"
                )
            }
        return Problem(
            code.rawValue,
            message,
            advice: "move it away, or give \(.replace) to write it anew without them"
        )
    }
}

extension CampaignOutputs {
    /// Why a file must not be written anew: it may hold codes that were purged since, or that the ledger
    /// never had.
    ///
    /// Written after the purge, as far as that is known, it holds nothing but what the ledger has.
    func codesOnly(in name: String) throws -> StillHoldsCodes? {
        let path = path(of: name)
        guard PrivateFolder.exists(path) else { return nil }
        let last = try record(of: name)
        if let purged = try ledger.campaign().purgedRevision {
            if let last, last.revision >= purged || last.remarks[Remark.rows] == 0 { return nil }
            return StillHoldsCodes(path: path, reason: .purged(try ledger.purgedCount()))
        }
        guard last == nil, name == Self.invitations, FileStamp(fileAt: path) != nil else { return nil }
        let rows = try CSVRowCount.rows(inFile: path)
        // Nothing was purged, and when they expire matters to nobody here.
        let codes = try ledger.counts(now: Timestamp(milliseconds: 0)).issued
        return rows > codes ? StillHoldsCodes(path: path, reason: .more(rows: rows, codes: codes)) : nil
    }

    /// Gives invitations that hold codes which were purged since another name, so that the next ones can be
    /// written.
    ///
    /// - Returns: where they are now; nil where there are none.
    /// - Throws: what the ledger and the files throw.
    package func keepPurged() throws -> String? {
        guard case .purged? = try codesOnly(in: Self.invitations)?.reason else { return nil }
        let kept = CampaignFolder.Leftover.purgedInvitations.freePath(in: folder)
        try AtomicFile.move(path(of: Self.invitations), to: kept)
        return kept
    }

    /// How many invitations were left out when they were written last, as the ledger had no code for them.
    package func withoutCodeBefore() throws -> Int {
        try ledger.output(named: Self.invitations)?.remarks[Remark.withoutCode] ?? 0
    }

    /// What holds codes beside the ledger: exports, each a file or a folder.
    ///
    /// What a killed export left behind is removed first.
    ///
    /// - Throws: what the ledger and the files throw.
    package func codesBesideLedger() throws -> [String] {
        // First what is being written: it may have its final name by the time that one is looked for.
        let partial = AtomicFile.partialPath(of: path(of: Self.invitations))
        var holding = try AtomicFile.removeAbandoned(partial) ? [] : [partial]
        for name in [Self.invitations, Self.encryptedInvitations] where PrivateFolder.exists(path(of: name)) {
            if try record(of: name)?.remarks[Remark.rows] != 0 { holding.append(path(of: name)) }
        }
        try removeStagedFormats()
        holding += try Self.formattedFiles(in: folder)
        if try PrivateFolder.names(in: path(of: Self.usersFolder)).contains(where: { $0 != ".lock" }) {
            holding.append("\(path(of: Self.usersFolder))/")
        }
        if try PrivateFolder.names(in: path(of: BatchOutputs.folderName)).contains(
            where: BatchOutputs.mayHoldCodes
        ) {
            holding.append("\(path(of: BatchOutputs.folderName))/")
        }
        return holding + (try folder.leftovers())
    }
}
