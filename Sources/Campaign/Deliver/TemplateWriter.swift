// Mails from templates.

package import Delivery
package import Model

/// Renders letters by templates, and composes mails of that.
package struct TemplateWriter: LetterWriting {
    private let renderer: MailRenderer
    private let composer: MailComposer
    /// Stands before each subject.
    private let mark: String

    /// - Parameter mark: stands before each subject.
    package init(_ renderer: MailRenderer, _ composer: MailComposer, mark: String = "") {
        self.renderer = renderer
        self.composer = composer
        self.mark = mark
    }

    /// Names have columns of their own, which templates know as `name`, `first_name` and `last_name`.
    package func needs(_ column: String) -> Bool { true }

    package func mail(
        _ letter: Letter,
        key: Secret<[UInt8]>,
        at now: Timestamp
    ) throws(LetterFault) -> OutgoingMail {
        let messageID = composer.messageID(
            key: key,
            identity: letter.identityID,
            generation: letter.generation
        )
        var rendered: RenderedMail
        do throws(MissingMailValues) { rendered = try renderer.render(letter.fields, at: now) } catch {
            throw .missingValue("the template needs \(error.names.joined(separator: ", "))")
        }
        rendered.subject = mark + rendered.subject
        do throws(UnsendableMail) {
            return try composer.mail(
                rendered,
                to: letter.address,
                name: letter.name,
                messageID: messageID,
                date: now
            )
        } catch { throw .unsendable(error.reason) }
    }
}
