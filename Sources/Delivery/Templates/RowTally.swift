// What is counted of a campaign's rows, in bounded memory.

import Model

/// Languages, and values that rows lack.
struct RowTally: Sendable {
    var count = 0
    /// Rows whose mails would not be sent.
    var lacking = 0

    /// What mails of one language's templates lack.
    private struct Lack: Hashable {
        /// `missingValue`, `emptySubject` or `noCodeOrLink`.
        var kind: MailFinding.Kind
        /// The name without a value; empty for the other kinds.
        var name: String
        var folder: String?
    }

    private var lacks: [Lack: (rows: Int, examples: [String])] = [:]
    private var uses: [String: MailLocaleUse] = [:]

    private static let examplesMax = 3
    /// A roster may have anything in the column.
    private static let localesMax = 1000
    private static let localeMax = 40
    private static let othersName = "…"
    /// Languages without templates that are told one by one.
    private static let listedMax = 20

    mutating func count(_ choice: MailLocaleChoice, locale: String) {
        let locale = String(locale.prefix(Self.localeMax))
        let isKnown = uses[locale] != nil || uses.count < Self.localesMax
        let name = isKnown ? locale : choice.match == .missing ? Self.othersName : choice.folder ?? ""
        let use = MailLocaleUse(locale: name, folder: choice.folder, match: choice.match, rows: 0)
        uses[name, default: use].rows += 1
    }

    mutating func add(_ kind: MailFinding.Kind, _ name: String = "", of identity: String, _ folder: String?) {
        let lack = Lack(kind: kind, name: name, folder: folder)
        lacks[lack, default: (0, [])].rows += 1
        if lacks[lack]?.examples.count ?? 0 < Self.examplesMax { lacks[lack]?.examples.append(identity) }
    }

    var locales: [MailLocaleUse] {
        uses.values.sorted { ($1.rows, $0.locale) < ($0.rows, $1.locale) }
    }

    var findings: [MailFinding] {
        missingLocales
            + lacks.map { lack, found in
                let examples = found.examples.joined(separator: ", ")
                let more = found.rows > found.examples.count ? ", …" : ""
                let whose: Wording = "for \(Self.rows(found.rows)) (\(examples)\(more))"
                let (message, advice): (Wording, Wording) =
                    switch lack.kind {
                    case .emptySubject: ("the subject is empty ", "write what the mail is about")
                    case .noCodeOrLink:
                        (
                            "a part of the mail has neither the code nor the link ",
                            "write {{code}} and {{link}} where every mail has them"
                        )
                    default:
                        (
                            "there is no value for {{\(lack.name)}}, and no mail would be sent, ",
                            "give them one, or write {{#\(lack.name)}}…{{/\(lack.name)}} around what needs it"
                        )
                    }
                return MailFinding(.error, lack.kind, lack.folder ?? "", message + whose, advice)
            }
    }

    private var missingLocales: [MailFinding] {
        let missing = locales.filter { $0.match == .missing }
        return missing.enumerated().compactMap { index, use in
            guard index <= Self.listedMax else { return nil }
            let others = missing[index...].reduce(0) { $0 + $1.rows }
            let isLast = index == Self.listedMax
            return MailFinding(
                .warning,
                .missingLocale,
                "",
                isLast
                    ? "there are no mails in the languages of \(Self.rows(others)) more"
                    : "there are no mails in \"\(use.locale)\", the language of \(Self.rows(use.rows))",
                use.folder.map { "they get those in \($0); add a folder for that language" }
                    ?? "they get the only ones; put these into a folder such as en, and add others beside it"
            )
        }
    }

    private static func rows(_ count: Int) -> String { "\(count.grouped) \(count == 1 ? "row" : "rows")" }
}
