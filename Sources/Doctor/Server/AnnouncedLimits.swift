// What a server's headers say of its limits.

import HTTPTransport
import Vocabulary

/// The limits that an answer announces.
///
/// Ory Network's `x-ratelimit-limit: 10, 10;w=1, 300;w=60`, the same as `RateLimit-Limit` (draft 03 of the IETF's
/// httpapi-ratelimit-headers), and its later `RateLimit-Policy: "burst";q=10;w=1, "sustained";q=300;w=60`.
struct AnnouncedLimits: Hashable {
    /// Each with its window.
    let rates: [Rate]
    /// A limit whose window is not told.
    let loose: Int?
    /// How many requests are left.
    let remaining: Int?

    var isEmpty: Bool { rates.isEmpty && loose == nil }

    init(_ headers: HTTPHeaders) {
        let names = ["x-ratelimit-limit", "ratelimit-limit", "ratelimit-policy"]
        let items = names.flatMap { headers.values($0) }.flatMap(LimitItem.list)
        var rates: [Rate] = []
        for item in items {
            guard let count = item.count, let window = item.window else { continue }
            let rate = Rate(count: count, window: window)
            if !rates.contains(rate) { rates.append(rate) }
        }
        self.rates = rates.sorted { $0.window < $1.window }
        let current = headers.values("ratelimit").flatMap(LimitItem.list)
        loose =
            rates.isEmpty ? (items + current).lazy.compactMap { $0.count ?? $0.number("limit") }.first : nil
        let left = ["x-ratelimit-remaining", "ratelimit-remaining"].lazy.compactMap { headers[$0] }.first
        remaining =
            left.flatMap { LimitItem.list($0).first?.value }
            ?? current.lazy.compactMap { $0.number("r") ?? $0.number("remaining") }.first
    }
}

/// One item of a list in a header: a number or a name, with parameters.
private struct LimitItem {
    /// The item itself, where it is a number.
    let value: Int?
    private let parameters: [String: String]

    static func list(_ text: String) -> [LimitItem] {
        text.split(separator: ",").map { LimitItem($0) }
    }

    private init(_ text: Substring) {
        let parts = text.split(separator: ";").map { part in
            part.split(separator: "=", maxSplits: 1).map { String($0.filter { $0 != " " && $0 != "\"" }) }
        }
        // `limit=10, remaining=8` are items that are parameters themselves.
        value = parts.first.flatMap { $0.count == 1 ? Int($0[0]) : nil }
        parameters = parts.reduce(into: [:]) { all, part in
            if part.count == 2 { all[part[0].lowercased()] = part[1] }
        }
    }

    func number(_ name: String) -> Int? { parameters[name].flatMap { Int($0) } }

    /// How many requests.
    var count: Int? {
        (value ?? number("q")).flatMap { (1...Rate.countMax).contains($0) ? $0 : nil }
    }

    var window: Duration? {
        number("w").flatMap { (1...Self.windowMax).contains($0) ? .seconds($0) : nil }
    }

    /// A year, in seconds.
    private static let windowMax = 366 * 86_400
}
