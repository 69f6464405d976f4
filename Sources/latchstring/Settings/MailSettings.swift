// What the commands of mails are told, checked.

import ArgumentParser
import Campaign
import Delivery
import Exports
import Files
import Foundation
import Ledger
import Model
import Work

/// What mails say.
struct MailSettings: Sendable {
    let campaign: CampaignFolder
    let folder: String
    let fallbackLocale: String?
    let zone: TimeZone
    var request: DeliverRequest

    init(_ settings: Settings) throws {
        campaign = try CampaignSettings(settings, roster: nil).folder
        guard let folder = try settings[\.mail.mail] else {
            throw ValidationError("--mail is required: the folder with the templates of the mails")
        }
        self.folder = folder
        fallbackLocale = try settings[\.mail.fallbackLocale]
        zone = try settings[\.mail.timeZone]
        request = DeliverRequest(folder: campaign, relay: "")
        request.columns.address = try settings[\.mail.emailColumn]
        request.columns.name = try settings[\.mail.nameColumn]
        request.columns.locale = try settings[\.mail.localeColumn]
        request.linkBase = try settings[\.mail.linkBase]
        request.key = try SealKeyFile.unsealWith(settings)
    }

    /// - Throws: `MailTemplateError` where the templates are not sound.
    func renderer(_ columns: [String]) throws -> MailRenderer {
        try MailRenderer(
            try MailTemplates(folder: folder, fallbackLocale: fallbackLocale),
            columns: columns,
            nameColumn: request.columns.name,
            zone: zone
        )
    }

    func check(_ columns: [String], at now: Timestamp) throws -> MailCheck {
        try MailCheck(
            folder: folder,
            fallbackLocale: fallbackLocale,
            columns: columns,
            nameColumn: request.columns.name,
            zone: zone,
            at: now
        )
    }
}

/// Who mails are from.
struct MailSenderSettings: Sendable {
    let from: MailSender
    let composer: MailComposer

    init(_ settings: Settings) throws {
        guard let from = try settings[\.mailSender.from] else {
            throw ValidationError("--from is required: who the mails are from, \"NAME <ADDRESS>\"")
        }
        self.from = from
        let isVERP = try settings[\.mailSender.verp]
        let bounce = try settings[\.mailSender.bounceAddress]
        guard !isVERP || bounce != nil else { throw ValidationError("--verp needs --bounce-address") }
        composer = try MailComposer(
            from: from,
            replyTo: try settings[\.mailSender.replyTo],
            bounce: try bounce.map { try BounceAddress($0, isVERP: isVERP) },
            headers: try settings[\.mailSender.header]
        )
    }
}

/// Which relay sends mails.
struct RelaySettings: Sendable {
    let configuration: SMTPConfiguration

    init(_ settings: Settings) throws {
        guard let server = try settings[\.relay.smtp] else {
            throw ValidationError("--smtp is required: the mail relay, such as smtps://relay.example.com")
        }
        var configuration = SMTPConfiguration(server: server)
        configuration.allowsPlain = try settings[\.relay.allowPlainSMTP]
        configuration.caFile = try settings[\.relay.caFile]
        configuration.connections = try settings[\.relay.connections]
        configuration.messagesPerConnection = try settings[\.relay.messagesPerConnection]
        let source = try SMTPSecretSource(settings)
        configuration.credential = { try await source.load() }
        self.configuration = configuration
    }
}

/// Where the relay's password or token comes from.
private enum SMTPSecretSource: Sendable {
    case none
    case variable(user: String, Secret<String>, origin: String)
    case file(user: String, String)
    case command(user: String, String)
    case token(user: String, String)

    /// The source at the highest level that has one.
    ///
    /// - Throws: `ValidationError` where two are given at one level, or none belongs to the user.
    init(_ settings: Settings) throws {
        let user = try settings[\.relay.smtpUser]
        let given: [SettingText] = [
            settings.given(\.relay.smtpPassword), settings.given(\.relay.smtpPasswordFile),
            settings.given(\.relay.smtpPasswordCommand), settings.given(\.relay.smtpOAuthCommand),
        ].compactMap(\.self)
        guard let highest = given.map(\.level).max() else {
            guard user == nil else {
                throw ValidationError(
                    "--smtp-user needs a password: --smtp-password-file, --smtp-password-command, "
                        + "--smtp-oauth-command or LATCHSTRING_SMTP_PASSWORD"
                )
            }
            self = .none
            return
        }
        let meant = given.filter { $0.level == highest }
        guard meant.count == 1 else {
            let names = meant.map(\.origin).joined(separator: " and ")
            throw ValidationError("\(names) are both given: which credential is meant?")
        }
        guard let user else { throw ValidationError("\(meant[0].origin) needs --smtp-user") }
        func isMeant(_ text: SettingText?) -> Bool { text?.origin == meant[0].origin }
        if isMeant(settings.given(\.relay.smtpPasswordFile)) {
            self = .file(user: user, meant[0].text)
        } else if isMeant(settings.given(\.relay.smtpPasswordCommand)) {
            self = .command(user: user, meant[0].text)
        } else if isMeant(settings.given(\.relay.smtpOAuthCommand)) {
            self = .token(user: user, meant[0].text)
        } else {
            self = .variable(user: user, Secret(meant[0].text), origin: meant[0].origin)
        }
    }

    func load() async throws -> SMTPCredential {
        switch self {
        case .none: return .none
        case .variable(let user, let password, let origin):
            return .password(user: user, try Self.line(password.revealed, origin))
        case .file(let user, let path):
            let text = try PrivateFile.text(at: path, "the SMTP password file")
            return .password(user: user, try Self.line(text, "the SMTP password file \(path)"))
        case .command(let user, let command):
            let text = try await ShellCommand(command, "the SMTP password command").output()
            return .password(user: user, try Self.line(text, "the output of --smtp-password-command"))
        case .token(let user, let command):
            let text = try await ShellCommand(command, "the SMTP OAuth command").output()
            return .bearer(user: user, try Self.line(text, "the output of --smtp-oauth-command"))
        }
    }

    /// One line, without the line break at its end; blanks may belong to a password.
    private static func line(_ text: String, _ origin: String) throws -> Secret<String> {
        var text = text[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        guard !text.isEmpty, !text.contains(where: { $0.isNewline || $0 == "\0" }) else {
            throw CommandFailure(
                .credentialRefused,
                "\(origin) holds no password: one line, and nothing else"
            )
        }
        return Secret(String(text))
    }
}

/// What `latchstring deliver` is told.
struct DeliverSettings: Sendable {
    let mail: MailSettings
    let sender: MailSenderSettings
    let relay: RelaySettings
    let request: DeliverRequest
    let suppress: String?
    let test: String?
    let samples: Int
    let isConfirmed: Bool
    let isJSON: Bool
    let isQuiet: Bool
    let log: LogSettings?

    init(_ settings: Settings) throws {
        let mail = try MailSettings(settings)
        self.mail = mail
        sender = try MailSenderSettings(settings)
        relay = try RelaySettings(settings)
        var request = mail.request
        request.relay = relay.configuration.server.description
        request.scope = DeliveryScope(
            remainingMin: try settings[\.deliver.minRemaining],
            resendsInDoubt: try settings[\.deliver.inDoubt] == .resend,
            retriesFailed: try settings[\.deliver.retryFailed]
        )
        request.rates = try settings[\.relay.rate]
        request.connections = relay.configuration.connections
        request.attemptsMax = try settings[\.deliver.attemptsMax]
        request.maxMails = try settings[\.deliver.maxMails]
        request.maxFailures = try settings[\.deliver.maxFailures]
        request.maxDuration = try settings[\.deliver.maxDuration]
        request.giveUpAfter = try settings[\.deliver.giveUpAfter]
        request.putOff = PutOffRule(giveUpAfter: try settings[\.deliver.putOffMax])
        request.waitForPutOff = try settings[\.deliver.waitForPutOff]
        request.formulas = try settings[\.deliver.csvFormulas]
        request.waitForLock = try settings[\.lock.waitForLock]
        self.request = request
        suppress = try settings[\.deliver.suppress]
        test = try settings[\.deliver.test]
        samples = try settings[\.deliver.samples]
        isConfirmed = try settings[\.deliver.yes]
        isJSON = try settings[\.campaign.json]
        isQuiet = try settings[\.deliver.quiet]
        log = try LogSettings(settings)
    }
}
