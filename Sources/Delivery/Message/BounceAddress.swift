// Where bounces go.

import Model

/// The envelope's sender: one address, or with VERP one of its own for each mail.
///
/// With VERP `bounces@example.com` is `bounces+id=0123…@example.com`, with what stands before the `@` of the
/// mail's Message-ID: so a bounce tells whose it is, whatever the receiving system writes into it.
package struct BounceAddress: Hashable, Sendable {
    package let address: String
    package let isVERP: Bool

    private static let localBytesMax = 64

    /// - Throws: a `MailSettingError`.
    package init(_ text: String, isVERP: Bool = false) throws(MailSettingError) {
        guard let checked = MailAddress.checked(text), let address = DomainName.asciiAddress(checked) else {
            throw MailSettingError(
                .bounceAddress,
                "\"\(text.line(lengthMax: 60))\" is no address for bounces",
                advice: "write it as in bounces@example.com"
            )
        }
        let added = "+id=".utf8.count + MailComposer.tokenLength
        let localCount = address.utf8.prefix { $0 != UInt8(ascii: "@") }.count
        guard !isVERP || localCount + added <= Self.localBytesMax else {
            throw MailSettingError(
                .bounceAddress,
                "the address for bounces has \(localCount) bytes before its @, and \(added) would be added",
                advice: "choose one with at most \(Self.localBytesMax - added)"
            )
        }
        self.address = address
        self.isVERP = isVERP
    }

    /// The envelope's sender of a mail.
    package func sender(forMessageID messageID: String) -> String {
        guard isVERP, let at = address.lastIndex(of: "@") else { return address }
        let token = messageID.dropFirst().prefix { $0 != "@" }.prefix(MailComposer.tokenLength)
        return "\(address[..<at])+id=\(token)\(address[at...])"
    }
}
