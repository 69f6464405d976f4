// How long a server asks to be left alone: `Retry-After`, and when its limit gives way.

package import HTTPTransport
package import Model

package enum RetryHeaders {
    /// The longest wait that a header can ask for; beyond it is a mistake of the server's.
    package static let longestHold: Duration = .seconds(3600)

    /// How long a refusal asks everyone to wait: `Retry-After`, else until the limit that it announces gives
    /// way; nil where it names neither; an hour at most.
    package static func hold(in headers: HTTPHeaders, now: Timestamp) -> Duration? {
        retryAfter(in: headers, now: now) ?? LimitHeaders.announcement(in: headers, now: now)?.reset
    }

    /// `Retry-After` (RFC 9110, 10.2.3), as seconds or as a date, an hour at most; the longest where there
    /// are several.
    ///
    /// Some servers write a moment as seconds, or as milliseconds, since 1970.
    package static func retryAfter(in headers: HTTPHeaders, now: Timestamp) -> Duration? {
        headers.values("retry-after").compactMap { value in
            let asked =
                value.utf8.decimalNumber.map { moment($0, headers, now) ?? .seconds($0) }
                ?? Timestamp(httpDate: value, now: now).map {
                    serverTime(in: headers, now: now).duration(to: $0)
                }
            return asked.map { min(max($0, .zero), longestHold) }
        }.max()
    }

    /// How long it is until a moment in seconds, or in parts of them, since 1970; nil where the number is no
    /// such moment.
    ///
    /// As a delay it would be of decades; as a moment it is within a year of the clock.
    private static func moment(_ number: Double, _ headers: HTTPHeaders, _ now: Timestamp) -> Duration? {
        let clock = Double(serverTime(in: headers, now: now).milliseconds) / 1000
        for unit in [1.0, 1e3, 1e6, 1e9] where abs(number / unit - clock) < yearSeconds {
            return .milliseconds(((number / unit - clock) * 1000).rounded())
        }
        return nil
    }

    private static let yearSeconds = 366 * 86_400.0

    /// What the server's clock says: the answer's `Date`; ours where it has none.
    static func serverTime(in headers: HTTPHeaders, now: Timestamp) -> Timestamp {
        headers["date"].flatMap { Timestamp(httpDate: $0, now: now) } ?? now
    }
}
