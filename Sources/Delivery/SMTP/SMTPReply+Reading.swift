// What is kept of a relay's reply: its codes, its words without addresses and secrets, its name of the mail.

import Model

extension SMTPReply {
    static let textLengthMax = 200

    /// - Parameters:
    ///   - text: as it came, in any bytes.
    ///   - recipient: an address that no reply may show in full.
    init(code: Int, text: [UInt8], hiding recipient: String = "", secrets: [Secret<String>] = []) {
        let words = String(decoding: text, as: UTF8.self)
        let enhanced = Self.enhancedCode(of: words)
        self.init(
            code: code,
            enhanced: enhanced,
            text: Self.shown(words, hiding: recipient, secrets: secrets),
            queueID: code / 100 == 2 ? QueueID.found(in: words, after: enhanced) : nil
        )
    }

    /// A text of a relay in one line, without secrets and without what stands before the `@` of addresses.
    static func shown(_ text: String, hiding recipient: String, secrets: [Secret<String>] = []) -> String {
        if secrets.isEmpty, isHarmless(text) { return text }
        // Relays that encode an address write `=` for its `@`.
        let encoded = recipient.replacingAt(by: "=")
        let hidden = Redactor(
            hiding: secrets + [Secret(encoded), Secret(recipient)].filter { !$0.revealed.isEmpty },
            lengthMax: textLengthMax
        )
        return hidden.said(withoutLocalParts(text)).trimmingBlanks
    }

    /// Whether a text is one that a `Redactor` leaves as it is, and has no address.
    ///
    /// Nearly every reply is (`2.0.0 Ok: queued as 4XyZ`), and a relay sends one for each mail.
    static func isHarmless(_ text: String) -> Bool {
        guard text.utf8.count <= textLengthMax else { return false }
        var (digits, word) = (0, 0)
        var last = UInt8(ascii: " ")
        for byte in text.utf8 {
            guard 0x20...0x7e ~= byte, !"@=?&;#/%_".utf8.contains(byte) else { return false }
            if byte == 0x20, last == 0x20 { return false }
            digits = 0x30...0x39 ~= byte ? digits + 1 : 0
            word = byte == 0x20 ? 0 : word + 1
            // Codes have six digits and more, keys and tokens more letters.
            if digits >= 6 || word > 20 { return false }
            last = byte
        }
        let lower = text.lowercased()
        return last != 0x20 && !["bearer", "basic", "token", "eyj"].contains { lower.contains($0) }
    }

    /// `5.1.1` at the beginning of a reply (RFC 3463).
    private static func enhancedCode(of text: String) -> String? {
        let word = text.utf8.prefix { $0 != 0x20 }
        let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 1, let kind = parts[0].first,
            [0x32, 0x34, 0x35].contains(kind),
            parts.allSatisfy({ 1...3 ~= $0.count && $0.allSatisfy { 0x30...0x39 ~= $0 } })
        else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    private static func withoutLocalParts(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        var kept: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "@"), let last = kept.last, isOfLocalPart(last) {
                while let last = kept.last, isOfLocalPart(last) { kept.removeLast() }
                kept += Redactor.mark.utf8
            }
            kept.append(byte)
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static func isOfLocalPart(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7f: false
        default: !"<>()[],;:\"@".utf8.contains(byte)
        }
    }
}

extension String {
    fileprivate func replacingAt(by other: Character) -> String { String(map { $0 == "@" ? other : $0 }) }

    fileprivate var trimmingBlanks: String {
        guard let start = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(self[start...last])
    }
}

/// A relay's own name of a mail that it has taken.
///
/// Postfix writes `Ok: queued as 4XyZ`, Exim `OK id=1abcDE-000Abc-12`, Sendmail `x1 Message accepted for
/// delivery`, Exchange `<…> [InternalId=1, Hostname=…] Queued mail for delivery`, SES `Ok 0102…`, Gmail
/// `OK 1600000000 abc.123 - gsmtp`, qmail `ok 1600000000 qp 12345`, Haraka `Message Queued (8A.1)`.
enum QueueID {
    static let bytesMax = 100

    static func found(in text: String, after enhanced: String?) -> String? {
        var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        if enhanced != nil { words.removeFirst() }
        return candidate(words).flatMap(checked)
    }

    private static func candidate(_ words: [String]) -> String? {
        let lower = words.map { $0.lowercased() }
        if let place = lower.firstIndex(of: "queued"), place + 2 < words.count, lower[place + 1] == "as" {
            return words[place + 2]
        }
        for (word, low) in zip(words, lower) {
            for mark in ["[internalid=", "internalid=", "id="] where low.hasPrefix(mark) {
                return String(word.dropFirst(mark.count))
            }
        }
        if lower.count >= 2, lower.last?.hasPrefix("(") == true, lower[lower.count - 2] == "queued" {
            return words.last
        }
        if let place = lower.firstIndex(of: "qp"), place + 1 < words.count { return words[place + 1] }
        if lower.count >= 2, lower[1...].starts(with: ["message", "accepted"]) { return words[0] }
        guard lower.first == "ok" || lower.first == "ok:" else { return nil }
        if lower.last == "gsmtp", words.count >= 4 { return words[words.count - 3] }
        return words.count == 2 ? words[1] : nil
    }

    /// Nil for what could be an address, or a recovery code.
    private static func checked(_ word: String) -> String? {
        let marks = "<>()[],;.:\"'"
        var id = word[...]
        while let last = id.last, marks.contains(last) { id.removeLast() }
        while let first = id.first, marks.contains(first) { id.removeFirst() }
        guard 1...bytesMax ~= id.utf8.count,
            id.utf8.allSatisfy({ isLetterOrDigit($0) || "-_.+/=:".utf8.contains($0) }),
            !(6...8 ~= id.utf8.count && id.utf8.allSatisfy { 0x30...0x39 ~= $0 })
        else { return nil }
        return String(id)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5a ~= byte || 0x61...0x7a ~= byte
    }
}
