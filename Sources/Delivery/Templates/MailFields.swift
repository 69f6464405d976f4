// What a mail is made of.

package import Model

/// The values of one invitation that templates can name.
package struct MailFields: Sendable {
    /// Empty where there is only a link.
    package var code: Secret<String>
    /// Empty where there is only a code.
    package var link: Secret<String>
    package var expiresAt: Timestamp
    /// As the roster or the server spells it, as in `de-AT`; nil for the fallback.
    package var locale: String?
    /// The roster's and the looked-up columns by name; a path as in `traits.name.first` is one name.
    package var columns: [String: String]

    package init(
        code: String,
        link: String,
        expiresAt: Timestamp,
        locale: String?,
        columns: [String: String]
    ) {
        self.code = Secret(code)
        self.link = Secret(link)
        self.expiresAt = expiresAt
        self.locale = locale
        self.columns = columns
    }
}

/// A mail's text in its parts; not encoded yet.
package struct RenderedMail: Sendable {
    /// One line.
    package var subject: String
    package var text: Secret<String>
    /// nil where the templates have none.
    package var html: Secret<String>?

    package init(subject: String, text: String, html: String?) {
        self.subject = subject
        self.text = Secret(text)
        self.html = html.map(Secret.init)
    }
}
