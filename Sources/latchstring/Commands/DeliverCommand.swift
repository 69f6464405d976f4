// `latchstring deliver`: the mails themselves.

import ArgumentParser
import Campaign
import Delivery
import Exports
import Files
import Ledger
import Logging
import Model
import Pacing

struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Send each invitation to its user by mail, once, through your mail relay.",
        discussion: "Without one of these words it sends. See latchstring deliver send --help.",
        subcommands: [
            DeliverSendCommand.self, DeliverCheckCommand.self, DeliverPreviewCommand.self,
            DeliverStatusCommand.self,
        ],
        defaultSubcommand: DeliverSendCommand.self
    )
}

struct DeliverSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send each new invitation of a campaign as a mail, once.",
        discussion: """
            Mails are made of the templates in --mail and of the columns of the roster. An invitation that \
            was mailed is in no batch of export --new, and one that is in a batch is not mailed. Whoever has \
            activated gets nothing, and neither does anybody whose code has expired or was purged. Given \
            again, it goes on where it was. What the relay puts off is tried again, what it refuses for good \
            has failed; deliveries.csv in the campaign's folder has the reply for each. --test sends samples \
            to yourself. Without --yes, and without a terminal to ask on, nothing is sent (64).

            \(ExitStatus.help(done: "everybody who is to get a mail has got it"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(section: MailGroup.self) var mail
    @OptionGroup(section: MailSenderGroup.self) var sender
    @OptionGroup(section: RelayGroup.self) var relay
    @OptionGroup(section: DeliverGroup.self) var deliver
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try Settings(of: self, context)
        let deliver = try CommandFailure.wrappingSettings { try DeliverSettings(settings) }
        let job = DeliverJob(
            settings: deliver,
            origin: LogSettings.origin(settings, server: deliver.request.relay),
            context: context.quiet(deliver.isQuiet)
        )
        return try await deliver.test == nil ? job.run() : job.test()
    }
}

/// One delivery, with its words on the terminal.
struct DeliverJob {
    let settings: DeliverSettings
    let origin: Logger.Metadata
    let context: CommandContext

    private var console: Console { context.console }

    func run() async throws -> ExitStatus {
        let suppressed = try settings.suppress.map(SuppressionList.init(path:))
        let display = ProgressDisplay(console, time: context.time)
        let log = settings.log.map {
            RunLog($0, settings.mail.campaign, startedWith: origin, console, time: context.time)
        }
        let flushing = Task { await log?.keepFlushing() }
        defer { flushing.cancel() }
        let notes = RunNotes(console: console, folder: settings.mail.campaign, goOn: again)
        var subscribers: [RunEvents.Subscriber] = [display.tell, notes.tell]
        if let log { subscribers.append(log.tell) }
        let result = try await DeliverCampaign(
            settings.request,
            DeliverContext(
                time: context.time,
                process: context.processName(.deliver),
                version: latchstringVersion,
                writer: { try writer($0) },
                relay: { [context, settings] in try await context.relay(settings.relay.configuration) },
                isSuppressed: { try suppressed?.contains($0) ?? false },
                confirm: { try confirm($0) },
                signals: context.signals,
                exitNow: context.exitNow,
                events: RunEvents(subscribers)
            )
        ).run()
        display.clear()
        return try DeliverReport(result: result, isJSON: settings.isJSON).show(console, again: again)
    }

    private var again: String { "To go on: \(CommandText.again(context.arguments))" }

    /// - Throws: `CommandFailure` where the templates are not fit to be sent.
    private func writer(_ columns: [String]) throws -> any LetterWriting {
        let report = try settings.mail.check(columns, at: context.time.wallClock()).report
        if let error = report.findings.first(where: { $0.severity == .error }) {
            let place = error.place.isEmpty ? "" : "\(error.place): "
            let mend = error.advice.isEmpty ? "" : error.advice + "; "
            throw CommandFailure.final(
                Wording(place) + error.message + "; nothing was sent",
                advice: mend + "latchstring deliver check shows everything that is wrong"
            )
        }
        return TemplateWriter(try settings.mail.renderer(columns), settings.sender.composer)
    }

    /// - Throws: `CommandFailure`, a usage error, where nothing is to be sent.
    private func confirm(_ count: DeliverableCount) throws {
        guard !settings.isConfirmed else { return }
        guard console.streams.canAsk else {
            throw CommandFailure(
                .usage,
                "nothing was sent",
                advice: "give --yes to send \(count.all.grouped) mails, or --test to see some first"
            )
        }
        let question =
            "Send \(count.all.grouped) mails from \(settings.sender.from.text) through "
            + "\(settings.request.relay)? Type yes to go on: "
        guard console.confirms(question) else { throw CommandFailure(.usage, "nothing was sent") }
    }

    /// Sends samples to oneself.
    func test() async throws -> ExitStatus {
        guard let address = settings.test else { return .usage }
        let now = context.time.wallClock()
        let (samples, renderer) = try MailSamples(settings.mail, count: settings.samples).read(at: now)
        guard let renderer, !samples.isEmpty else {
            throw CommandFailure.final("there is no invitation that could be mailed: nothing was sent")
        }
        let writer = TemplateWriter(renderer, settings.sender.composer, mark: "[TEST] ")
        let relay = try await context.relay(settings.relay.configuration)
        var random = SystemRandomNumberGenerator()
        var sent = 0
        for sample in samples {
            let letter = Letter(
                identityID: IdentityID(high: random.next(), low: random.next()),
                generation: 1,
                address: address,
                name: nil,
                fields: sample.fields.madeUp(using: &random)
            )
            // A key of its own: a test's Message-ID is nobody's.
            let key = Secret((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
            let outcome: MailOutcome
            do { outcome = await relay.send(try writer.mail(letter, key: key, at: now), onSend: nil) } catch {
                console.error("a sample is not sent: \(error.words)")
                continue
            }
            if case .sent = outcome {
                sent += 1
            } else {
                console.error("a sample is not sent: \(outcome.words)")
            }
        }
        await relay.close()
        console.note("\(sent) of \(samples.count) samples were sent, with made-up codes.")
        return sent == samples.count ? .done : .withFailures
    }
}

extension LetterFault {
    fileprivate var words: String {
        switch self {
        case .missingValue(let text), .unsendable(let text): text
        }
    }
}

extension MailOutcome {
    fileprivate var words: String {
        switch self {
        case .sent(let reply), .later(let reply, _), .refused(let reply):
            "the relay says \(reply.code)\(reply.enhanced.map { " \($0)" } ?? "") \(reply.text)"
        case .unsendable(let text), .inDoubt(let text), .notTaken(let text): text
        case .stop(let stop): stop.reason
        }
    }
}

extension CommandFailure {
    /// What is wrong with settings beyond one text is a usage error too.
    static func wrappingSettings<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as MailSettingError {
            throw CommandFailure(.usage, error.problem)
        }
    }
}
