// The two keys of whoever may read the codes.

import Crypto
import Foundation
import Model

/// What codes and links are sealed to (X25519); no secret.
package struct PublicKey: Hashable, Sendable {
    /// 32 of them.
    package let bytes: [UInt8]

    package static let byteCount = 32

    /// Nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// What people tell keys apart by: the first 64 bits of the key's SHA-256, in hexadecimal.
    package var fingerprint: String {
        SHA256.hash(data: bytes).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}

/// What opens them again; to be kept away from the machine that issues.
package struct PrivateKey: Sendable {
    var key: Curve25519.KeyAgreement.PrivateKey { secret.revealed }

    private let secret: Secret<Curve25519.KeyAgreement.PrivateKey>

    /// A new one.
    package init() {
        secret = Secret(Curve25519.KeyAgreement.PrivateKey())
    }

    /// Nil unless there are 32 bytes.
    init?(bytes: [UInt8]) {
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else { return nil }
        secret = Secret(key)
    }

    package var publicKey: PublicKey {
        guard let publicKey = PublicKey(bytes: [UInt8](key.publicKey.rawRepresentation)) else {
            preconditionFailure("X25519's public keys have 32 bytes")
        }
        return publicKey
    }
}
