// Codes and links that open nothing, of the shape of real ones.

import Model

extension MailFields {
    /// The same with a code and a link that are made up: for whoever is to see a mail and not its secrets.
    ///
    /// Digits become digits, and letters letters of the same case. Of the link the host, the names of
    /// parameters and the usual words of its path stay.
    package func madeUp(using generator: inout some RandomNumberGenerator) -> MailFields {
        let real = code.revealed
        let code = MadeUp.text(like: real, using: &generator)
        return MailFields(
            code: code,
            link: MadeUp.link(like: link.revealed, code: (real, code), using: &generator),
            expiresAt: expiresAt,
            locale: locale,
            columns: columns
        )
    }
}

/// Makes up texts.
private enum MadeUp {
    private static let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
    private static let small = Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
    private static let capital = Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))

    /// Parts of paths that say what a page is for: anything else may be a secret.
    private static let words: Set<String> = [
        "self-service", "recovery", "recover", "ui", "login", "link", "code", "methods", "account",
        "accounts",
        "settings", "reset", "password", "auth", "verification", "browser", "flows", "en", "de",
    ]

    /// A text of the same shape, and another one as far as there are any.
    static func text(like text: String, using generator: inout some RandomNumberGenerator) -> String {
        let bytes = Array(text.utf8)
        for _ in 0..<100 {
            let made = scrambled(bytes, using: &generator)
            if made != bytes { return String(decoding: made, as: UTF8.self) }
        }
        return text
    }

    private static func scrambled(
        _ bytes: [UInt8],
        using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        var made: [UInt8] = []
        var kept = 0
        for (index, byte) in bytes.enumerated() {
            // What is escaped in a link, such as %2F, stays, if it is no letter or digit itself.
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16),
                alphabet(of: value).isEmpty
            {
                kept = 3
            }
            let alphabet = kept > 0 ? [] : alphabet(of: byte)
            kept = max(0, kept - 1)
            made.append(
                alphabet.isEmpty ? byte : alphabet[Int.random(in: alphabet.indices, using: &generator)]
            )
        }
        return made
    }

    /// Beyond ASCII there is nothing to choose from: such a byte of a code becomes a digit.
    private static func alphabet(of byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digits
        case UInt8(ascii: "a")...UInt8(ascii: "z"): small
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): capital
        case 0x80...: digits
        default: []
        }
    }

    /// - Parameter code: the real one, and the one that stands for it.
    static func link(
        like link: String,
        code: (real: String, madeUp: String),
        using generator: inout some RandomNumberGenerator
    ) -> String {
        func made(_ part: some StringProtocol) -> String {
            let part = String(part)
            if !code.real.isEmpty, part == code.real { return code.madeUp }
            return text(like: part, using: &generator)
        }
        guard let scheme = link.range(of: "://") else { return made(link) }
        let rest = link[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let afterHost = rest[host.endIndex...]
        let path = afterHost.prefix { $0 != "?" && $0 != "#" }
        let afterPath = afterHost[path.endIndex...]
        let query = afterPath.prefix { $0 != "#" }
        let fragment = afterPath[query.endIndex...]

        let user = host.lastIndex(of: "@").map { made(host[..<$0]) + "@" } ?? ""
        let name = host.lastIndex(of: "@").map { host[host.index(after: $0)...] } ?? host
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            words.contains(String(segment)) ? String(segment) : made(segment)
        }
        let parameters = query.dropFirst().split(separator: "&", omittingEmptySubsequences: false).map {
            pair in
            guard let sign = pair.firstIndex(of: "=") else { return made(pair) }
            return pair[...sign] + made(pair[pair.index(after: sign)...])
        }
        return link[..<scheme.upperBound] + user + name + segments.joined(separator: "/")
            + (query.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
            + (fragment.isEmpty ? "" : "#" + made(fragment.dropFirst()))
    }
}

extension String {
    /// Where a text of ASCII is in it first.
    fileprivate func range(of mark: String) -> Range<String.Index>? {
        guard let start = indices.first(where: { self[$0...].utf8.starts(with: mark.utf8) }) else {
            return nil
        }
        return start..<utf8.index(start, offsetBy: mark.utf8.count)
    }
}
