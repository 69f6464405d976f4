// What `latchstring sync` is told, checked.

import Campaign
import Files
import Providers
import Model

/// The settings of `latchstring sync`.
struct SyncSettings {
    let folder: CampaignFolder
    let server: ServerSettings
    let options: SyncOptions
    let maxDuration: Duration?
    let waitForLock: Duration?
    let isJSON: Bool
    let isQuiet: Bool

    init(_ settings: Settings) throws {
        folder = try CampaignSettings(settings, roster: nil).folder
        let remembered = try RememberedServer.of(folder)
        let provider = try ProviderSettings(settings, remembered: remembered)
        // Before anything is wanted for a server that cannot tell.
        try SyncCampaign.check(provider.provider)
        server = try ServerSettings(settings, remembered: remembered)
        options = try SyncOptions(settings, plan: provider.plan)
        maxDuration = try settings[\.run.maxDuration]
        waitForLock = try settings[\.lock.waitForLock]
        isJSON = try settings[\.campaign.json]
        isQuiet = try settings[\.run.quiet]
    }

    var request: SyncRequest {
        var request = SyncRequest(
            folder: folder,
            provider: server.provider,
            server: server.server.text,
            options: options
        )
        request.maxDuration = maxDuration
        request.waitForLock = waitForLock
        return request
    }
}

extension SyncOptions {
    init(_ settings: Settings, plan: ServicePlan?) throws {
        let rates = try settings[\.issuing.readRate]
        self.init(
            listRates: rates.isEmpty ? plan?.listing ?? [] : rates,
            singleRates: rates.isEmpty ? plan?.reading ?? [] : rates
        )
        share = try settings[\.issuing.share]
        attemptsMax = try settings[\.run.attemptsMax]
        giveUpAfter = try settings[\.run.giveUpAfter]
        readsSessions = try settings[\.sync.sessions]
    }
}
