// Renders the templates of one language with rows that are made up.

import Model

/// What mails are like with ordinary and with odd values.
struct MailTrial {
    private(set) var findings: [MailFinding] = []

    private static let subjectMax = 78
    /// Gmail shows no more than about 102 KB.
    private static let htmlMax = 100_000
    /// What expires in a day and more.
    private static let lifetime = Duration.seconds(26 * 3600)
    private static let values = [
        "Ann", "Zoë Ångström-Łukasiewicz", "Σωκράτης", "<b>Ann</b> & \"Bob\"", "{{code}} *|CODE|*",
        "نور الهدى", "王小明",
    ]

    init(_ set: MailTemplateSet, _ renderer: MailRenderer, _ columns: [String], _ now: Timestamp) {
        var longest = 0
        var isSubjectEmpty = false
        var bytes = 0
        for fields in Self.rows(set.folder, columns, now) {
            do throws(MissingMailValues) {
                let mail = try renderer.render(fields, at: now)
                longest = max(longest, mail.subject.count)
                isSubjectEmpty = isSubjectEmpty || mail.subject.isEmpty
                bytes = max(bytes, mail.html?.revealed.utf8.count ?? 0)
            } catch {
                // All columns have values here.
                let names = error.names.joined(separator: ", ")
                findings = [
                    MailFinding(
                        .error,
                        .missingValue,
                        set.folder ?? "",
                        "there is no value for \(names) in any mail",
                        "name a column that there is"
                    )
                ]
                return
            }
        }
        let file = set.subject.source.file
        if isSubjectEmpty, !set.subject.source.pieces.isEmpty {
            findings.append(
                MailFinding(
                    .error,
                    .emptySubject,
                    file,
                    "the subject is empty",
                    "write what the mail is about"
                )
            )
        }
        if longest > Self.subjectMax {
            findings.append(
                MailFinding(
                    .warning,
                    .longSubject,
                    file,
                    "the subject has up to \(longest) characters; many mail programs cut it off",
                    "make it shorter than \(Self.subjectMax + 1)"
                )
            )
        }
        if bytes > Self.htmlMax, let html = set.html {
            findings.append(
                MailFinding(
                    .warning,
                    .largeHTML,
                    html.source.file,
                    "the HTML has \(bytes.grouped) bytes; Gmail cuts off what is over 102 KB",
                    "make it smaller"
                )
            )
        }
    }

    private static func rows(_ folder: String?, _ columns: [String], _ now: Timestamp) -> [MailFields] {
        values.enumerated().map { index, value in
            MailFields(
                code: "123456",
                // The first is as servers make them, the others are longer than any.
                link: "https://id.example.org/recovery?flow=0b7b2a5e-9a53-4c9c-9d56-1f0c4f0f9c11&token="
                    + String(repeating: "a", count: index == 0 ? 32 : 2000),
                expiresAt: now.advanced(by: lifetime),
                locale: folder,
                columns: Dictionary(columns.map { ($0, value) }) { first, _ in first }
            )
        }
    }
}
