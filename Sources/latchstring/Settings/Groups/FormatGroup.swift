// The settings of exports in the formats of other systems.

import Exports
import Model

/// In which format invitations are written, and with which fields.
struct FormatGroup: SettingGroup {
    static let heading = "Format"

    let format = Setting(
        "format",
        .parsed("a format: one of \(FormatChoice.names)", "name", FormatChoice.named),
        default: "csv"
    )
    .help(
        """
        Write invitations.NAME.csv, .jsonl or .xlsx for another system, and a manifest beside it: \
        \(FormatChoice.names).
        """,
        more: "docs/formats.md has the template, the steps of the import and the traps of each."
    )
    .example("listmonk")

    let emailColumn = Setting("email-column", .text("name"), otherwise: "email, e-mail, mail, traits.email")
        .help("The column that has the address.").example("work_mail")

    let nameColumn = Setting("name-column", .text("name"), otherwise: "name, full_name, traits.name")
        .help("The column that has the user's whole name.").example("display_name")

    let localeColumn = Setting("locale-column", .text("name"), otherwise: "locale, language, lang")
        .help("The column that has the user's language.").example("lang")

    let fields = Setting(list: "fields", .fieldNames, otherwise: "those of the format")
        .help(
            "The fields that are written: code, link, expires_at, first_name, … and any column.",
            more: """
                Fields are code, link, expires_at, issued_at, generation, identity_id, email, name, \
                first_name, last_name, locale, and every other column by its name.
                """
        )
        .example("code,link,expires_at,first_name")

    let map = Setting(list: "map", .fieldMap, otherwise: "the format's names")
        .help("What fields are called instead: FIELD=NAME; may be given several times.").example("code=PIN")

    let onDuplicateAddress = Setting(
        "on-duplicate-address",
        .choice(of: DuplicateTreatment.self),
        default: "fail"
    )
    .help(
        "What is done about invitations that share an address.",
        more: """
            fail writes nothing and says whose they are. first writes the first of them alone, and list \
            all of them; the manifest lists the others. Mailing systems know users by their addresses.
            """
    )

    let splitRows = Setting("split-rows", .whole(1...Int(Int32.max)), otherwise: "the system's limit")
        .help("The most invitations of a file; more make several, .0001, .0002 and so on.").example("50000")

    let splitBytes = Setting("split-bytes", .size, otherwise: "the system's limit")
        .help("The most bytes of a file: 8000000, 800k, 8M, 1G.").example("8M")

    let from = Setting(
        "from",
        .parsed("a sender such as \"Team <it@example.com>\"", "sender", MailSender.init)
    )
    .help("Who the mails are from, for the calls of ses, sendgrid, postmark, mailgun, brevo, mailjet.")
    .example("Team <it@example.com>")

    let template = Setting("template", .text("id"))
        .help("The name or the ID of the template at that system, for the same calls.").example("d-1f2e3d")
}

/// What `--format` says.
enum FormatChoice: Sendable {
    /// `invitations.csv`.
    case plain
    case other(ExportFormat)

    static let names = (["csv"] + ExportFormat.names).joined(separator: ", ")

    static func named(_ name: String) -> FormatChoice? {
        name == "csv" ? .plain : ExportFormat.named(name).map(FormatChoice.other)
    }
}

extension SettingForm where Value == [String] {
    /// Names of fields.
    fileprivate static var fieldNames: SettingForm {
        SettingForm(placeholder: "field,…") { text in
            let names = text.listByCommas
            guard !names.contains(where: \.isEmpty), Set(names).count == names.count else {
                throw text.isNot("a list of different fields such as code,link,first_name")
            }
            return names
        }
    }
}

extension SettingForm where Value == [FieldName] {
    /// Fields and what they are called, no field twice.
    fileprivate static var fieldMap: SettingForm {
        SettingForm(placeholder: "field=name,…") { text in
            var fields: Set<String> = []
            return try text.listByCommas.map { part in
                let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, fields.insert(sides[0]).inserted else {
                    throw text.part(part).isNot("a field and another name for it, such as code=PIN")
                }
                return FieldName(field: sides[0], name: sides[1])
            }
        }
    }
}

extension SettingForm where Value == Int {
    /// A number of bytes, in powers of 1000.
    fileprivate static var size: SettingForm {
        .parsed("a number of bytes such as 8000000, 800k, 8M or 1G", "bytes") { text in
            let factors: [Character: Int] = ["k": 1000, "M": 1_000_000, "G": 1_000_000_000]
            let factor = text.last.flatMap { factors[$0] }
            let digits = factor == nil ? text[...] : text.dropLast()
            guard let number = Int(digits), (1...1_000_000_000_000).contains(number) else { return nil }
            return number * (factor ?? 1)
        }
    }
}

/// What a field is called in an export.
struct FieldName: Hashable, Sendable {
    let field: String
    let name: String
}
