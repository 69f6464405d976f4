// What a check of templates found.

package import Model

/// What is wrong with templates, or with what they make of a campaign's rows, and what to do about it.
package struct MailFinding: Hashable, Sendable {
    /// The raw values are part of the format of `--json`.
    package enum Severity: String, Hashable, Sendable, CaseIterable {
        /// Mails would not be sent, or would not be what they are meant to be.
        case error
        case warning
    }

    /// The raw values are part of the format of `--json`.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A file that is missing, one too many, or unreadable.
        case files
        case syntax
        /// Several languages, and no fallback.
        case fallback
        case unknownName = "unknown_name"
        /// A tag of another mailing system.
        case foreignTag = "foreign_tag"
        /// A part that has neither the code nor the link.
        case noCodeOrLink = "no_code_or_link"
        case secretInSubject = "secret_in_subject"
        case emptySubject = "empty_subject"
        case longSubject = "long_subject"
        case rawValue = "raw_value"
        case unescapedLink = "unescaped_link"
        case unquotedAttribute = "unquoted_attribute"
        case noLanguage = "no_language"
        case otherLanguage = "other_language"
        case imageWithoutText = "image_without_text"
        case insecureAddress = "insecure_address"
        case largeHTML = "large_html"
        /// A language of users without templates.
        case missingLocale = "missing_locale"
        /// Rows that lack what a template needs.
        case missingValue = "missing_value"
    }

    package var severity: Severity
    package var kind: Kind
    /// Relative to the folder, as in `de/html.mustache`; empty where it is no file's.
    package var file: String
    /// From 1, as the column; nil where it is not at one place.
    package var line: Int?
    package var column: Int?
    /// What was found; without anybody's code or link.
    package var message: Wording
    package var advice: Wording

    init(
        _ severity: Severity,
        _ kind: Kind,
        _ file: String,
        at position: TemplatePosition? = nil,
        _ message: Wording,
        _ advice: Wording
    ) {
        self.severity = severity
        self.kind = kind
        self.file = file.showingInvisible()
        line = position?.line
        column = position?.column
        self.message = message.map { $0.showingInvisible() }
        self.advice = advice.map { $0.showingInvisible() }
    }

    init(_ error: MailTemplateError) {
        let kind: Kind =
            switch error.code {
            case .noFolder, .noTemplates, .wrongFiles, .unreadable: .files
            case .syntax: .syntax
            case .chooseLocale: .fallback
            case .unknownName, .unsendable: .unknownName
            }
        var parts = error.problem.place.split(separator: ":").map(String.init)
        var numbers: [Int] = []
        while numbers.count < 2, parts.count > 1, let last = parts.last, let number = Int(last) {
            numbers.insert(number, at: 0)
            parts.removeLast()
        }
        self.init(.error, kind, parts.joined(separator: ":"), error.message, error.advice)
        line = numbers.first
        column = numbers.count == 2 ? numbers[1] : nil
    }

    /// `de/html.mustache:12:3`; empty where it is no file's.
    package var place: String {
        file + [line, column].compactMap(\.self).map { ":\($0)" }.joined()
    }
}

extension MailFinding: Comparable {
    /// Errors first, then by place.
    package static func < (left: Self, right: Self) -> Bool {
        let key = { (finding: Self) in
            (finding.severity == .error ? 0 : 1, finding.file, finding.line ?? 0, finding.column ?? 0)
        }
        if key(left) != key(right) { return key(left) < key(right) }
        return left.message.description < right.message.description
    }
}
