// Whether a run seals what it is given, and to which key.

import Ledger
import Files
import Sealing
import Model

enum CampaignSeal {
    /// What a run keeps of codes and links.
    ///
    /// A campaign that is sealed stays sealed, to the same key.
    ///
    /// - Parameter wanted: the key of `--seal-to`; nil where it is not given.
    /// - Throws: `CommandFailure` where the campaign is another key's, or has codes that can be read already.
    static func secrets(
        _ ledger: any CampaignStore,
        _ wanted: PublicKey?,
        _ folder: CampaignFolder,
        at time: Timestamp
    ) throws -> any SecretKeeping {
        let sealedTo = try ledger.campaign().sealedTo.flatMap(PublicKey.init(bytes:))
        if let wanted { try check(wanted, sealedTo, ledger, folder, time) }
        guard let key = wanted ?? sealedTo else { return PlainSecrets() }
        guard let sealer = try? Sealer(to: key) else {
            throw CommandFailure(
                .error,
                "nothing can be sealed to the key \(key.fingerprint)",
                advice: "make another with latchstring keygen",
                isResumable: false
            )
        }
        let seal = try ledger.seal(to: key.bytes, encapsulatedKey: sealer.encapsulatedKey, at: time)
        return SealedSecrets(sealer, seal: seal)
    }

    private static func check(
        _ wanted: PublicKey,
        _ sealedTo: PublicKey?,
        _ ledger: any CampaignStore,
        _ folder: CampaignFolder,
        _ time: Timestamp
    ) throws {
        if let sealedTo {
            guard wanted == sealedTo else {
                throw CommandFailure(
                    .error,
                    "the campaign \(folder.name) is sealed to the key \(sealedTo.fingerprint), and "
                        + "\(.sealTo) is \(wanted.fingerprint)",
                    advice: "leave it out to go on with the first, or use another \(.campaign)",
                    isResumable: false
                )
            }
            return
        }
        let readable = try ledger.counts(now: time).issued - ledger.purgedCount()
        guard readable == 0 else {
            throw CommandFailure(
                .error,
                "the campaign \(folder.name) holds \(readable) codes that can be read already, and cannot be "
                    + "sealed any more",
                advice: "latchstring purge \(.campaign, folder.name) \(.all), once they are exported, or use "
                    + "another \(.campaign)",
                isResumable: false
            )
        }
    }
}
