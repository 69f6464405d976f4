// What a server said in place of identities, as people may see it.

import Vocabulary

/// The message of an error answer that came as a roster.
enum ErrorWords {
    private static let redacted = "[redacted]"
    private static let scalarsMax = 200

    /// The message in one line of at most 200 characters, without what may be secret.
    ///
    /// Keys and tokens, the values of queries, and numbers of six to eight digits, as recovery codes are, are
    /// taken out; characters that would not show are spaces.
    static func shown(_ text: String) -> String {
        let visible = text.unicodeScalars.prefix(scalarsMax * 2).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: " "
            default: scalar
            }
        }
        var isAfterBearer = false
        let words = String(String.UnicodeScalarView(visible)).split(separator: " ").map { word in
            defer { isAfterBearer = ["bearer", "basic", "token"].contains(word.lowercased()) }
            return isAfterBearer && word.utf8.count > 8 ? redacted : shown(word: word)
        }
        return String(
            String.UnicodeScalarView(words.joined(separator: " ").unicodeScalars.prefix(scalarsMax))
        )
    }

    private static func shown(word: Substring) -> String {
        let text = String(word)
        if let query = text.firstIndex(of: "?"), text[query...].contains("=") {
            return text[..<query] + "?" + redacted
        }
        let core = text.drop { !$0.isLetter && !$0.isNumber }
        let isCode = (6...8).contains(core.prefix { $0.isNumber }.count) && core.allSatisfy { !$0.isLetter }
        return isCode || isKey(core) ? redacted : text
    }

    /// Whether a word is as long and as mixed as keys and tokens are, and no ID.
    private static func isKey(_ word: Substring) -> Bool {
        let end = word.lastIndex { $0.isLetter || $0.isNumber }.map { word.index(after: $0) } ?? word.endIndex
        let word = word[..<end]
        if word.hasPrefix("ory_") || word.hasPrefix("eyJ") { return word.count > 12 }
        guard word.utf8.count >= 24, IdentityID(word) == nil, !word.contains("://") else { return false }
        return word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
            && !word.contains("/") && !word.contains("@")
    }
}
