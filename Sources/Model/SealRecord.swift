// Seals: keys to which codes and links are encrypted.
//
// What a run may have to keep beside the ledger is `Codable`: its keys are the format of spill files.

import Foundation

/// The number of a seal in its ledger: one encapsulated key, to which many values are encrypted.
package struct SealID: Hashable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// One encapsulation of a key for the owner of a public key; the values of one run are sealed under it.
package struct SealRecord: Hashable, Codable, Sendable {
    package let id: SealID
    /// X25519, 32 bytes.
    package let publicKey: [UInt8]
    /// What the private key makes the sealing key from.
    package let encapsulatedKey: [UInt8]

    private enum CodingKeys: String, CodingKey {
        case id = "number"
        case publicKey, encapsulatedKey
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = SealID(number: try values.decode(Int64.self, forKey: .id))
        publicKey = [UInt8](try values.decode(Data.self, forKey: .publicKey))
        encapsulatedKey = [UInt8](try values.decode(Data.self, forKey: .encapsulatedKey))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id.number, forKey: .id)
        try values.encode(Data(publicKey), forKey: .publicKey)
        try values.encode(Data(encapsulatedKey), forKey: .encapsulatedKey)
    }

    package init(id: SealID, publicKey: [UInt8], encapsulatedKey: [UInt8]) {
        self.id = id
        self.publicKey = publicKey
        self.encapsulatedKey = encapsulatedKey
    }
}
