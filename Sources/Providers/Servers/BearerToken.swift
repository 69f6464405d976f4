// A credential that cannot be printed by accident.

import HTTPTransport
import Model

/// A bearer token; its text is only to be had by name.
package struct BearerToken: Hashable, Sendable {
    /// The token itself.
    package var secret: String { text.revealed }

    /// The field that goes along with a request.
    var header: HTTPHeader { HTTPHeader(name: "Authorization", value: "Bearer \(secret)") }

    private let text: Secret<String>

    /// A token from a file or a variable: blanks and line breaks around it are not part of it.
    ///
    /// Nil when nothing is left, or when something in it cannot stand in an HTTP header.
    package init?(_ text: String) {
        let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        var text = text[...]
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        while let first = text.first, blanks.contains(first) { text.removeFirst() }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        self.text = Secret(String(text))
    }
}
