// Codes that are in outputs, and in the ledger no more.

import Campaign
import Glibc
import Ledger
import OutputFiles

/// An output that may hold codes which nobody has besides, and is left alone for that.
package struct StillHoldsCodes: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String

    package var description: String {
        "\(path) may hold codes that were purged from the ledger and are nowhere else, and is left alone: "
            + "--replace writes it anew without them"
    }
}

extension CampaignOutputs {
    /// Why a file must not be written anew: it may hold codes that were purged since.
    ///
    /// Written after the purge, as far as that is known, it holds nothing but what the ledger has.
    func codesOnly(in name: String) throws -> StillHoldsCodes? {
        guard let purged = try ledger.campaign().purgedRevision, PrivateFolder.exists(path(of: name)) else {
            return nil
        }
        if let last = try record(of: name), last.revision >= purged || last.remarks[Remark.rows] == 0 {
            return nil
        }
        return StillHoldsCodes(path: path(of: name))
    }

    /// What holds codes beside the ledger: exports, each a file or a folder.
    ///
    /// What a killed export left behind is removed first.
    ///
    /// - Throws: what the ledger and the files throw.
    package func codesBesideLedger() throws -> [String] {
        // First what is being written: it may have its final name by the time that one is looked for.
        let partial = WholeFile.partialPath(of: path(of: Self.invitations))
        var holding = try WholeFile.removeAbandoned(partial) ? [] : [partial]
        for name in [Self.invitations, Self.encryptedInvitations] where PrivateFolder.exists(path(of: name)) {
            if try record(of: name)?.remarks[Remark.rows] != 0 { holding.append(path(of: name)) }
        }
        if try PrivateFolder.names(in: path(of: Self.usersFolder)).contains(where: { $0 != ".lock" }) {
            holding.append("\(path(of: Self.usersFolder))/")
        }
        return holding + (try folder.leftovers())
    }
}
