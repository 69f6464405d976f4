// Everything that an examination is told, checked.

import ArgumentParser
import Campaign
import Doctor
import Providers
import Files

/// The settings of `latchstring doctor`, read from wherever they stand.
struct DoctorSettings {
    let server: ServerSettings
    /// Nil where no public port is named.
    let publicPort: PublicPortSettings?
    let issue: IssueSettings
    /// Nil where there is none to look at.
    let roster: Examination.RosterFile?
    let outputFolder: String
    /// Nil where neither a campaign nor a roster with a name is given.
    let campaignFolder: String?
    let isJSON: Bool

    init(_ settings: Settings) throws {
        let path = try settings[\.roster.roster]
        // A campaign is named by itself, or by a roster that is a file and has a name to make one of.
        let isNamed =
            settings.given(\.campaign.campaign) != nil
            || path.map { !CampaignFolder.isUnnamed(roster: $0) && CampaignFolder.name(forRoster: $0) != nil }
                ?? false
        let folder = try isNamed ? CampaignSettings(settings, roster: path).folder : nil
        let remembered = RememberedServer.of(folder, unlessGivenIn: settings)
        server = try ServerSettings(settings, remembered: remembered)
        publicPort =
            settings.given(\.doctor.publicServer) == nil
            ? nil : try ServerSettings.publicPort(\.doctor.publicServer, settings, server.provider)
        issue = try IssueSettings(settings, remembered: remembered)
        _ = try SealKeyFile.sealTo(settings)
        roster = try path.map { path in
            Examination.RosterFile(path, options: try RosterSettings(settings).options)
        }
        outputFolder = try folder?.outputFolder ?? settings[\.campaign.outputDir]
        campaignFolder = folder?.path
        isJSON = try settings[\.campaign.json]
    }
}
