// Whose invitations a run issues anew, checked.

import ArgumentParser
import Campaign
import Files
import Model
import Providers

extension ReissueRequest {
    /// Nil where nobody's are.
    ///
    /// - Parameter remembered: what the campaign remembers of its server, where none is given.
    init?(
        _ settings: Settings,
        _ issue: IssueSettings,
        roster: RosterSettings?,
        remembered: RememberedServer?
    ) throws {
        guard let choice = try settings[\.reissue.reissue] else { return nil }
        let origin = settings.given(\.reissue.reissue)?.origin ?? "--reissue"
        let whose: Whose
        switch choice {
        case .all: whose = .everybody
        case .expiring(let time):
            let validity = issue.issueRequest.expiresIn
            guard time < validity else {
                throw ValidationError(
                    "\(origin): codes are valid for \(validity.inWords) (--expires-in), so all of them "
                        + "expire within \(time.inWords): every run would issue for everybody anew"
                )
            }
            whose = .expiring(within: time)
        case .listed(let path):
            guard path != "-" || roster?.path != "-" else {
                throw ValidationError("\(origin): standard input is the roster already")
            }
            whose = .listed(RosterRequest(path: path))
        }
        let provider = try ProviderSettings(settings, remembered: remembered)
        let asks = try !settings[\.reissue.withoutSync]
        if asks { try SyncCampaign.check(provider.provider, otherwise: .withoutSync) }
        self.init(whose, sync: try SyncOptions(settings, plan: provider.plan))
        timesMax = try settings[\.reissue.reissueMax]
        syncedWithin = asks ? try settings[\.reissue.syncedWithin] : nil
    }
}

extension RememberedServer {
    /// What a campaign remembers of its server, where none is given; nil where there is no such campaign yet,
    /// or none that is whole.
    static func of(_ folder: CampaignFolder?, unlessGivenIn settings: Settings) -> RememberedServer? {
        guard let folder, settings.given(\.server.server) == nil else { return nil }
        return try? of(folder)
    }
}
