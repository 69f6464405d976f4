// Which columns hold names and addresses, told by what they are called.

/// What rosters and servers call the columns that say who somebody is.
package enum PersonColumns {
    package static let addresses: Set<String> = [
        "email", "e-mail", "mail", "e_mail", "email_address", "email address", "e-mail address",
        "emailaddress", "mail_address",
    ]
    package static let names: Set<String> = [
        "name", "full_name", "fullname", "full name", "display_name", "displayname", "display name",
    ]
    package static let firstNames: Set<String> = [
        "first_name", "firstname", "first name", "given_name", "givenname", "given name", "name.first",
        "name.given",
    ]
    package static let lastNames: Set<String> = [
        "last_name", "lastname", "last name", "family_name", "familyname", "family name", "surname",
        "name.last", "name.family",
    ]
    package static let locales: Set<String> = [
        "locale", "language", "lang", "preferred_language", "preferred language",
    ]

    /// Whether a column is called so, `traits.` and the like before it or not.
    package static func isCalled(_ column: String, _ names: Set<String>) -> Bool {
        let name = OwnColumns.folded(column)
        let parts = name.split(separator: ".")
        return names.contains(name)
            || (1...2).contains { names.contains(parts.suffix($0).joined(separator: ".")) }
    }
}
