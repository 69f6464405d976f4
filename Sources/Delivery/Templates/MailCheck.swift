// Checks templates before a mail is sent, with made-up rows and with those of the campaign.

package import Foundation
package import Model

/// Checks a folder of templates; rows may follow, one after the other.
package struct MailCheck: Sendable {
    private var findings: [MailFinding] = []
    private let templates: MailTemplates?
    private let renderer: MailRenderer?
    private let now: Timestamp
    private var rows = RowTally()

    /// Reads the templates, looks at them, and renders them with made-up rows.
    ///
    /// - Parameters:
    ///   - columns: the roster's and the looked-up columns, by their names.
    ///   - now: what the remaining time is reckoned from.
    /// - Throws: `MailTemplateError` where there is no such folder, or no template in it.
    package init(
        folder: String,
        fallbackLocale: String? = nil,
        columns: [String],
        nameColumn: String? = nil,
        zone: TimeZone = .gmt,
        at now: Timestamp
    ) throws(MailTemplateError) {
        self.now = now
        let files = try MailTemplateFolder(folder)
        let names = MailColumns(columns, nameColumn: nameColumn)
        findings = files.errors.map { MailFinding($0) }
        for set in files.sets { findings += TemplateInspection(set, names).findings }
        guard files.errors.isEmpty else {
            (templates, renderer) = (nil, nil)
            return
        }
        do throws(MailTemplateError) {
            let templates = try MailTemplates(files.sets, fallbackLocale: fallbackLocale)
            self.templates = templates
            // What it throws of is found already.
            renderer = try? MailRenderer(templates, columns: columns, nameColumn: nameColumn, zone: zone)
        } catch {
            findings.append(MailFinding(error))
            (templates, renderer) = (nil, nil)
        }
        if let renderer {
            for set in files.sets { findings += MailTrial(set, renderer, columns, now).findings }
        }
    }

    /// Renders the mail of one row of the campaign, and counts its language and what it lacks.
    ///
    /// - Parameter identity: names the row where something is wrong with it.
    package mutating func add(_ fields: MailFields, identity: String) {
        rows.count += 1
        guard let templates else { return }
        rows.count(templates.choice(for: fields.locale), locale: fields.locale ?? "")
        guard let renderer else { return }
        let folder = templates.choice(for: fields.locale).folder
        do throws(MissingMailValues) {
            let mail = try renderer.render(fields, at: now)
            if mail.subject.isEmpty { rows.add(.emptySubject, of: identity, folder) }
            if !mail.shows(fields) { rows.add(.noCodeOrLink, of: identity, folder) }
        } catch {
            rows.lacking += 1
            for name in error.names { rows.add(.missingValue, name, of: identity, folder) }
        }
    }

    package var report: MailCheckReport {
        MailCheckReport(
            findings: (findings + rows.findings).sorted(),
            locales: rows.locales,
            rows: rows.count,
            rowsWithMissingValues: rows.lacking
        )
    }
}

/// What a check came to.
package struct MailCheckReport: Hashable, Sendable {
    /// Errors first, by file and line.
    package var findings: [MailFinding]
    /// Most rows first.
    package var locales: [MailLocaleUse]
    /// How many were looked at.
    package var rows: Int
    /// Whose mails would not be sent.
    package var rowsWithMissingValues: Int

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
}

/// How many users of one locale there are, and whose templates they get.
package struct MailLocaleUse: Hashable, Sendable {
    /// As the rows spell it; empty where they say none.
    package var locale: String
    /// The locale folder; nil where there are none.
    package var folder: String?
    package var match: MailLocaleChoice.Match
    package var rows: Int
}

extension RenderedMail {
    /// Whether each part has the code or the link.
    func shows(_ fields: MailFields) -> Bool {
        let (code, link) = (fields.code.revealed, fields.link.revealed)
        let wanted = [code, GroupedCode.text(of: code), link].filter { !$0.isEmpty }
        let parts = [text.revealed, html?.revealed].compactMap(\.self)
        return parts.allSatisfy { part in
            wanted.contains { part.contains($0) || part.contains(HTMLText.escaped($0)) }
        }
    }
}
