// Makes codes and links that follow from the seed.

package import Model

/// A code or link that the server gave out.
package struct IssuedRecord: Hashable, Sendable {
    /// The number of the request that got it, counted from 1.
    package let request: Int
    package let endpoint: IssuingEndpoint
    package let identity: IdentityID
    /// Nil with a link.
    package let recoveryCode: String?
    package let recoveryLink: String
    package let expiresAt: String
    /// The `X-Request-ID` of the request; empty where it had none.
    package let requestID: String
    /// What became of the answer, if it went wrong.
    package let fault: FaultKind?
}

/// Makes the parts of an issuing answer.
struct Issuer: Sendable {
    let hash: SeededHash
    /// The base of links with codes, up to and without `/recovery`.
    let uiBase: String
    let publicURL: String

    func code(for identity: IdentityID, time: UInt64) -> String {
        let digits = String(hash.word(.code, identity.high, identity.low, time) % 1_000_000)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    func link(_ endpoint: IssuingEndpoint, for identity: IdentityID, time: UInt64) -> String {
        let salt: UInt64 = endpoint == .code ? 0 : 1 << 63
        let high = hash.word(.flow, identity.high, identity.low, time | salt)
        let low = hash.word(.flow, identity.low, identity.high, time | salt)
        let flow = IdentityID(version4: high, low)
        switch endpoint {
        case .code: return "\(uiBase)/recovery?flow=\(flow.text)"
        case .link:
            return "\(publicURL)/self-service/recovery?flow=\(flow.text)&token=\(token(identity, time))"
        }
    }

    /// Kratos' answer: 201 with a code, 200 with a link.
    func answer(_ record: IssuedRecord) -> Answer {
        var body: [UInt8] = []
        body.reserveCapacity(256)
        body.append(contentsOf: #"{"recovery_link":"#.utf8)
        JSONText.append(record.recoveryLink, to: &body)
        if let code = record.recoveryCode {
            body.append(contentsOf: #","recovery_code":"#.utf8)
            JSONText.append(code, to: &body)
        }
        body.append(contentsOf: #","expires_at":"#.utf8)
        JSONText.append(record.expiresAt, to: &body)
        body.append(contentsOf: "}\n".utf8)
        return Answer(record.endpoint == .code ? 201 : 200, headerLines: Answer.jsonLines, body: body)
    }

    private func token(_ identity: IdentityID, _ time: UInt64) -> String {
        var token = ""
        for part in 0..<UInt64(4) {
            var word = hash.word(.token, identity.high, identity.low, time << 2 | part)
            for _ in 0..<8 {
                token.unicodeScalars.append(Self.alphanumerics[Int(word % 62)])
                word /= 62
            }
        }
        return token
    }

    private static let alphanumerics = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars
    )
}
