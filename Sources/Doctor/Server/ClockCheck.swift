// Whether the server and this machine agree on the time.

import HTTPTransport
import Providers
import Model

/// Compares the `Date` of an answer with the time at which it came.
struct ClockCheck {
    /// When the answer came, by this machine's clock.
    let now: Timestamp

    /// The difference that is worth a word.
    static let differenceMax: Duration = .seconds(60)
    /// What cannot be told apart: `Date` has whole seconds, and the answer was on its way.
    static let resolution: Duration = .seconds(2)

    func finding(_ reply: Reply) -> Finding {
        guard case .success(let response) = reply else { return .skipped(.clock, "there was no answer") }
        guard let date = response.headers["date"].flatMap({ Timestamp(httpDate: $0, now: now) }) else {
            return .skipped(.clock, "the server's answers have no date")
        }
        let ahead = now.duration(to: date)
        let difference = ahead.magnitudeInWords
        guard ahead > Self.differenceMax || ahead < .zero - Self.differenceMax else {
            let agrees = ahead.inSeconds.magnitude < Self.resolution.inSeconds
            return .ok(.clock, agrees ? "the clocks agree" : "the clocks differ by \(difference)")
        }
        return .warning(
            .clock,
            "the server's clock is \(difference) \(ahead > .zero ? "ahead of" : "behind") this machine's",
            "set whichever is wrong (NTP): codes expire by the server's clock"
        )
    }
}
