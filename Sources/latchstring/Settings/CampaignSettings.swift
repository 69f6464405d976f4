// Which campaign a command is about: named, or called after its roster's file.

import ArgumentParser
import Campaign
import Files

/// Which campaign is meant.
struct CampaignSettings {
    let folder: CampaignFolder
    /// Whether it is named after a roster's file.
    let isNamedByRoster: Bool

    /// - Parameter roster: names the campaign when nothing else does; nil where `--campaign` is required.
    init(_ settings: Settings, roster: String?) throws {
        let named = try settings[\.campaign.campaign]
        let outputFolder = try settings[\.campaign.outputDir]
        isNamedByRoster = named == nil
        if let named {
            folder = CampaignFolder(outputFolder: outputFolder, name: named)
        } else if let roster {
            guard !CampaignFolder.isUnnamed(roster: roster) else {
                throw ValidationError("--campaign is required when the roster comes from standard input")
            }
            try Self.checkName(ofRoster: roster)
            guard let folder = CampaignFolder.named(after: roster, in: outputFolder) else {
                throw ValidationError(
                    "--campaign is required: the roster's name, "
                        + "\(CampaignFolder.fileName(ofRoster: roster)), has no letter or digit to name a "
                        + "campaign by"
                )
            }
            self.folder = folder
        } else {
            throw ValidationError("--campaign is required")
        }
    }
}

extension CampaignSettings {
    /// - Throws: `ValidationError` where the roster's file has the name of an output, which names no
    ///   campaign.
    private static func checkName(ofRoster roster: String) throws {
        guard CampaignFolder.isOutputName(ofRoster: roster) else { return }
        var advice = "give --campaign NAME"
        // Whose output it is shows where it still lies in its campaign's folder.
        if let owner = CampaignFolder.owner(ofRoster: roster) {
            advice += "; it lies in the folder of the campaign \(owner)"
        }
        throw ValidationError(
            "\(roster) is called as an output of latchstring is: which campaign is meant? \(advice)"
        )
    }
}
