// Renders the mails of a campaign.

package import Foundation
package import Model

/// Makes a mail of an invitation's values; one for a run, used by all of its tasks at once.
package final class MailRenderer: Sendable {
    package let templates: MailTemplates
    private let sets: [BoundSet]
    private let times: MailTimes
    private let columns: MailColumns

    /// The templates of one language, with where their values come from.
    private struct BoundSet: Sendable {
        var subject: BoundTemplate
        var text: BoundTemplate
        var html: BoundTemplate?
    }

    /// - Parameters:
    ///   - columns: the roster's and the looked-up columns, by their names.
    ///   - nameColumn: the column with the full name; nil to tell it by what it is called.
    ///   - zone: of all times in mails.
    /// - Throws: `MailTemplateError` where a tag names what is neither a field nor a column.
    package init(
        _ templates: MailTemplates,
        columns: [String],
        nameColumn: String? = nil,
        zone: TimeZone = .gmt
    ) throws(MailTemplateError) {
        let columns = MailColumns(columns, nameColumn: nameColumn)
        for template in templates.sets.flatMap(\.all) {
            if let tag = template.unknownVariables(columns).first {
                throw UnknownName(tag, in: template.source.file, columns).error
            }
        }
        self.templates = templates
        self.columns = columns
        times = MailTimes(zone: zone)
        sets = templates.sets.map { set in
            BoundSet(
                subject: BoundTemplate(set.subject, columns: columns),
                text: BoundTemplate(set.text, columns: columns),
                html: set.html.map { BoundTemplate($0, columns: columns, isHTML: true) }
            )
        }
    }

    /// The full name, for the mail's recipient; nil where the columns have none.
    package func name(of fields: MailFields) -> String? {
        guard let source = columns.source(of: MailField.name.rawValue) else { return nil }
        let name = fields.text(of: source)
        return name.isEmpty ? nil : name
    }

    /// The mail in the user's language, or in the fallback.
    ///
    /// - Parameter now: what the remaining time is reckoned from.
    /// - Throws: `MissingMailValues` where a tag's name has no value, or a blank one: the mail is not to be
    ///   sent.
    package func render(
        _ fields: MailFields,
        at now: Timestamp
    ) throws(MissingMailValues) -> RenderedMail {
        let (index, choice) = templates.indexedChoice(for: fields.locale)
        let set = sets[index]
        let row = MailRow(fields: fields, times: times, locale: choice.formatLocale, now: now)
        var missing: Set<String> = []
        let subject = set.subject.render(row, missing: &missing)
        let text = set.text.render(row, missing: &missing)
        let html = set.html?.render(row, missing: &missing)
        guard missing.isEmpty else {
            throw MissingMailValues(names: missing.sorted(), folder: choice.folder)
        }
        return RenderedMail(
            subject: FieldText.cleaned(subject).withoutBlanksAround,
            text: text,
            html: html
        )
    }
}

extension MailTemplate {
    /// The variables that would have no value in any mail.
    func unknownVariables(_ columns: MailColumns) -> [TemplateTag] {
        source.unguardedVariables.filter { columns.source(of: $0.name) == nil }
    }
}
