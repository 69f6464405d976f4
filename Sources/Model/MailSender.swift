// Who a mail is from.

/// Who a mail is from: `Team <it@example.com>`, or the address alone.
package struct MailSender: Hashable, Sendable {
    package let name: String
    package let address: String

    /// Nil where there is no address in it, or the name has control characters.
    package init?(_ text: String) {
        var (name, address) = ("", text)
        if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
            name = text[..<start].trimmed
            address = String(text[text.index(after: start)...].dropLast())
            if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
                name = String(name.dropFirst().dropLast())
            }
        }
        guard let address = MailAddress.checked(address), FieldText.isClean(name),
            !name.contains(where: { $0 == "\"" || $0 == "\\" || $0 == "<" || $0 == ">" })
        else { return nil }
        (self.name, self.address) = (name, address)
    }

    /// As the header of a mail has it.
    package var text: String { name.isEmpty ? address : "\"\(name)\" <\(address)>" }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
