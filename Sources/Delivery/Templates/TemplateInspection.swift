// What can be told of templates by reading them.

import Model

/// Looks at the templates of one language.
struct TemplateInspection {
    private let set: MailTemplateSet
    private let columns: MailColumns
    private(set) var findings: [MailFinding] = []

    init(_ set: MailTemplateSet, _ columns: MailColumns) {
        self.set = set
        self.columns = columns
        for template in set.all { names(template) }
        subject()
        for template in [set.text, set.html].compactMap(\.self) { codeOrLink(template) }
        if let html = set.html { look(at: html) }
    }

    private mutating func add(
        _ severity: MailFinding.Severity,
        _ kind: MailFinding.Kind,
        _ template: MailTemplate,
        at position: TemplatePosition? = nil,
        _ message: Wording,
        _ advice: Wording
    ) {
        findings.append(MailFinding(severity, kind, template.source.file, at: position, message, advice))
    }

    /// Each name once, at its first place.
    private mutating func names(_ template: MailTemplate) {
        var seen: Set<String> = []
        for tag in template.unknownVariables(columns) where seen.insert(tag.name).inserted {
            guard !ForeignTags.isForeign(name: tag.name) else {
                foreign("{{\(tag.name)}}", tag.position, template)
                continue
            }
            let unknown = UnknownName(tag, in: template.source.file, columns)
            add(.error, .unknownName, template, at: tag.position, unknown.message, unknown.advice)
        }
        // Of a field that this campaign lacks a condition says what it is meant to.
        let conditions = template.source.tags.filter {
            ($0.kind == .section || $0.kind == .invertedSection) && MailField(rawValue: $0.name) == nil
        }
        for tag in conditions where columns.source(of: tag.name) == nil && seen.insert(tag.name).inserted {
            let unknown = UnknownName(tag, in: template.source.file, columns)
            let message = unknown.message + ": the condition never holds"
            add(.warning, .unknownName, template, at: tag.position, message, unknown.advice)
        }
        var position = TemplatePosition(line: 1, column: 1)
        for piece in template.source.pieces {
            switch piece {
            case .tag(let tag): position = tag.end
            case .text(let text):
                if let (tag, offset) = ForeignTags.first(in: text) {
                    foreign(tag, position.moved(by: text.unicodeScalars.prefix(offset)), template)
                }
                position = position.moved(by: text.unicodeScalars)
            }
        }
    }

    private mutating func foreign(_ tag: String, _ position: TemplatePosition, _ template: MailTemplate) {
        add(
            .error,
            .foreignTag,
            template,
            at: position,
            "\(tag) is a tag of another mailing system",
            "write {{code}}, {{link}}, or the name of a field or a column between two braces"
        )
    }

    private mutating func subject() {
        let template = set.subject
        for tag in template.source.tags where tag.isVariable {
            guard MailField(rawValue: tag.name)?.isSecret == true else { continue }
            add(
                .error,
                .secretInSubject,
                template,
                at: tag.position,
                "the subject has {{\(tag.name)}}: lock screens and logs of mail servers show subjects",
                "leave it to the mail's text"
            )
        }
        if template.source.pieces.isEmpty {
            add(.error, .emptySubject, template, "the subject is empty", "write what the mail is about")
        }
    }

    private mutating func codeOrLink(_ template: MailTemplate) {
        let hasSecret = template.source.tags.contains {
            $0.isVariable && MailField(rawValue: $0.name)?.isSecret == true
        }
        if !hasSecret {
            add(
                .error,
                .noCodeOrLink,
                template,
                "there is neither {{code}} nor {{link}} in it",
                "write one of them, or both"
            )
        }
    }

    private mutating func look(at html: MailTemplate) {
        for tag in html.source.tags where tag.kind == .rawVariable {
            if tag.name == MailField.link.rawValue {
                add(
                    .error,
                    .unescapedLink,
                    html,
                    at: tag.position,
                    "the link is not escaped: some of its parameters can be taken for characters",
                    "write {{link}}"
                )
            } else if columns.source(of: tag.name) != nil {
                add(
                    .warning,
                    .rawValue,
                    html,
                    at: tag.position,
                    "\"\(tag.name)\" is not escaped: whoever may set its value writes HTML into the mail",
                    "write {{\(tag.name)}}"
                )
            }
        }
        let elements = HTMLElement.all(in: html.source)
        language(html, elements)
        for element in elements { look(at: element, html) }
    }

    private mutating func language(_ html: MailTemplate, _ elements: [HTMLElement]) {
        let element = elements.first { $0.name == "html" }
        let advice: Wording = "write <html lang=\"\(set.folder ?? "en")\">"
        guard let language = element?.attributes["lang"], !language.isEmpty else {
            add(
                .warning,
                .noLanguage,
                html,
                at: element?.position,
                "nothing says the mail's language, so screen readers may read it in another one",
                advice
            )
            return
        }
        guard let folder = set.folder, !language.contains("{"),
            LocaleTag(language)?.language != LocaleTag(folder)?.language
        else { return }
        let message: Wording =
            "the mail's language is said to be \"\(language)\", and its folder is \(folder)"
        add(.warning, .otherLanguage, html, at: element?.position, message, advice)
    }

    private mutating func look(at element: HTMLElement, _ html: MailTemplate) {
        for name in element.unquoted.sorted() where element.attributes[name]?.contains("{{") == true {
            add(
                .error,
                .unquotedAttribute,
                html,
                at: element.position,
                "the value of \(name) in <\(element.name)> has no quotes: a blank in the value ends it",
                "put double quotes around it"
            )
        }
        if element.name == "img", element.attributes["alt"] == nil {
            add(
                .warning,
                .imageWithoutText,
                html,
                at: element.position,
                "the image has no text for whoever does not see it",
                "add alt=\"…\", or alt=\"\" for an ornament"
            )
        }
        let addresses = ["src", "href", "background"].compactMap { element.attributes[$0] }
        if addresses.contains(where: { $0.lowercased().hasPrefix("http://") }) {
            add(
                .warning,
                .insecureAddress,
                html,
                at: element.position,
                "an address in <\(element.name)> begins with http://",
                "use https://"
            )
        }
    }
}

extension TemplatePosition {
    /// The place behind a text that begins here.
    func moved(by text: some Sequence<Unicode.Scalar>) -> TemplatePosition {
        text.reduce(into: self) { position, scalar in
            if scalar == "\n" {
                position = TemplatePosition(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
        }
    }
}
