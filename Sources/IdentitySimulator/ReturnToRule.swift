// Where a recovered user may be sent on to.

/// The server's list of URLs below which `return_to` may lie.
struct ReturnToRule: Sendable {
    private struct Place: Sendable {
        var scheme: String
        var host: String
        var path: String
    }

    private let allowed: [Place]

    init(allowed: [String]) {
        self.allowed = allowed.map(Self.place)
    }

    /// The value of `return_to` where it is not allowed; nil where it is, or is missing.
    ///
    /// A relative URL counts as on the first allowed host, which stands for Kratos' default return URL.
    func forbidden(inQuery query: Substring) -> String? {
        guard !query.isEmpty, let text = Self.value(of: "return_to", in: query), !text.isEmpty else {
            return nil
        }
        var wanted = Self.place(text)
        if wanted.host.isEmpty { wanted.host = allowed.first?.host ?? "" }
        if wanted.scheme.isEmpty { wanted.scheme = allowed.first?.scheme ?? "" }
        let isAllowed = allowed.contains { place in
            wanted.scheme == place.scheme && wanted.host == place.host && wanted.path.hasPrefix(place.path)
        }
        return isAllowed ? nil : text
    }

    private static func value(of name: String, in query: Substring) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if decoded(parts[0]) == name { return parts.count == 2 ? decoded(parts[1]) : "" }
        }
        return nil
    }

    /// The text of a query's percent-encoded part.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func place(_ text: String) -> Place {
        var rest = text[...]
        var scheme = ""
        var host = ""
        if let colon = rest.firstIndex(of: ":"), rest[..<colon].allSatisfy({ $0.isLetter }) {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            host = rest.prefix { !"/?#".contains($0) }.lowercased()
            rest = rest.dropFirst(host.count)
        }
        let path = String(rest.prefix { !"?#".contains($0) })
        return Place(scheme: scheme, host: host, path: path.isEmpty ? "/" : path)
    }
}
