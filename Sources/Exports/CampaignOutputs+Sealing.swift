// Whether a campaign's codes can be read at all, and with which key.

import Ledger
package import Sealing
package import Model

/// Why sealed codes cannot be exported, before anything is written.
package typealias SealError = CodedError<SealErrorCode>

package enum SealErrorCode: String, Hashable, Sendable, CaseIterable {
    case notSealed = "not_sealed"
    case noKey = "no_private_key"
    case anotherKey = "another_private_key"
}

extension CampaignOutputs {
    /// What opens the campaign's codes; nil where they are readable.
    ///
    /// - Throws: `SealError` where the key is missing, another one's, or of no use.
    package func unsealing(with key: PrivateKey?) throws -> Unsealing? {
        let campaign = try ledger.campaign()
        guard let sealedTo = campaign.sealedTo.flatMap(PublicKey.init(bytes:)) else {
            guard key == nil else {
                throw SealError(
                    .notSealed,
                    "the campaign \(campaign.name) is not sealed",
                    advice: "leave \(.unsealWith) out"
                )
            }
            return nil
        }
        guard let key else {
            throw SealError(
                .noKey,
                "the campaign \(campaign.name) is sealed to the key \(sealedTo.fingerprint), and its "
                    + "codes can be read with that private key only",
                advice: "\(.unsealWith, "NAME.key"), also on a copy elsewhere"
            )
        }
        guard key.publicKey == sealedTo else {
            throw SealError(
                .anotherKey,
                "the campaign \(campaign.name) is sealed to the key \(sealedTo.fingerprint), and the "
                    + "private key given is that of \(key.publicKey.fingerprint): nothing was opened"
            )
        }
        return Unsealing(try ledger.seals(), with: key)
    }
}
