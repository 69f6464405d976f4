// Whether a campaign's codes can be read at all, and with which key.

import Ledger
import Sealing

/// Why sealed codes cannot be exported; a sentence, before anything is written.
package struct SealError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

extension CampaignOutputs {
    /// What opens the campaign's codes; nil where they are readable.
    ///
    /// - Throws: `SealError` where the key is missing, another one's, or of no use.
    func unsealing(with key: PrivateKey?) throws -> Unsealing? {
        let campaign = try ledger.campaign()
        guard let sealedTo = campaign.sealedTo.flatMap(PublicKey.init(bytes:)) else {
            guard key == nil else {
                throw SealError(
                    description: "the campaign \(campaign.name) is not sealed: leave --unseal-with out"
                )
            }
            return nil
        }
        guard let key else {
            throw SealError(
                description:
                    "the campaign \(campaign.name) is sealed to the key \(sealedTo.fingerprint), and its "
                    + "codes can be read with that private key only: --unseal-with NAME.key, also on a copy "
                    + "elsewhere"
            )
        }
        guard key.publicKey == sealedTo else {
            throw SealError(
                description:
                    "the campaign \(campaign.name) is sealed to the key \(sealedTo.fingerprint), and the "
                    + "private key given is that of \(key.publicKey.fingerprint): nothing was opened"
            )
        }
        return Unsealing(try ledger.seals(), with: key)
    }
}
