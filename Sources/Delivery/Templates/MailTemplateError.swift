// What is wrong with the files of mail templates, in words.

package import Model

/// Templates that cannot be used; it says which file and line, why, and what to do.
package typealias MailTemplateError = CodedError<MailTemplateErrorCode>

package enum MailTemplateErrorCode: String, Hashable, Sendable, CaseIterable {
    case noFolder = "mail_no_folder"
    case noTemplates = "mail_no_templates"
    /// A file that is missing beside others, or one too many.
    case wrongFiles = "mail_wrong_files"
    case unreadable = "mail_unreadable"
    case syntax = "mail_syntax"
    /// Nothing says which templates to take.
    case chooseLocale = "mail_choose_locale"
    case unknownName = "mail_unknown_name"
}

/// What one mail lacks: it is not to be sent.
package struct MissingMailValues: Error, Hashable, Worded {
    /// What templates name and the mail has no value for; sorted, each once.
    package var names: [String]
    /// The locale folder of the templates; nil where there are no locale folders.
    package var folder: String?

    package init(names: [String], folder: String?) {
        self.names = names
        self.folder = folder
    }

    package var wording: Wording {
        let list = names.map { "{{\($0)}}" }.joined(separator: ", ")
        return "the mail has no value for \(list): give one, or put it between {{#NAME}} and {{/NAME}}"
    }
}
