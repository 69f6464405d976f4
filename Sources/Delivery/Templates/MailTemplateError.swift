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
    /// A row of a preview whose address is none.
    case unsendable = "mail_unsendable"
}

/// What one mail lacks: it is not to be sent.
package struct MissingMailValues: ProblemError, Hashable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case missing = "mail_value_missing"
    }

    /// What templates name and the mail has no value for; sorted, each once.
    package let names: [String]
    /// The locale folder of the templates; nil where there are no locale folders.
    package let folder: String?

    package init(names: [String], folder: String?) {
        self.names = names
        self.folder = folder
    }

    /// Without anything of the user's.
    package var problem: Problem {
        let list = names.map { "{{\($0)}}" }.joined(separator: ", ")
        return Problem(
            Code.missing.rawValue,
            at: folder ?? "",
            "the mail has no value for \(list)",
            advice: "give it one, or write {{#NAME}}…{{/NAME}} around what needs it"
        )
    }
}
