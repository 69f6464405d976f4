// An invitation on its way into a mail.

package import Delivery
package import Model

/// What one mail is made of, before it is rendered.
package struct Letter: Sendable {
    package let identityID: IdentityID
    package let generation: Int
    /// As `MailAddress.checked` has passed it.
    package let address: String
    /// Of whom it is for; nil where nobody gave one.
    package let name: String?
    package let fields: MailFields

    package init(
        identityID: IdentityID,
        generation: Int,
        address: String,
        name: String?,
        fields: MailFields
    ) {
        self.identityID = identityID
        self.generation = generation
        self.address = address
        self.name = name
        self.fields = fields
    }
}

/// Why a letter does not become a mail; no value of a user's is in the words.
package enum LetterFault: Error, Hashable, Sendable {
    /// A value is missing that its text needs.
    case missingValue(String)
    /// No relay could send it.
    case unsendable(String)
}

/// Makes mails of letters; from any thread.
package protocol LetterWriting: Sendable {
    /// Whether a column of that name is used.
    func needs(_ column: String) -> Bool

    /// - Parameters:
    ///   - key: what the Message-IDs of the campaign's mails are made from.
    ///   - now: the mail's date.
    func mail(_ letter: Letter, key: Secret<[UInt8]>, at now: Timestamp) throws(LetterFault) -> OutgoingMail
}
