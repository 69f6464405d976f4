// What headers say of limits: numbers that the pacing can count on.

import HTTPTransport
import Providers
import Pacing
import Model

enum HeaderHarness {
    /// Moments that a clock may show: 1970, 2026, 2060, the last second of the year 9999.
    private static let moments = [0, 1_795_218_417_000, 2_840_140_800_000, 253_402_300_799_000]
        .map { Timestamp(milliseconds: $0) }

    /// The input's lines are `Retry-After`, `Date`, and `Retry-After` again.
    static func retryAfter(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        let now = input.choose(moments)
        let lines = input.lines
        let fields = zip(["Retry-After", "Date", "retry-after"], lines).map {
            HTTPHeader(name: $0, value: $1)
        }
        let headers = HTTPHeaders(fields)
        for hold in [
            RetryHeaders.retryAfter(in: headers, now: now), RetryHeaders.hold(in: headers, now: now),
        ] {
            try check(hold: hold)
        }
        for line in lines {
            guard let moment = Timestamp(httpDate: line, now: now) else { continue }
            let text = moment.rfc3339
            // A leap second may end the last year that can be written.
            guard moment < Timestamp(milliseconds: 253_402_300_800_000) else { continue }
            try require(Timestamp(rfc3339: text) == moment, "the date \(text) changes when it is written")
        }
    }

    /// The input's lines are fields: `name: value`.
    static func rateLimits(_ bytes: [UInt8]) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        let now = input.choose(moments)
        let headers = HTTPHeaders(
            input.lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return HTTPHeader(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
            }
        )
        try check(hold: RetryHeaders.hold(in: headers, now: now))
        guard let announcement = LimitHeaders.announcement(in: headers, now: now) else { return }
        try check(announcement)
        try learn(announcement)
    }

    private static func check(hold: Duration?) throws(BrokenProperty) {
        guard let hold else { return }
        try require(hold >= .zero && hold <= RetryHeaders.longestHold, "everyone is held for \(hold)")
    }

    private static func check(_ announcement: LimitAnnouncement) throws(BrokenProperty) {
        try check(hold: announcement.reset)
        let counts = announcement.windows.map(\.count) + [announcement.limit].compactMap { $0 }
        try require(counts.allSatisfy { 1...Rate.countMax ~= $0 }, "a limit of \(counts)")
        if let remaining = announcement.remaining {
            try require(0...Rate.countMax ~= remaining, "\(remaining) are left")
        }
        let windows = announcement.windows.map(\.window)
        try require(windows.count <= 32, "\(windows.count) windows")
        try require(windows.allSatisfy { $0 <= .seconds(366 * 86_400) }, "a window of more than a year")
        try require(
            zip(windows, windows.dropFirst()).allSatisfy { $0 < $1 },
            "windows that are not in order, or twice"
        )
    }

    /// The arithmetic of the pace takes what was announced, and lets a request start some time.
    private static func learn(_ announcement: LimitAnnouncement) throws(BrokenProperty) {
        var limit = RateLimit(rates: [Rate(count: 8, window: .seconds(1))], share: 0.29)
        var now: Duration = .seconds(1)
        guard case .go(let permit) = limit.request(at: now) else {
            throw BrokenProperty(description: "the first request has to wait")
        }
        limit.sent(permit, at: now)
        now += .milliseconds(20)
        limit.answered(permit, at: now)
        limit.learn(announcement, from: permit, at: now)
        limit.refused(permit, at: now, retryAfter: announcement.reset)
        let longest: Duration = .seconds(366 * 86_400 * 5)
        for _ in 0..<3 {
            guard case .wait(let until) = limit.request(at: now) else { return }
            try require(until > now && until - now <= longest, "a request waits until \(until)")
            now = until
        }
    }
}
