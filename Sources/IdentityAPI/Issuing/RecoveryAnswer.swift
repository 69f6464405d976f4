// The body of a success: a link, a code unless the link is all, perhaps an expiry.

import Foundation

/// What a server sends when it has issued, read leniently where nothing depends on it and strictly where it does.
struct RecoveryAnswer {
    let recovery: Recovery

    private static let codeLengthMax = 1024
    private static let linkLengthMax = 8192

    /// Nil unless there is what the method gives and can be handed on: texts, not empty, without control
    /// characters, of bounded length, and the link an http(s) URL or a relative one.
    init?(body: [UInt8], method: RecoveryMethod) {
        guard let answer = try? JSONDecoder().decode(Body.self, from: Data(body)),
            Self.isPlain(answer.link, lengthMax: Self.linkLengthMax), Self.isWebLink(answer.link)
        else { return nil }
        var code = ""
        if method == .code {
            guard let given = answer.code, Self.isPlain(given, lengthMax: Self.codeLengthMax) else {
                return nil
            }
            code = given
        }
        recovery = Recovery(code: code, link: answer.link, expiresAtText: answer.expiresAt)
    }

    private struct Body: Decodable {
        let code: String?
        let link: String
        let expiresAt: String?

        enum CodingKeys: String, CodingKey {
            case code = "recovery_code"
            case link = "recovery_link"
            case expiresAt = "expires_at"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            code = try? values.decodeIfPresent(String.self, forKey: .code)
            link = try values.decode(String.self, forKey: .link)
            // Of the wrong type it is as good as absent: the code is still good.
            let text = try? values.decodeIfPresent(String.self, forKey: .expiresAt)
            expiresAt = text.flatMap { RecoveryAnswer.isPlain($0, lengthMax: 64) ? $0 : nil }
        }
    }

    private static func isPlain(_ text: String, lengthMax: Int) -> Bool {
        (1...lengthMax).contains(text.utf8.count) && !text.unicodeScalars.contains(where: isControl)
    }

    /// Unicode's category Cc, which is these two ranges for good; asking for the category costs more than all else here.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    }

    private static func isWebLink(_ link: String) -> Bool {
        let scheme = link.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
        let hasScheme = scheme.count < link.count && link[scheme.endIndex] == ":"
        guard hasScheme else { return true }
        let lower = link.lowercased()
        return lower.hasPrefix("https://") || lower.hasPrefix("http://")
    }
}
