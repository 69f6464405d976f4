// `latchstring deliver check`, `preview` and `status`: what mails would be, and what became of them.

import ArgumentParser
import Campaign
import Delivery
import Exports
import Files
import Ledger
import Model
import Pacing

struct DeliverCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the templates of mails, and render the mail of every new invitation.",
        discussion: """
            It sends nothing. It tells unknown tags, mails with neither code nor link, codes in subjects, \
            tags of other systems, languages without templates, and users who lack a value.

            \(ExitStatus.help(done: "the mails can be sent"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(section: MailGroup.self) var mail
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try Settings(of: self, context)
        let mail = try MailSettings(settings)
        let isJSON = try settings[\.campaign.json]
        let now = context.time.wallClock()
        var check: MailCheck?
        try LetterSource(mail.request).forEach(at: now) { columns in
            check = try mail.check(columns, at: now)
            return { check?.add($0.fields, identity: $0.identityID.text) }
        }
        guard let report = check?.report else { return .error }
        try context.console.data(isJSON ? report.json : report.words)
        return report.hasErrors ? .error : .done
    }
}

struct DeliverPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Write some mails as files to open: .eml, .html and .txt.",
        discussion: """
            It sends nothing. The samples are the longest mail, one beyond ASCII, and one of each language. \
            Codes and links in them are made up, unless --with-codes asks for the real ones.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(section: MailGroup.self) var mail
    @OptionGroup(section: MailSenderGroup.self) var sender
    @OptionGroup(section: PreviewGroup.self) var preview
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let mail = try MailSettings(settings)
        let sender = try CommandFailure.wrappingSettings { try MailSenderSettings(settings) }
        let folder = try settings[\.preview.output] ?? "\(mail.campaign.path)/preview"
        let withCodes = try settings[\.preview.withCodes]
        let now = context.time.wallClock()
        let (samples, renderer) = try MailSamples(mail, count: try settings[\.preview.samples]).read(at: now)
        guard let renderer, !samples.isEmpty else {
            throw CommandFailure.final("there is no invitation that could be mailed: nothing was written")
        }
        var random = SystemRandomNumberGenerator()
        let paths = try CommandFailure.wrapping {
            try MailPreview(renderer, composer: sender.composer, date: now)
                .write(samples, to: folder, withCodes: withCodes, at: now, using: &random)
        }
        try context.console.data(
            try settings[\.campaign.json]
                ? JSONWriter.document([("files", .texts(paths)), ("with_codes", .flag(withCodes))])
                : paths.map { "\($0)\n" }.joined()
        )
    }
}

struct DeliverStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell how the mails of a campaign stand.",
        discussion: """
            It counts mails that were sent, are put off, in doubt or failed, with the relay's reply codes, \
            also while they are being sent. deliveries.csv has a line for each.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let counts = try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            defer { try? ledger.close() }
            return try ledger.deliveryCounts()
        }
        let console = context.console
        guard try !settings[\.campaign.json] else {
            return try console.data(JSONWriter.document([("campaign", .text(folder.name))] + counts.fields))
        }
        try console.data(DeliverReport.words(counts, campaign: folder.name))
    }
}

/// Mails of different kinds, from a campaign's new invitations.
struct MailSamples {
    private let settings: MailSettings
    private let count: Int

    init(_ settings: MailSettings, count: Int) {
        self.settings = settings
        self.count = count
    }

    func read(at now: Timestamp) throws -> (samples: [MailSample], renderer: MailRenderer?) {
        var found: (sampler: MailSampler, renderer: MailRenderer)?
        try LetterSource(settings.request).forEach(at: now) { columns in
            let renderer = try settings.renderer(columns)
            found = (MailSampler(renderer, count: count), renderer)
            return { letter in
                found?.sampler.add(letter.fields, address: letter.address, identity: letter.identityID.text)
            }
        }
        return (found?.sampler.samples ?? [], found?.renderer)
    }
}

extension MailCheckReport {
    fileprivate var words: String {
        var lines = findings.map { finding in
            let place = finding.place.isEmpty ? "" : "\(finding.place): "
            let advice = finding.advice.inOptions
            return "\(finding.severity.rawValue): \(place)\(finding.message.inOptions)"
                + (advice.isEmpty ? "" : ": \(advice)")
        }
        lines += locales.map { use in
            let name = use.locale.isEmpty ? "no language" : use.locale
            return "  \(name)  \(use.rows.grouped) mails"
                + (use.folder.map { " by the templates of \($0)" } ?? "")
        }
        let errors = findings.count { $0.severity == .error }
        lines.append(
            "\(rows.grouped) mails were rendered; \(rowsWithMissingValues.grouped) lack a value; "
                + "\(errors) errors, \(findings.count - errors) warnings"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    fileprivate var json: String {
        JSONWriter.document([
            ("rows", .number(rows)), ("rows_with_missing_values", .number(rowsWithMissingValues)),
            (
                "findings",
                .objects(
                    findings.map { finding in
                        [
                            ("severity", .text(finding.severity.rawValue)),
                            ("kind", .text(finding.kind.rawValue)), ("file", .text(finding.file)),
                            ("line", .optional(finding.line)), ("column", .optional(finding.column)),
                            ("message", .text(finding.message.inOptions)),
                            ("advice", .text(finding.advice.inOptions)),
                        ]
                    }
                )
            ),
            (
                "locales",
                .objects(
                    locales.map { use in
                        [
                            ("locale", .text(use.locale)), ("folder", .optional(use.folder)),
                            ("match", .text(use.match.rawValue)), ("rows", .number(use.rows)),
                        ]
                    }
                )
            ),
        ])
    }
}
