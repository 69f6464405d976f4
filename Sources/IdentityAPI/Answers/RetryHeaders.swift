// How long a server asks to be left alone: `Retry-After` and `x-ratelimit-reset`.

package import HTTPTransport
package import Vocabulary
import Foundation

package enum RetryHeaders {
    /// The longest wait that a header can ask for; beyond it is a mistake of the server's.
    package static let longestHold: Duration = .seconds(3600)
    /// The wait after a 429 that names none.
    package static let defaultHold: Duration = .seconds(1)

    /// How long a 429 asks everyone to wait: `Retry-After` (seconds or a date), else `x-ratelimit-reset` (seconds),
    /// else one second; an hour at most.
    package static func hold(in response: HTTPResponse, now: Timestamp) -> Duration {
        let asked =
            response.headers["retry-after"].flatMap { retryAfter($0, now: now) }
            ?? response.headers["x-ratelimit-reset"].flatMap(seconds)
        return min(max(asked ?? defaultHold, .zero), longestHold)
    }

    /// RFC 9110, 10.2.3: whole seconds, or an HTTP date.
    static func retryAfter(_ value: String, now: Timestamp) -> Duration? {
        seconds(value) ?? date(value).map { now.duration(to: $0) }
    }

    /// Whole or decimal seconds, not negative.
    static func seconds(_ value: String) -> Duration? {
        let text = value.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let number = Double(text), number.isFinite
        else { return nil }
        return .seconds(min(number, longestHold.inSeconds))
    }

    /// An IMF-fixdate: `Fri, 20 Nov 2026 23:46:57 GMT`.
    package static func date(_ value: String) -> Timestamp? {
        let parts = value.trimmingCharacters(in: .whitespaces).split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(","),
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
