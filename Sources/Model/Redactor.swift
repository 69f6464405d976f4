// The one place that decides what of a server's or a file's words people may see.

/// Takes out of texts what may open an account, and makes one line of bounded length of them.
package struct Redactor: Sendable {
    /// What stands in the place of what is not shown.
    package static let mark = "[redacted]"

    private let secrets: [[UInt8]]
    private let lengthMax: Int

    /// - Parameters:
    ///   - secrets: what was sent or came in confidence; empty ones are none.
    ///   - lengthMax: the longest text that is shown, in Unicode scalars.
    package init(hiding secrets: [Secret<String>] = [], lengthMax: Int) {
        // The longest first: one secret may be the beginning of another.
        self.secrets = secrets.map { Array($0.revealed.utf8) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        self.lengthMax = lengthMax
    }

    /// What our own code says of a server, without the secrets.
    package func bounded(_ text: String) -> String {
        withoutSecrets(text).line(lengthMax: lengthMax)
    }

    /// What a server or a file says: without the secrets, and without what looks like a code, the values of a
    /// link, a token or a key.
    package func said(_ text: String) -> String {
        Self.withoutKeys(withoutSecrets(text)).line(lengthMax: lengthMax)
    }

    private func withoutSecrets(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        var rest = Array(text.utf8)[...]
        var kept: [UInt8] = []
        while let first = rest.first {
            if let secret = secrets.first(where: { $0.first == first && rest.starts(with: $0) }) {
                kept += Self.mark.utf8
                rest = rest.dropFirst(secret.count)
            } else {
                kept.append(first)
                rest.removeFirst()
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

// MARK: - Words

extension Redactor {
    /// The text without keys, invisible characters and blanks between its words as one blank; IDs and times
    /// stay.
    ///
    /// Hidden are the values of links and parameters (`?flow=…&token=…`), numbers of six to eight digits, as
    /// recovery codes are, what follows `Bearer`, `Basic` or `token`, and words that look like a key.
    /// Addresses stay.
    private static func withoutKeys(_ text: String) -> String {
        // Twice: a character that does not show is part of the secret around it, or stands between two words.
        let first = withoutKeys(amongWords: text)
        let visible = String.UnicodeScalarView(first.unicodeScalars.map { isVisible($0) ? $0 : " " })
        return withoutKeys(amongWords: String(visible))
    }

    private static func withoutKeys(amongWords text: String) -> String {
        var isAfterScheme = false
        let words = text.unicodeScalars.split { $0.value <= 0x20 }.map { scalars in
            let word = Substring(scalars)
            defer {
                let name = word.lowercased()
                isAfterScheme = ["bearer", "basic", "token"].contains(
                    name.hasSuffix(":") ? String(name.dropLast()) : name
                )
            }
            return isAfterScheme && word.utf8.count > 8 ? mark : shown(Substring(withoutUser(word)))
        }
        return words.joined(separator: " ")
    }

    /// A URL without the name and the password before its host.
    private static func withoutUser(_ word: Substring) -> String {
        guard let scheme = word.firstRange(of: "://") else { return String(word) }
        let authority = word[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return String(word) }
        return word[..<scheme.upperBound] + mark + word[at...]
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
        default: true
        }
    }

    /// What may be shown of what stands between two blanks.
    private static func shown(_ word: Substring) -> String {
        if let values = startOfValues(word) {
            let end = word[values...].dropFirst().lastIndex { !",.;:)}>\"'".contains($0) }
            let rest = end.map { word[word.index(after: $0)...] } ?? ""
            return shown(word[..<values]) + String(word[values]) + mark + rest
        }
        guard let start = word.firstIndex(where: isLetterOrNumber),
            let last = word.lastIndex(where: isLetterOrNumber)
        else { return String(word) }
        let core = word[start...last]
        guard isCode(core) || isKey(core) else { return withoutCodes(word) }
        return word[..<start] + mark + word[word.index(after: last)...]
    }

    /// Where a link's query or fragment begins: everything from there on may be a secret.
    private static func startOfValues(_ word: Substring) -> Substring.Index? {
        let lastEquals = word.lastIndex(of: "=")
        var isLink = false
        for index in word.indices {
            switch word[index] {
            case "?" where isLink || lastEquals.map { index < $0 } == true, "#" where isLink: return index
            case "h" where word[index...].hasPrefix("http://") || word[index...].hasPrefix("https://"):
                isLink = true
            default: break
            }
        }
        return nil
    }

    private static func isLetterOrNumber(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    /// Whether it begins with six to eight digits and has no letters.
    private static func isCode(_ word: Substring) -> Bool {
        (6...8).contains(word.prefix { $0.isNumber }.count) && word.allSatisfy { !$0.isLetter }
    }

    /// Whether a word is as long and as mixed as keys and tokens are, and is no ID, no time and no address.
    private static func isKey(_ word: Substring) -> Bool {
        if word.hasPrefix("ory_") || word.hasPrefix("eyJ") { return word.count > 12 }
        guard word.utf8.count >= 24, !word.contains("://"), !word.contains("/"), !word.contains("@"),
            IdentityID(word) == nil, Timestamp(rfc3339: String(word)) == nil
        else { return false }
        return word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
    }
}

// MARK: - Within words

extension Redactor {
    /// The text without the values of parameters and without codes and tokens, whatever stands around them.
    private static func withoutCodes(_ text: Substring) -> String {
        var kept: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            if let name = parameter(at: rest) {
                kept += name
                kept += mark.utf8
                rest = rest.dropFirst(name.count).drop { !endsValue($0) }
            } else if isOfWord(first) {
                let word = rest.prefix(while: isOfWord)
                if isDigits(word) || isToken(word) { kept += mark.utf8 } else { kept += word }
                rest = rest.dropFirst(word.count)
            } else {
                kept.append(first)
                rest.removeFirst()
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// `?name=`, `&name=` or `;name=` (also of `&amp;`), with a value behind it.
    private static func parameter(at rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let lead = rest.first, "?&;".utf8.contains(lead) else { return nil }
        let name = rest.dropFirst().prefix { isOfWord($0) || ".[]".utf8.contains($0) }
        guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == UInt8(ascii: "=") else {
            return nil
        }
        let value = rest[(name.endIndex + 1)...]
        return value.first.map(endsValue) ?? true ? nil : rest[..<value.startIndex]
    }

    private static func isDigits(_ word: ArraySlice<UInt8>) -> Bool {
        (6...8).contains(word.count) && word.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isToken(_ word: ArraySlice<UInt8>) -> Bool {
        word.count > 12 && (word.starts(with: "ory_".utf8) || word.starts(with: "eyJ".utf8))
    }

    /// Letters and digits, and what holds identifiers together: of those no part is a code.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "&\"'<>#;,)".utf8.contains(byte)
    }
}

extension String {
    /// The text without control characters, cut at so many Unicode scalars: a single character may have
    /// thousands.
    package func line(lengthMax: Int) -> String {
        let isLong = unicodeScalars.count > lengthMax
        var line = UnicodeScalarView()
        for scalar in unicodeScalars.prefix(isLong ? lengthMax - 1 : lengthMax) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(line) + (isLong ? "…" : "")
    }
}
