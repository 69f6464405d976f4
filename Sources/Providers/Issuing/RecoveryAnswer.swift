// The body of a success: a link, a code unless the link is all, perhaps an expiry.

import Foundation
package import Model

/// What a server sends when it has issued, read leniently where nothing depends on it and strictly where it
/// does.
package struct RecoveryAnswer {
    package let recovery: IssuedCode

    private static let codeLengthMax = 1024
    private static let linkLengthMax = 8192
    private static let expiryLengthMax = 64

    /// Nil unless there is what the method gives and can be handed on: texts, not empty, without control
    /// characters, of bounded length, and the link an http(s) URL or a relative one.
    package init?(body: [UInt8], method: RecoveryMethod) {
        guard let answer = Body(body),
            Self.isPlain(answer.link, lengthMax: Self.linkLengthMax), Self.isWebLink(answer.link)
        else { return nil }
        var code = ""
        if method == .code {
            guard let given = answer.code, Self.isPlain(given, lengthMax: Self.codeLengthMax) else {
                return nil
            }
            code = given
        }
        let expiry = answer.expiresAt.flatMap { Self.isPlain($0, lengthMax: Self.expiryLengthMax) ? $0 : nil }
        recovery = IssuedCode(code: code, link: answer.link, expiresAtText: expiry)
    }

    /// The members of the body, as far as they are of the type they should be.
    package struct Body: Equatable {
        let code: String?
        let link: String
        let expiresAt: String?
    }

    private static func isPlain(_ text: String, lengthMax: Int) -> Bool {
        (1...lengthMax).contains(text.utf8.count) && !text.unicodeScalars.contains(where: isControl)
            && hasInk(text)
    }

    /// Whether anything of it can be seen: blanks of every kind, and characters without a width, are no code.
    private static func hasInk(_ text: String) -> Bool {
        // Nearly every text has a character of ASCII, and is asked no further.
        if text.utf8.contains(where: { (0x21...0x7e).contains($0) }) { return true }
        return text.unicodeScalars.contains { scalar in
            let properties = scalar.properties
            switch properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .unassigned,
                .privateUse, .surrogate, .nonspacingMark, .enclosingMark:
                return false
            default:
                // U+2800 is a Braille pattern without a dot.
                return !properties.isDefaultIgnorableCodePoint && !properties.isWhitespace
                    && scalar != "\u{2800}"
            }
        }
    }

    /// Unicode's category Cc, which is these two ranges for good; asking for the category costs more than all
    /// else here.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    }

    private static func isWebLink(_ link: String) -> Bool {
        let bytes = link.utf8
        let scheme = bytes.prefix { !":/?#".utf8.contains($0) }
        guard scheme.endIndex < bytes.endIndex, bytes[scheme.endIndex] == UInt8(ascii: ":") else {
            return true
        }
        return ["http", "https"].contains(link[..<scheme.endIndex].lowercased())
            && bytes[scheme.endIndex...].starts(with: "://".utf8)
    }
}

extension RecoveryAnswer.Body: Decodable {
    /// Nil where the body is no JSON object with a link.
    package init?(_ body: [UInt8]) {
        if let plain = PlainRecoveryBody(body), let link = plain.link {
            self.init(code: plain.code, link: link, expiresAt: plain.expiresAt)
        } else if let decoded = Self(decoding: body) {
            self = decoded
        } else {
            return nil
        }
    }

    /// The same with a decoder alone, which takes every form of JSON.
    package init?(decoding body: [UInt8]) {
        guard let decoded = try? JSONDecoder().decode(Self.self, from: Data(body)) else { return nil }
        self = decoded
    }

    private enum CodingKeys: String, CodingKey {
        case code = "recovery_code"
        case link = "recovery_link"
        case expiresAt = "expires_at"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        code = try? values.decodeIfPresent(String.self, forKey: .code)
        link = try values.decode(String.self, forKey: .link)
        // Of the wrong type it is as good as absent: the code is still good.
        expiresAt = try? values.decodeIfPresent(String.self, forKey: .expiresAt)
    }
}
