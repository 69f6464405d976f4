// Where a campaign lives on disk, and who may use it.

package import Ledger
package import OutputFiles

/// The folder of one campaign: `<output folder>/<name>/`.
package struct CampaignFolder: Hashable, Sendable {
    package let outputFolder: String
    package let name: String

    package var path: String { "\(outputFolder)/\(name)" }
    package var ledgerPath: String { "\(path)/ledger.sqlite" }

    /// The longest name that every file system takes.
    package static let nameLengthMax = 200

    /// - Parameter name: must pass `isValid`.
    package init(outputFolder: String, name: String) {
        precondition(Self.isValid(name: name), "a campaign's name is checked where it is typed")
        self.outputFolder = outputFolder
        self.name = name
    }

    /// Letters, digits, `.`, `_` and `-`; not `.` or `..`.
    package static func isValid(name: String) -> Bool {
        (1...nameLengthMax).contains(name.utf8.count) && name != "." && name != ".."
            && name.unicodeScalars.allSatisfy(isAllowed)
    }

    /// The name for a roster file: without its folder and its ending, other characters made `-`.
    package static func name(forRoster path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem =
            file.lastIndex(of: ".").map { $0 == file.startIndex ? file[...] : file[..<$0] } ?? file[...]
        let allowed = stem.unicodeScalars.map { isAllowed($0) ? Character($0) : "-" }
        let name = String(allowed.prefix(nameLengthMax))
        return isValid(name: name) ? name : "campaign"
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}

extension CampaignFolder {
    /// Makes the folders where they are missing and refuses them when others could read or change them.
    ///
    /// - Throws: `FileError`, in words.
    package func prepare() throws(FileError) {
        try PrivateFolder.prepareOutputFolder(outputFolder)
        try PrivateFolder.prepareCampaignFolder(path)
    }

    /// Whether there is a campaign.
    ///
    /// - Throws: `FileError` where it cannot be told.
    package func exists() throws(FileError) -> Bool {
        try PrivateFolder.mayExist(ledgerPath)
    }

    /// The ledger of a campaign that exists, for reading.
    ///
    /// - Throws: `FileError` or `LedgerError`, in words.
    package func openLedger() throws -> SQLiteLedger {
        guard try PrivateFolder.mayExist(ledgerPath) else {
            throw FileError(
                "there is no campaign \(name) in \(outputFolder): check --campaign and --output-dir"
            )
        }
        try PrivateFolder.checkOutputFolder(outputFolder)
        try PrivateFolder.checkCampaignFolder(path)
        return try SQLiteLedger.open(at: ledgerPath)
    }

    /// The ledger for a run: opened, or made where the campaign is new.
    ///
    /// - Throws: `FileError` or `LedgerError`; also when outputs are there without the ledger that they came from.
    package func openOrCreateLedger(server: String) throws -> SQLiteLedger {
        if !hasLedger, let orphan = ["invitations.csv", "failures.csv", "summary.json"].first(where: has) {
            throw FileError(
                "the campaign folder \(path) has \(orphan) but no ledger: who was invited is not known any more; "
                    + "restore ledger.sqlite, or start afresh under another --campaign"
            )
        }
        return try SQLiteLedger.openOrCreate(at: ledgerPath, campaign: name, server: server)
    }

    private var hasLedger: Bool {
        FileStamp(fileAt: ledgerPath).map { $0.size > 0 } ?? false
    }

    private func has(_ file: String) -> Bool {
        PrivateFolder.exists("\(path)/\(file)")
    }
}
