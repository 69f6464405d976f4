// What mishaps leave in a campaign's folder, for the operator to decide on.

extension CampaignFolder {
    /// A file that may hold codes which are nowhere else; nothing but the operator removes it.
    package enum Leftover: String, CaseIterable, Sendable {
        /// A ledger whose file was deleted or replaced under a run.
        case rescuedLedger = "ledger.rescued.sqlite"
        /// Answers beside the ledger of which some cannot be read.
        case damagedSpill = "ledger.spill.damaged"
        /// Invitations of which the ledger has lost codes to a purge.
        case purgedInvitations = "invitations.purged.csv"

        fileprivate func isName(_ name: String) -> Bool {
            guard name.hasPrefix(rawValue) else { return false }
            let rest = name.dropFirst(rawValue.count)
            return rest.isEmpty || rest.first == "." && Int(rest.dropFirst()) != nil
        }

        /// A path of that kind that nothing has yet: the name itself, or with a number behind it.
        package func freePath(in folder: CampaignFolder) -> String {
            let first = "\(folder.path)/\(rawValue)"
            var (path, number) = (first, 1)
            while PrivateFolder.exists(path) {
                number += 1
                path = "\(first).\(number)"
            }
            return path
        }
    }

    /// The leftovers of some kinds that are there.
    ///
    /// - Throws: `FileError` where it cannot be told.
    package func leftovers(_ kinds: [Leftover] = Leftover.allCases) throws(FileError) -> [String] {
        let names = try PrivateFolder.names(in: path)
        return names.filter { name in kinds.contains { $0.isName(name) } }.sorted()
            .map { "\(path)/\($0)" }
    }
}
