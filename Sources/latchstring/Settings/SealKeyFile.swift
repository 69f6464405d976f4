// The files of the keys that codes are sealed to and opened with.

import Campaign
import Sealing
import Model

enum SealKeyFile {
    /// The key of `--seal-to`; nil where it is not given.
    ///
    /// - Throws: `CommandFailure` where the file holds none.
    static func sealTo(_ settings: Settings) throws -> PublicKey? {
        guard let path = try settings[\.run.sealTo] else { return nil }
        let text = try PrivateFile.text(at: path, "the public key file", mayBeOpen: true)
        do {
            return try PublicKey(text: text)
        } catch .isPrivate {
            throw CommandFailure(
                .error,
                "\(path) holds a private key, which has no business on the machine that issues",
                advice: "give \(.sealTo) the .pub that was made with it, and keep the private key elsewhere"
            )
        } catch {
            throw CommandFailure(
                .error,
                "\(path) holds no public key",
                advice: "give \(.sealTo) the NAME.pub that latchstring keygen makes"
            )
        }
    }

    /// The key of `--unseal-with`; nil where it is not given.
    ///
    /// - Throws: `CommandFailure` where the file holds none, or is open to others.
    static func unsealWith(_ settings: Settings) throws -> PrivateKey? {
        guard let path = try settings[\.opening.unsealWith] else { return nil }
        let text = try PrivateFile.text(at: path, "the private key file")
        do {
            return try PrivateKey(text: text)
        } catch .isPublic {
            throw CommandFailure(
                .error,
                "\(path) holds a public key, which opens nothing",
                advice: "give \(.unsealWith) the NAME.key beside it"
            )
        } catch {
            throw CommandFailure(
                .error,
                "\(path) holds no private key",
                advice: "give \(.unsealWith) the NAME.key that latchstring keygen makes"
            )
        }
    }
}
