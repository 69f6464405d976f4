// Everything that a run is told, checked.

import ArgumentParser
import Campaign
import Foundation
import HTTPTransport
import IdentityAPI
import Invitations
import OutputFiles
import Pacing
import Roster
import Vocabulary

/// The settings of `latchstring run`, read from wherever they stand.
struct RunSettings {
    let roster: String
    let server: ServerURL
    let folder: CampaignFolder
    let rosterOptions: RosterOptions
    let expiresIn: Duration
    let rates: [Rate]
    let concurrency: Int
    let timeout: Duration
    let attemptsMax: Int
    let maxIdentities: Int?
    let export: ExportSettings
    let skipsExport: Bool
    let retryFailed: Bool
    let serverMoved: Bool
    let proxy: CurlTransport.Configuration.Proxy
    let isJSON: Bool
    let isQuiet: Bool

    /// The bounds and defaults that the help texts name.
    enum Bounds {
        static let concurrency = 1...1024
        static let attemptsMax = 1...100
        static let timeoutMax: Duration = .seconds(3600)
        static let defaultConcurrency = 8
        static let defaultAttemptsMax = 5
        static let defaultExpiresIn: Duration = .seconds(24 * 3600)
        static let defaultTimeout: Duration = .seconds(30)
    }

    init(_ settings: Settings) throws {
        guard let roster = settings.text("roster") else {
            throw ValidationError("a roster is required: a file, or - for standard input")
        }
        guard let server = settings.value("server") else {
            throw ValidationError("--server is required: the base URL of the server's admin API")
        }
        self.roster = roster
        do {
            self.server = try ServerURL(server.text)
        } catch {
            throw ValidationError("\(server.origin): \(error)")
        }
        folder = try CampaignSettings(settings, roster: roster).folder
        rosterOptions = RosterOptions(
            idColumn: settings.text("id-column"),
            delimiter: try settings.parsed("delimiter", "one of , ; tab |", Delimiter.init(argument:))
        )
        expiresIn =
            try settings.parsed("expires-in", "a duration of whole seconds such as 90s, 12h or 7d") { text in
                Duration(argument: text).flatMap {
                    $0 >= .seconds(1) && $0.inMilliseconds % 1000 == 0 ? $0 : nil
                }
            } ?? Bounds.defaultExpiresIn
        rates = try settings.parsedList(
            "rate",
            "a rate such as 8/s, 175/m or 10000/h (at most \(Rate.countMax))",
            Rate.init(argument:)
        )
        concurrency = try settings.number("concurrency", in: Bounds.concurrency) ?? Bounds.defaultConcurrency
        timeout =
            try settings.parsed("timeout", "a duration such as 30s, up to 1h") { text in
                Duration(argument: text).flatMap { $0 > .zero && $0 <= Bounds.timeoutMax ? $0 : nil }
            } ?? Bounds.defaultTimeout
        attemptsMax = try settings.number("attempts-max", in: Bounds.attemptsMax) ?? Bounds.defaultAttemptsMax
        maxIdentities = try settings.number("max-identities", in: 1...Int(Int32.max))
        export = try ExportSettings(settings)
        skipsExport = try settings.isOn("no-export")
        retryFailed = try settings.isOn("retry-failed")
        serverMoved = try settings.isOn("server-moved")
        proxy = try Self.proxy(settings)
        isJSON = try settings.isOn("json")
        isQuiet = try settings.isOn("quiet")
    }

    private static func proxy(_ settings: Settings) throws -> CurlTransport.Configuration.Proxy {
        guard let value = settings.value("proxy") else { return .environment }
        if value.text == "none" { return .none }
        // Without a scheme curl takes it for an HTTP proxy.
        let url = URLComponents(string: value.text.contains("://") ? value.text : "http://\(value.text)")
        guard let url, url.host?.isEmpty == false else {
            throw ValidationError("\(value.origin): that is not a proxy's URL, or none")
        }
        guard value.origin != "--proxy" || (url.user == nil && url.password == nil) else {
            throw ValidationError(
                "--proxy: a user name or password there shows in the process list; put it into LATCHSTRING_PROXY"
            )
        }
        return .url(value.text)
    }
}

/// Which campaign is meant.
struct CampaignSettings {
    let folder: CampaignFolder

    static let defaultOutputFolder = "reports"

    /// - Parameter roster: names the campaign when nothing else does; nil where `--campaign` is required.
    init(_ settings: Settings, roster: String?) throws {
        let form = "a name of at most \(CampaignFolder.nameLengthMax) letters, digits, '.', '_' and '-'"
        let named = try settings.parsed("campaign", form) { CampaignFolder.isValid(name: $0) ? $0 : nil }
        let outputFolder =
            try settings.parsed("output-dir", "a folder's path") { $0.isEmpty ? nil : $0 }
            ?? Self.defaultOutputFolder
        if let named {
            folder = CampaignFolder(outputFolder: outputFolder, name: named)
        } else if let roster, roster != "-" {
            folder = CampaignFolder(outputFolder: outputFolder, name: CampaignFolder.name(forRoster: roster))
        } else if roster != nil {
            throw ValidationError("--campaign is required when the roster comes from standard input")
        } else {
            throw ValidationError("--campaign is required")
        }
    }
}

/// How exports are written.
struct ExportSettings {
    let invitations: InvitationOptions
    let perUser: Bool

    init(_ settings: Settings) throws {
        let forms = FormulaTreatment.allCases.map(\.rawValue).joined(separator: " or ")
        invitations = InvitationOptions(
            formulas: try settings.parsed("csv-formulas", forms, FormulaTreatment.init(rawValue:)) ?? .keep,
            linkBase: try settings.parsed("link-base", "an absolute http or https URL", LinkBase.init)
        )
        perUser = try settings.isOn("per-user")
    }
}
