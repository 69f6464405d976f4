// Codes and links, encrypted to a public key and opened with its private one.

import Crypto
import Foundation
package import Model

/// Why a value cannot be sealed or opened; it says nothing of the value.
package enum SealingError: Error, Hashable, Sendable {
    /// No secret can be shared with that key.
    case unusableKey
    /// The value was changed, is another identity's, or was sealed under another key.
    case doesNotOpen
    /// The cipher refused; nothing was sealed.
    case notSealed
}

/// What both sides agree on besides the keys; never changed, for sealed ledgers are kept.
private enum Agreement {
    static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    static let info = Data("latchstring seal v1".utf8)
    static let keyContext = Data("latchstring invitations v1".utf8)
    static let keySize = 32

    /// What a value is bound to: what it is, and whose.
    static func bound(to identity: IdentityID) -> [UInt8] {
        var bytes = Array("latchstring code and link v1".utf8)
        identity.withBytes { bytes.append(contentsOf: $0) }
        return bytes
    }
}

/// Seals values under one encapsulated key (HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305).
///
/// The values' key is HPKE's exported secret, and each has a nonce of its own, so that they open in any
/// order, alone. Whoever has sealed can read what was sealed while the process lives, and not after.
package struct Sealer: Sendable {
    package let publicKey: PublicKey
    package let encapsulatedKey: [UInt8]
    private let key: SymmetricKey

    /// Makes a new key and encapsulates it.
    ///
    /// - Throws: `SealingError.unusableKey`.
    package init(to publicKey: PublicKey) throws(SealingError) {
        do {
            let recipient = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey.bytes)
            guard try Self.sharesSecrets(recipient) else { throw SealingError.unusableKey }
            let sender = try HPKE.Sender(
                recipientKey: recipient,
                ciphersuite: Agreement.suite,
                info: Agreement.info
            )
            key = try sender.exportSecret(
                context: Agreement.keyContext,
                outputByteCount: Agreement.keySize
            )
            encapsulatedKey = [UInt8](sender.encapsulatedKey)
            self.publicKey = publicKey
        } catch {
            throw .unusableKey
        }
    }

    /// Whether it is no point of small order, with which everybody shares the same secret, zero (RFC 7748,
    /// 6.1).
    private static func sharesSecrets(_ recipient: Curve25519.KeyAgreement.PublicKey) throws -> Bool {
        let secret = try Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: recipient)
        return secret.withUnsafeBytes { bytes in bytes.contains { $0 != 0 } }
    }

    /// A nonce, the code and the link encrypted, and a tag: 32 bytes longer than they are.
    package func seal(code: String, link: String, of identity: IdentityID) throws(SealingError) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(4 + code.utf8.count + link.utf8.count)
        withUnsafeBytes(of: UInt32(code.utf8.count).bigEndian) { plain.append(contentsOf: $0) }
        plain.append(contentsOf: code.utf8)
        plain.append(contentsOf: link.utf8)
        do {
            let box = try ChaChaPoly.seal(plain, using: key, authenticating: Agreement.bound(to: identity))
            return [UInt8](box.combined)
        } catch {
            throw .notSealed
        }
    }
}

/// Opens what was sealed under one encapsulated key.
package struct Opener: Sendable {
    private let key: Secret<SymmetricKey>

    /// - Throws: `SealingError.doesNotOpen` where the encapsulated key is none.
    package init(_ privateKey: PrivateKey, encapsulatedKey: [UInt8]) throws(SealingError) {
        do {
            let recipient = try HPKE.Recipient(
                privateKey: privateKey.key,
                ciphersuite: Agreement.suite,
                info: Agreement.info,
                encapsulatedKey: Data(encapsulatedKey)
            )
            key = Secret(
                try recipient.exportSecret(
                    context: Agreement.keyContext,
                    outputByteCount: Agreement.keySize
                )
            )
        } catch {
            throw .doesNotOpen
        }
    }

    /// The code and the link of an identity.
    ///
    /// - Throws: `SealingError.doesNotOpen`.
    package func open(_ sealed: [UInt8], of identity: IdentityID) throws(SealingError) -> (
        code: String, link: String
    ) {
        let plain: Data
        do {
            let box = try ChaChaPoly.SealedBox(combined: sealed)
            plain = try ChaChaPoly.open(
                box,
                using: key.revealed,
                authenticating: Agreement.bound(to: identity)
            )
        } catch {
            throw .doesNotOpen
        }
        let count = plain.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard plain.count >= 4, count <= plain.count - 4 else { throw .doesNotOpen }
        let texts = plain.dropFirst(4)
        return (
            String(decoding: texts.prefix(count), as: UTF8.self),
            String(decoding: texts.dropFirst(count), as: UTF8.self)
        )
    }
}

extension Sealer: CustomStringConvertible, CustomReflectable {
    package var description: String { "a seal to \(publicKey.fingerprint)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
