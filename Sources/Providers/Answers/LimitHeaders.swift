// What the header of an answer says about the server's limits, in all the ways in which servers say it.

package import HTTPTransport
package import Model

/// Reads the headers in which a server announces its limits.
///
/// - Ory Network, and gateways on Envoy: `x-ratelimit-limit: 10, 10;w=1, 300;w=60`,
///   `x-ratelimit-remaining: 8`,
///   `x-ratelimit-reset: 1`. GitHub and others have a moment as seconds since 1970 in the last one.
/// - The IETF's draft-ietf-httpapi-ratelimit-headers up to 06: `RateLimit-Limit`, `RateLimit-Remaining`,
///   `RateLimit-Reset`, and `RateLimit-Policy: 10;w=1, 300;w=60`.
/// - Draft 07: `RateLimit: limit=10, remaining=8, reset=1`.
/// - From draft 08 on: `RateLimit-Policy: "burst";q=10;w=1, "sustained";q=300;w=60` and
///   `RateLimit: "burst";r=8;t=1, "sustained";r=290;t=60`; what counts anything but requests is left out.
///
/// Where several limits tell how many are left, the one with the fewest counts, and of these the one that
/// takes longest. A header that comes twice counts as the stricter of both. What cannot be read is as if
/// absent; a limit of 0 is none, but nothing left is nothing left. Numbers are bounded: by `Rate.countMax`, a
/// year, and `RetryHeaders.longestHold`.
package enum LimitHeaders {
    /// What the header says; nil where it says nothing about limits.
    package static func announcement(in headers: HTTPHeaders, now: Timestamp) -> LimitAnnouncement? {
        var reading: LimitReading?
        headers.forEachField { name, value in
            guard let field = LimitField(name) else { return }
            if reading == nil { reading = LimitReading(headers: headers, now: now) }
            reading?.take(field, value)
        }
        return reading?.announcement
    }
}

/// A header about limits; `isOlder` where its name begins with `x-`.
private enum LimitField {
    case limit(isOlder: Bool)
    case remaining(isOlder: Bool)
    case reset(isOlder: Bool)
    case policy
    case standing

    init?(_ name: ArraySlice<UInt8>) {
        // Most headers are about something else, and end here.
        guard let first = name.first, first | 0x20 == UInt8(ascii: "r") || first | 0x20 == UInt8(ascii: "x")
        else {
            return nil
        }
        let older = name.after("x-")
        guard let rest = (older ?? name).after("ratelimit") else { return nil }
        let isOlder = older != nil
        if rest.isNamed("-limit") {
            self = .limit(isOlder: isOlder)
        } else if rest.isNamed("-remaining") {
            self = .remaining(isOlder: isOlder)
        } else if rest.isNamed("-reset") {
            self = .reset(isOlder: isOlder)
        } else if rest.isNamed("-policy") {
            self = .policy
        } else if rest.isEmpty, !isOlder {
            self = .standing
        } else {
            return nil
        }
    }
}

/// How things stand with one limit.
private struct LimitStanding {
    var limit: Int?
    var remaining: Int?
    var reset: Duration?

    var isEmpty: Bool { limit == nil && remaining == nil && reset == nil }

    /// Whether it is the one to mind: first comes what tells both, then the fewest left, then the longest
    /// wait.
    func isTighter(than other: LimitStanding) -> Bool { urgency < other.urgency }

    private var urgency: (Int, Int, Duration) {
        (remaining != nil && reset != nil ? 0 : 1, remaining ?? .max, .zero - (reset ?? .zero))
    }
}

/// What was found so far.
private struct LimitReading {
    let headers: HTTPHeaders
    let now: Timestamp
    /// The shortest first, each with its least count.
    private var windows: [Rate] = []
    /// Of `x-ratelimit-…`.
    private var older = LimitStanding()
    /// Of `RateLimit-Limit`, `-Remaining` and `-Reset`.
    private var separate = LimitStanding()
    /// Of `RateLimit`, with the name of the policy where there is one.
    private var combined: [(policy: ArraySlice<UInt8>?, standing: LimitStanding)] = []
    private var policies: [LimitItem] = []

    /// The most windows that are taken: nobody has as many limits.
    private static let windowsMax = 8

    init(headers: HTTPHeaders, now: Timestamp) {
        self.headers = headers
        self.now = now
    }

    mutating func take(_ field: LimitField, _ value: ArraySlice<UInt8>) {
        switch field {
        case .limit(let isOlder):
            let loose = LimitItem.list(value).filter { !addWindow($0) }
            guard let limit = loose.lazy.compactMap(\.count).first else { return }
            change(isOlder) { $0.limit = min($0.limit ?? .max, limit) }
        case .remaining(let isOlder):
            guard let remaining = Self.remaining(LimitItem.list(value).first?.number) else { return }
            change(isOlder) { $0.remaining = min($0.remaining ?? .max, remaining) }
        case .reset(let isOlder):
            guard let reset = reset(value.decimalNumber) else { return }
            change(isOlder) { $0.reset = max($0.reset ?? .zero, reset) }
        case .policy:
            for item in LimitItem.list(value) where policies.count < LimitItem.countMax {
                policies.append(item)
                if item.countsRequests { addWindow(item) }
            }
        case .standing: takeStandings(LimitItem.list(value))
        }
    }

    /// The tightest of what is said; nil where nothing is.
    var announcement: LimitAnnouncement? {
        var standings = [older, separate]
        for (name, standing) in combined {
            let policy = policies.first { $0.name == name }
            guard policy?.countsRequests ?? true else { continue }
            standings.append(standing)
            standings[standings.count - 1].limit = standing.limit ?? policy?.count
        }
        // A policy without a window is a limit all the same.
        for policy in policies where policy.countsRequests && policy.window == nil {
            standings.append(LimitStanding(limit: policy.count))
        }
        let tightest = standings.filter { !$0.isEmpty }.min { $0.isTighter(than: $1) }
        guard tightest != nil || !windows.isEmpty else { return nil }
        return LimitAnnouncement(
            windows: windows,
            limit: tightest?.limit,
            remaining: tightest?.remaining,
            reset: tightest?.reset
        )
    }

    private mutating func change(_ isOlder: Bool, _ body: (inout LimitStanding) -> Void) {
        if isOlder { body(&older) } else { body(&separate) }
    }

    /// Takes the item's window, where it has one; returns whether it has.
    @discardableResult
    private mutating func addWindow(_ item: LimitItem) -> Bool {
        guard let count = item.count, let window = item.window else { return false }
        let index = windows.firstIndex { $0.window >= window } ?? windows.count
        if index < windows.count, windows[index].window == window {
            windows[index] = Rate(count: min(count, windows[index].count), window: window)
        } else if windows.count < Self.windowsMax {
            windows.insert(Rate(count: count, window: window), at: index)
        }
        return true
    }

    private mutating func takeStandings(_ items: [LimitItem]) {
        // The members of draft 07 belong together, those of later drafts are about a policy each.
        var whole = LimitStanding()
        for item in items where combined.count < LimitItem.countMax {
            guard let value = item.value else {
                let standing = LimitStanding(
                    remaining: Self.remaining(item.remaining),
                    reset: reset(item.reset)
                )
                if !standing.isEmpty { combined.append((item.name, standing)) }
                continue
            }
            if item.name.isNamed("limit") {
                whole.limit = value.wholeNumber.flatMap { (1...Rate.countMax).contains($0) ? $0 : nil }
            } else if item.name.isNamed("remaining") {
                whole.remaining = Self.remaining(value.wholeNumber)
            } else if item.name.isNamed("reset") {
                whole.reset = reset(value.decimalNumber)
            }
        }
        if !whole.isEmpty { combined.append((nil, whole)) }
    }

    private static func remaining(_ number: Int?) -> Int? {
        number.map { min($0, Rate.countMax) }
    }

    /// Seconds from now; more than a year of them are a moment as seconds, or milliseconds, since 1970.
    private func reset(_ seconds: Double?) -> Duration? {
        guard let seconds else { return nil }
        guard seconds > Double(LimitItem.yearInSeconds) else {
            return min(.seconds(seconds), RetryHeaders.longestHold)
        }
        // As seconds it would be after the year 5138.
        let milliseconds = seconds < 1e11 ? seconds * 1000 : seconds
        let moment = Timestamp(milliseconds: Int64(milliseconds))
        let wait = RetryHeaders.serverTime(in: headers, now: now).duration(to: moment)
        return min(max(wait, .zero), RetryHeaders.longestHold)
    }
}
