// Everything that a drill is told, checked.

import ArgumentParser
import Campaign
import Drill
import Files
import Providers
import Model

/// The settings of `latchstring drill`, read from wherever they stand.
struct DrillSettings {
    let plan: DrillPlan
    /// The admin port; nil where nothing is asked of it.
    let server: ServerSettings?
    let publicPort: PublicPortSettings
    let codeCommand: ShellCommand?
    let isConfirmed: Bool
    let isJSON: Bool

    init(_ settings: Settings) throws {
        let named = try settings[\.campaign.campaign]
        let folder = try named.map {
            CampaignFolder(outputFolder: try settings[\.campaign.outputDir], name: $0)
        }
        let remembered = RememberedServer.of(folder, unlessGivenIn: settings)
        let provider = try ProviderSettings(settings, remembered: remembered).provider
        let publicPort = try ServerSettings.publicPort(\.drill.publicServer, settings, provider)
        self.publicPort = publicPort
        let identity = try settings[\.drill.identity]
        let email = try settings[\.drill.selfService]
        let way = try Self.way(settings, isSelfService: email != nil)
        if let refusal = publicPort.provider.refusal(of: way) { throw ValidationError(refusal.inOptions) }
        if let email {
            server = nil
            plan = DrillPlan(selfService: email, identity: identity, publicServer: publicPort.server)
        } else {
            guard let identity else {
                throw ValidationError("--identity is required: the ID of an account made for drills")
            }
            server = try ServerSettings(settings, remembered: remembered)
            plan = DrillPlan(
                way,
                identity: identity,
                publicServer: publicPort.server,
                provider: publicPort.provider
            )
        }
        codeCommand = try settings[\.drill.codeCommand].map { ShellCommand($0, "the code command") }
        isConfirmed = try settings[\.drill.yes]
        isJSON = try settings[\.drill.json]
        guard way != .selfService || codeCommand != nil || Console().streams.canAsk else {
            throw ValidationError(
                "the code of the mail is asked for on the terminal, and there is none: give a --code-command"
            )
        }
    }

    private static func way(_ settings: Settings, isSelfService: Bool) throws -> DrillWay {
        let isLink = try settings[\.drill.link]
        let isBrowser = try settings[\.drill.browser]
        let given = [("--link", isLink), ("--browser", isBrowser), ("--self-service", isSelfService)]
            .filter(\.1).map(\.0)
        guard given.count <= 1 else {
            throw ValidationError("\(given.joined(separator: " and ")) are both given: which way is meant?")
        }
        return isLink ? .link : isBrowser ? .browser : isSelfService ? .selfService : .api
    }

    /// What a drill does to the account.
    var warning: String {
        let account = plan.email.map { "of \($0)" } ?? plan.identity?.text ?? ""
        return """
            Warning: this drill sets a new, random password on the account \(account), which nobody will know,
            and leaves sessions and a used \(plan.way == .link ? "link" : "code") on \(publicPort.server).
            Do it on an account made for it, never on a person's.
            """
    }
}
