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
        // Byte by byte: where the clocks differ, every answer's is read.
        let parts = value.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 6, parts[5].elementsEqual("GMT".utf8), parts[0].last == UInt8(ascii: ","),
            let month = months.firstIndex(where: { parts[2].elementsEqual($0.utf8) })
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(
            rfc3339: "\(Substring(parts[3]))-\(number)-\(Substring(parts[1]))T\(Substring(parts[4]))Z"
        )
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
