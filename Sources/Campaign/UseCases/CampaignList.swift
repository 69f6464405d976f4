// The campaigns of an output folder, looked at without touching them.

package import Ledger
package import Files
import Model

/// One campaign, at one look.
package struct ListedCampaign: Sendable {
    package let name: String
    package let found: Result<LedgerGlance, CommandFailure>
    /// Who works on the campaign; nil while nobody does.
    package let holder: CampaignFolder.Holder?

    /// Looks at the campaign; nothing is written.
    package init(_ folder: CampaignFolder) {
        name = folder.name
        holder = folder.holder
        found = Result { try folder.glance() }.mapError(CommandFailure.init(describing:))
    }

    /// Every campaign of an output folder, by name.
    ///
    /// - Parameter isNamed: whether the folder was asked for by its name: then it has to be there.
    /// - Throws: `CommandFailure`.
    package static func all(in outputFolder: String, isNamed: Bool) throws -> [ListedCampaign] {
        try CommandFailure.wrapping {
            // A folder that nobody has named is made by the first run.
            guard try PrivateFolder.mayExist(outputFolder) else {
                guard isNamed else { return [] }
                throw CommandFailure(
                    .error,
                    "there is no folder \(outputFolder)",
                    advice: "check \(.outputFolder)"
                )
            }
            try PrivateFolder.checkOutputFolder(outputFolder)
            return try CampaignFolder.all(in: outputFolder).map(ListedCampaign.init)
        }
    }
}
