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
        guard !query.isEmpty, let text = GoQuery(query)["return_to"], !text.isEmpty else {
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
