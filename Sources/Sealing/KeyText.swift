// Keys as text files: one line each, and comments.

import Crypto
import Foundation

/// What is wrong with the text of a key; it quotes nothing, for that may be a secret.
package enum KeyTextError: Error, Hashable, Sendable {
    /// A private key where a public one is wanted.
    case isPrivate
    /// A public key where a private one is wanted.
    case isPublic
    /// Neither.
    case isNoKey
}

/// The lines that keys are on: a word for what it is, and the key in base64.
private enum KeyLine {
    static let publicWord = "latchstring-seal-public-v1"
    static let privateWord = "latchstring-seal-private-v1"

    static func text(_ word: String, _ bytes: [UInt8], comment: String) -> String {
        "# \(comment)\n\(word) \(Data(bytes).base64EncodedString())\n"
    }

    /// The key's bytes; what is blank, and what follows a `#`, is passed over.
    static func bytes(_ text: String, word: String, other: (word: String, error: KeyTextError))
        throws(KeyTextError) -> [UInt8]
    {
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        if lines.contains(where: { $0.hasPrefix(other.word) }) { throw other.error }
        let parts = lines.first?.split(separator: " ") ?? []
        guard lines.count == 1, parts.count == 2, parts[0] == word,
            let data = Data(base64Encoded: String(parts[1]))
        else { throw .isNoKey }
        return [UInt8](data)
    }
}

extension PublicKey {
    /// - Throws: `KeyTextError` where the text of the file is no public key's.
    package init(text: String) throws(KeyTextError) {
        let other = (KeyLine.privateWord, KeyTextError.isPrivate)
        let bytes = try KeyLine.bytes(text, word: KeyLine.publicWord, other: other)
        guard let key = PublicKey(bytes: bytes) else { throw .isNoKey }
        self = key
    }

    /// The whole text of its file.
    package var text: String {
        KeyLine.text(KeyLine.publicWord, bytes, comment: "latchstring run --seal-to; key \(fingerprint)")
    }
}

extension PrivateKey {
    /// - Throws: `KeyTextError` where the text of the file is no private key's.
    package init(text: String) throws(KeyTextError) {
        let other = (KeyLine.publicWord, KeyTextError.isPublic)
        let bytes = try KeyLine.bytes(text, word: KeyLine.privateWord, other: other)
        guard let key = PrivateKey(bytes: bytes) else { throw .isNoKey }
        self = key
    }

    /// The whole text of its file: the secret itself.
    package var secretText: String {
        KeyLine.text(
            KeyLine.privateWord,
            [UInt8](key.rawRepresentation),
            comment: "PRIVATE: latchstring export --unseal-with; of key \(publicKey.fingerprint)"
        )
    }
}
