// One mail's values.

import Model

/// What the names of templates stand for in one mail.
struct MailRow {
    let fields: MailFields
    let times: MailTimes
    /// Of times and spans.
    let locale: String
    let now: Timestamp

    /// Empty where there is no value, or a blank one.
    func text(of source: MailColumns.Source) -> String {
        switch source {
        case .field(let field): text(of: field)
        case .column, .joined: fields.text(of: source)
        }
    }

    private func text(of field: MailField) -> String {
        let expiry = fields.expiresAt
        return switch field {
        case .code: BodyText.cleaned(fields.code.revealed)
        case .codeGrouped: GroupedCode.text(of: BodyText.cleaned(fields.code.revealed))
        case .link: BodyText.cleaned(fields.link.revealed)
        case .expiresAt: times.rfc3339(expiry)
        case .expiresDate: times.texts(of: expiry, locale: locale).date
        case .expiresTime: times.texts(of: expiry, locale: locale).time
        case .timeZone: times.texts(of: expiry, locale: locale).zone
        case .remaining: times.remaining(from: now, to: expiry, locale: locale) ?? ""
        // `MailColumns` finds them in columns.
        case .firstName, .lastName, .name: ""
        }
    }
}

extension MailFields {
    /// What stands in a column, or in several.
    func text(of source: MailColumns.Source) -> String {
        switch source {
        case .field: ""
        case .column(let name): BodyText.cleaned(columns[name] ?? "")
        case .joined(let names):
            names.compactMap { name in
                let part = BodyText.cleaned(columns[name] ?? "")
                return part.isEmpty ? nil : part
            }.joined(separator: " ")
        }
    }
}
