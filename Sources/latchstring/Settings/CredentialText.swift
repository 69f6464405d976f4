// The text of an API key as people and tools write it, and what is no key in it.

import Campaign
import Providers
import Model

/// Reads a key from a file, a command's output or a variable.
enum CredentialText {
    /// The key, without a byte order mark and a `Bearer` before it.
    ///
    /// - Parameter origin: names where the text comes from, such as `the API key file PATH`.
    /// - Throws: `CommandFailure`, with what to change; never with any of the text.
    static func key(_ text: String, _ origin: String) throws -> BearerToken {
        var text = trimmed(text)
        if let fault = fault(of: text) { throw refusal(origin, fault) }
        let word = text.prefix { !blanks.contains($0) }
        if word.lowercased() == "bearer" { text = trimmed(text.dropFirst(word.count)) }
        if let fault = fault(of: text) { throw refusal(origin, fault) }
        guard let token = BearerToken(String(text)) else {
            throw refusal(origin, "holds no key: one line, of characters that a header can hold")
        }
        return token
    }

    private static let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n", "\u{a0}"]
    private static let quotes: Set<Character> = [
        "\"", "'", "`", "\u{201c}", "\u{201d}", "\u{201e}", "\u{2018}", "\u{2019}",
    ]

    /// Without blanks and byte order marks around it.
    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(String(text))
        while let first = text.unicodeScalars.first, isAround(first) { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, isAround(last) { text.unicodeScalars.removeLast() }
        return text
    }

    private static func isAround(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{feff}" || blanks.contains(Character(scalar))
    }

    /// What is wrong with a text, as the end of a sentence; nil where it may be a key.
    private static func fault(of text: Substring) -> String? {
        if text.isEmpty { return "holds no key: it is empty" }
        if text.contains("\0") {
            return "is UTF-16, and a key is read as UTF-8: save it as UTF-8"
        }
        if let first = text.first, first == "{" || first == "[" {
            return "holds JSON: only the key may stand there, without anything around it"
        }
        if text.hasPrefix("-----BEGIN ") { return "holds a PEM file, and no API key" }
        if text.contains(where: \.isNewline) {
            return "holds several lines: only the key may stand there, on one line"
        }
        let name = text.prefix { !blanks.contains($0) && $0 != ":" && $0 != "=" }
        if name.lowercased() == "authorization", text.dropFirst(name.count).first == ":" {
            return "holds a whole header: only the key may stand there, or name the file by --header-file"
        }
        if isAssignment(text) {
            return "holds NAME=KEY: only the key may stand there, without the name and the = before it"
        }
        if let first = text.first, let last = text.last, quotes.contains(first) || quotes.contains(last) {
            return "holds its key in quotes: take the quotes away"
        }
        return nil
    }

    /// Whether it is a line of an environment file: `NAME=key`, `export NAME="key"`, `name: key`.
    ///
    /// The padding of Base64 at a key's end is none.
    private static func isAssignment(_ text: Substring) -> Bool {
        var text = text
        for word in ["export ", "set ", "setx ", "$env:"] where text.lowercased().hasPrefix(word) {
            text = trimmed(text.dropFirst(word.count))
        }
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        guard let first = name.first, first.isLetter || first == "_" else { return false }
        let rest = trimmed(text[name.endIndex...])
        if rest.first == "=" { return rest.dropFirst().contains { $0 != "=" } }
        return rest.first == ":" && rest.dropFirst().first.map(blanks.contains) ?? false
    }

    private static func refusal(_ origin: String, _ fault: String) -> CommandFailure {
        CommandFailure(.error, "\(origin) \(fault)")
    }
}
