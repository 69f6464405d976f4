// Previews of mails as they are sent.

package import Model

extension MailPreview {
    /// - Parameters:
    ///   - composer: makes the messages, but for their Message-IDs, which are the same for all.
    ///   - date: of the messages.
    package init(_ renderer: MailRenderer, composer: MailComposer, date: Timestamp) {
        self.init(renderer) { mail, sample in
            guard let address = MailAddress.checked(sample.address) else {
                throw Self.unsendable(sample, "no mail can have the address")
            }
            do throws(UnsendableMail) {
                let name = renderer.name(of: sample.fields)
                return try composer.mail(mail, to: address, name: name, messageID: Self.messageID, date: date)
                    .message.revealed
            } catch {
                throw Self.unsendable(sample, error.reason)
            }
        }
    }

    private static let messageID = "<preview@latchstring.invalid>"

    private static func unsendable(_ sample: MailSample, _ reason: String) -> MailTemplateError {
        MailTemplateError(
            .unsendable,
            at: sample.identity,
            "there is no mail to this identity: \(reason)",
            advice: "mend its address, or leave it out of the samples"
        )
    }
}
