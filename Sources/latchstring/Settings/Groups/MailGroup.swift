// The settings of mails: what they say, who they are from, and which relay sends them.

import Campaign
import Delivery
import Exports
import Model

/// What mails say, and from which columns.
struct MailGroup: SettingGroup {
    static let heading = "Mail"

    let mail = Setting("mail", .path("folder"))
        .help(
            "The folder with the templates: LOCALE/subject.txt, text.mustache and html.mustache.",
            more: "docs/mail.md tells what templates can say; input/mail is an example."
        )
        .example("input/mail")

    let fallbackLocale = Setting("fallback-locale", .text("locale"))
        .help("The language of users for whose language there are no templates.").example("en")

    let emailColumn = FormatGroup().emailColumn
    let nameColumn = FormatGroup().nameColumn
    let localeColumn = FormatGroup().localeColumn
    let timeZone = ExportGroup().timeZone
    let linkBase = ExportGroup().linkBase

    let unsealWith = OpeningGroup().unsealWith
}

/// Who mails are from.
struct MailSenderGroup: SettingGroup {
    static let heading = "Sender"

    let from = FormatGroup().from.help("Who the mails are from: \"NAME <ADDRESS>\".")

    let replyTo = Setting(
        "reply-to",
        .parsed("an address such as \"Team <help@example.com>\"", "sender", MailSender.init)
    )
    .help("Where answers go.").example("Help <help@example.com>")

    let bounceAddress = Setting("bounce-address", .parsed("an address", "address", MailAddress.checked))
        .help("Where bounces go; else to the address of --from.").example("bounces@example.com")

    let verp = Setting(switch: "verp")
        .help("Give each mail a bounce address of its own: bounces+MARK@example.com.")

    /// A header of a mail is none of the server's: the variable and the file are that one's.
    let header = Setting(list: "header", .each(.mailHeader))
        .help("A header of each mail, 'Name: value'; may be given several times.")
        .example("X-Tenant: blue").only(on: [.flag])
}

/// Which relay sends mails, and how it is spoken to.
struct RelayGroup: SettingGroup {
    static let heading = "Relay"

    let smtp = Setting(
        "smtp",
        .parsed("a relay such as smtps://relay.example.com:465 or smtp://relay.example.com:587", "url") {
            try? SMTPServer($0)
        }
    )
    .help("The mail relay: smtps://HOST[:465], or smtp://HOST[:587] with STARTTLS.")
    .example("smtps://relay.example.com")

    let smtpUser = Setting("smtp-user", .text("name")).help("The user name at the relay.")
        .example("latchstring")

    /// The password itself: never an argument, and never in a file that is read for something else.
    let smtpPassword = Setting("smtp-password", .text("password")).help("The password at the relay.")
        .example("secret").only(on: [.environment]).secret

    let smtpPasswordFile = Setting("smtp-password-file", .path())
        .help("A file with the password, which nobody else can read; else LATCHSTRING_SMTP_PASSWORD.")
        .example("/srv/latchstring/smtp")

    /// Secret, for there may be a password in the command; so below.
    let smtpPasswordCommand = Setting("smtp-password-command", .text("command"))
        .help("A command for sh that prints the password.").example("pass show smtp").secret

    let smtpOAuthCommand = Setting("smtp-oauth-command", .text("command"))
        .help("A command for sh that prints an OAuth access token (XOAUTH2, OAUTHBEARER).")
        .example("oauth-token").secret

    let allowPlainSMTP = Setting(switch: "allow-plain-smtp")
        .help("Let codes travel unencrypted to a relay that is not this machine.")

    let caFile = ServerGroup().caFile

    let connections = Setting("connections", .whole(1...64), default: "4")
        .help("Connections to the relay at most, 1 to 64.")

    let messagesPerConnection = Setting("messages-per-connection", .whole(1...100_000), default: "100")
        .help("Begin a new connection after so many mails.")

    /// The rate of the variable and of the file is the one for issuing.
    let rate = Setting(list: "rate", .each(.rate), otherwise: "none")
        .help("At most so many mails: 14/s, 10000/h; may be given several times.").example("14/s")
        .only(on: [.flag])
}

/// Who gets a mail now, and when to stop.
struct DeliverGroup: SettingGroup {
    static let heading = "Deliver"

    let inDoubt = Setting("in-doubt", .choice(of: InDoubtTreatment.self), default: "resend")
        .help(
            "What is done about mails that may have been sent: resend them, or leave them.",
            more: """
                A mail is in doubt where the relay was ready for it and its last reply did not come, or the \
                process was killed. Sent again, it has the same code and the same Message-ID.
                """
        )

    let retryFailed = IssuingGroup().retryFailed

    let minRemaining = HandOverGroup().minRemaining
        .help("Send no code that is valid for less time.")

    let suppress = Setting("suppress", .path())
        .help("Send nothing to the addresses of this file: one a line, or CSV with a column email.")
        .example("bounces.csv")

    let putOffMax = Setting("put-off-max", .duration("a duration such as 90m, 12h or 2d"), default: "24h")
        .help(
            "How long a mail is tried again that the relay puts off (greylisting, 4xx).",
            more: """
                First after 5 minutes, then after twice as long each time, 4 hours at most, and never \
                beyond the end of its code.
                """
        )

    let waitForPutOff = Setting(
        "wait-for-put-off",
        .duration("a duration such as 0s, 15m or 8h") { $0 >= .zero },
        default: "15m"
    )
    .help("At the end wait for mails that were put off, where the next is due that soon.")

    let maxMails = Setting("max-mails", .whole(1...Int(Int32.max)))
        .help("Stop after that many mails.").example("100")

    let maxDuration = RunGroup().maxDuration
    let maxFailures = RunGroup().maxFailures
    let giveUpAfter = RunGroup().giveUpAfter
    let attemptsMax = RunGroup().attemptsMax

    let test = Setting("test", .parsed("an address", "address", MailAddress.checked))
        .help("Send samples to this address instead, with made-up codes, marked in the subject.")
        .example("me@example.com").only(on: [.flag])

    let samples = PreviewGroup().samples

    let yes = PurgeGroup().yes

    let csvFormulas = ExportGroup().csvFormulas
    let quiet = SyncGroup().quiet
    let log = RunGroup().log
    let logFormat = RunGroup().logFormat
    let logLevel = RunGroup().logLevel
    let logMaxSize = RunGroup().logMaxSize
    let logIdentities = RunGroup().logIdentities
}

/// Which mails are looked at before any is sent.
struct PreviewGroup: SettingGroup {
    static let heading = "Preview"

    let samples = Setting("samples", .whole(1...100), default: "3")
        .help("How many samples: the longest, one beyond ASCII, one of each language.")

    let output = Setting("output", .path("folder"), otherwise: "preview in the campaign's folder")
        .help("The folder for the files: .eml, .html and .txt of each sample.").example("preview")
        .only(on: [.flag])

    let withCodes = Setting(switch: "with-codes")
        .help("Show the real codes and links; otherwise they are made up.").only(on: [.flag])
}

/// What `--in-doubt` says.
enum InDoubtTreatment: String, CaseIterable, Sendable {
    case resend, leave
}

extension SettingForm where Value == MailHeader {
    fileprivate static var mailHeader: SettingForm {
        SettingForm(placeholder: "header") { text in
            do throws(MailSettingError) { return try MailHeader(text.text) } catch {
                throw text.isNot("a header of a mail: \(error.sentence)")
            }
        }
    }
}
