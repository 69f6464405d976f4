// Codes and links: as the server sends them, and as the ledger keeps them, in the clear or sealed.
//
// What a run may have to keep beside the ledger is `Codable`: its keys are the format of spill files.

import Foundation

/// A code and a link, as the server sent them.
package struct IssuedCode: Hashable, Sendable {
    /// Opaque text, whose leading zeros count; empty where the link is all.
    package var code: String { secretCode.revealed }
    /// May be relative.
    package var link: String { secretLink.revealed }
    /// RFC 3339 as sent; nil when the server sent none.
    package let expiresAtText: String?
    /// The same as a time; nil also where the text is none.
    package let expiresAt: Timestamp?

    private let secretCode: Secret<String>
    private let secretLink: Secret<String>

    package init(code: String, link: String, expiresAtText: String?) {
        secretCode = Secret(code)
        secretLink = Secret(link)
        self.expiresAtText = expiresAtText
        expiresAt = expiresAtText.flatMap(Timestamp.init(rfc3339:))
    }
}

/// What the server issued for one identity.
package struct IssuedInvitation: Hashable, Codable, Sendable {
    package var secret: InvitationSecret
    /// As the server sent it; reckoned where it sent none.
    package var expiresAtText: String
    package var expiresAt: Timestamp
    package var requestID: String
    package var issuedAt: Timestamp
    /// The same by the server's own clock; nil where it is not known.
    package var serverIssuedAt: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case code, link, seal, sealed, expiresAtText
        case expiresAt = "expiresAtMilliseconds"
        case requestID
        case issuedAt = "issuedAtMilliseconds"
        case serverIssuedAt = "serverIssuedAtMilliseconds"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let code = try values.decodeIfPresent(String.self, forKey: .code) {
            secret = .plain(code: code, link: try values.decode(String.self, forKey: .link))
        } else {
            let seal = SealID(number: try values.decode(Int64.self, forKey: .seal))
            secret = .sealed(seal, [UInt8](try values.decode(Data.self, forKey: .sealed)))
        }
        expiresAtText = try values.decode(String.self, forKey: .expiresAtText)
        expiresAt = try values.decode(Timestamp.self, forKey: .expiresAt)
        requestID = try values.decode(String.self, forKey: .requestID)
        issuedAt = try values.decode(Timestamp.self, forKey: .issuedAt)
        serverIssuedAt = try values.decodeIfPresent(Timestamp.self, forKey: .serverIssuedAt)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch secret {
        case .plain(let code, let link):
            try values.encode(code, forKey: .code)
            try values.encode(link, forKey: .link)
        case .sealed(let seal, let bytes):
            try values.encode(seal.number, forKey: .seal)
            try values.encode(Data(bytes), forKey: .sealed)
        case .purged: break
        }
        try values.encode(expiresAtText, forKey: .expiresAtText)
        try values.encode(expiresAt, forKey: .expiresAt)
        try values.encode(requestID, forKey: .requestID)
        try values.encode(issuedAt, forKey: .issuedAt)
        try values.encodeIfPresent(serverIssuedAt, forKey: .serverIssuedAt)
    }

    package init(
        secret: InvitationSecret,
        expiresAtText: String,
        expiresAt: Timestamp,
        requestID: String,
        issuedAt: Timestamp,
        serverIssuedAt: Timestamp? = nil
    ) {
        self.serverIssuedAt = serverIssuedAt
        self.secret = secret
        self.expiresAtText = expiresAtText
        self.expiresAt = expiresAt
        self.requestID = requestID
        self.issuedAt = issuedAt
    }
}

extension IssuedInvitation: CustomStringConvertible, CustomReflectable {
    /// Without its secrets.
    package var description: String { "invitation \(requestID)" }
    package var customMirror: Mirror { Mirror(self, children: ["requestID": requestID]) }
}

/// What opens an account, as far as the ledger has it.
package enum InvitationSecret: Hashable, Sendable {
    /// As the server sent them: the code is opaque text, empty where the link is all; the link may be
    /// relative.
    case plain(code: String, link: String)
    /// Both of them encrypted, to be opened with the private key of that seal alone.
    case sealed(SealID, [UInt8])
    /// Removed from the ledger for good.
    case purged
}

extension InvitationSecret: CustomStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .plain: "[redacted]"
        case .sealed(let seal, _): "sealed by seal \(seal.number)"
        case .purged: "purged"
        }
    }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
