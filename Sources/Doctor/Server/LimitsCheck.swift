// Whether the limits in force keep within those that the server announces.

import HTTPTransport
import Providers
import Model

/// Compares the limits of `--rate` or the plan with those in the headers of an answer of the issuing
/// endpoint.
struct LimitsCheck {
    /// The limits in force; empty where requests go as fast as they are answered.
    let rates: [Rate]
    /// When the answer came, by this machine's clock.
    let now: Timestamp

    func finding(_ reply: Reply) -> Finding {
        guard case .success(let response) = reply else { return .skipped(.limits, "there was no answer") }
        // No window and no count is nothing to compare with.
        guard let announced = LimitHeaders.announcement(in: response.headers, now: now),
            !announced.windows.isEmpty || announced.limit != nil
        else {
            return .ok(.limits, "the server announces none; \(inForce)")
        }
        let text = Self.words(announced)
        guard let exceeded = announced.windows.first(where: { most(within: $0.window) > $0.count }) else {
            return .ok(.limits, "the server announces \(text); \(inForce)")
        }
        let advice: [Wording] = announced.windows.map {
            "\(.rate, "\($0.count)/\(Self.unit($0.window) ?? "…")")"
        }
        let canBeSaid = announced.windows.allSatisfy { Self.unit($0.window) != nil }
        return .warning(
            .limits,
            "the server announces \(text), which is exceeded: \(inForce)",
            canBeSaid
                ? "run with \(advice.joined(separator: " ")), or less where others use the same limits"
                : "lower \(.rate) to at most \(exceeded.count) requests in \(exceeded.window.inWords)"
        )
    }

    private var inForce: String {
        rates.isEmpty
            ? "none in force, requests go as fast as they are answered"
            : "in force are \(rates.inWords)"
    }

    /// The most requests that the limits in force let through in a window.
    ///
    /// The shortest of them is spaced evenly, a longer one may be used up at once.
    func most(within window: Duration) -> Int {
        let sorted = rates.sorted { $0.window < $1.window }
        return sorted.enumerated().map { index, rate in
            let windows = window / rate.window
            if index > 0, windows < 1 { return rate.count }
            let most = (Double(rate.count) * (index == 0 ? windows : windows.rounded(.up))).rounded(.up)
            return most < Double(Int32.max) ? Int(most) : Int(Int32.max)
        }.min() ?? .max
    }

    private static func words(_ announced: LimitAnnouncement) -> String {
        var text = announced.windows.map { "\($0.count) in \(shown($0.window))" }.joined(separator: " and ")
        if announced.windows.isEmpty, let limit = announced.limit {
            text = "\(limit) in a time that it does not tell"
        }
        if let remaining = announced.remaining { text += " (\(remaining) left)" }
        return text
    }

    private static func shown(_ window: Duration) -> String {
        switch window {
        case .seconds(1): "a second"
        case .seconds(60): "a minute"
        case .seconds(3600): "an hour"
        default: window.inWords
        }
    }

    /// As `--rate` takes it.
    private static func unit(_ window: Duration) -> String? {
        switch window {
        case .seconds(1): "s"
        case .seconds(60): "m"
        case .seconds(3600): "h"
        default: nil
        }
    }
}
