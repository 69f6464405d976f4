// What is wrong with the settings of mails.

package import Model

/// A setting with which no mail can be sent: an address, a URL, a header.
package typealias MailSettingError = CodedError<MailSettingErrorCode>

package enum MailSettingErrorCode: String, Hashable, Sendable, CaseIterable {
    case relayURL = "relay_url"
    case mailHeader = "mail_header"
    case mailSender = "mail_sender"
    case bounceAddress = "bounce_address"
}
