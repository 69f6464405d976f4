// How long a server asks to be left alone: `Retry-After`, and when its limit gives way.

package import HTTPTransport
package import Vocabulary

package enum RetryHeaders {
    /// The longest wait that a header can ask for; beyond it is a mistake of the server's.
    package static let longestHold: Duration = .seconds(3600)

    /// How long a refusal asks everyone to wait: `Retry-After`, else until the limit that it announces gives way; nil
    /// where it names neither; an hour at most.
    package static func hold(in headers: HTTPHeaders, now: Timestamp) -> Duration? {
        retryAfter(in: headers, now: now) ?? LimitHeaders.announcement(in: headers, now: now)?.reset
    }

    /// `Retry-After` (RFC 9110, 10.2.3), as seconds or as a date, an hour at most; the longest where there are several.
    package static func retryAfter(in headers: HTTPHeaders, now: Timestamp) -> Duration? {
        headers.values("retry-after").compactMap { value in
            let asked =
                value.utf8.decimalNumber.map { .seconds($0) }
                ?? Timestamp(httpDate: value, now: now).map {
                    serverTime(in: headers, now: now).duration(to: $0)
                }
            return asked.map { min(max($0, .zero), longestHold) }
        }.max()
    }

    /// What the server's clock says: the answer's `Date`; ours where it has none.
    static func serverTime(in headers: HTTPHeaders, now: Timestamp) -> Timestamp {
        headers["date"].flatMap { Timestamp(httpDate: $0, now: now) } ?? now
    }
}
