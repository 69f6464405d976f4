// Whether an invitation expires when it was asked to.

package import Model
import HTTPTransport

/// An expiry that is not the one asked for.
package enum ExpiryRemark: Hashable, Sendable {
    /// The server gives another validity than it was asked for.
    case validityIgnored(asked: Duration, given: Duration)
    /// The server's clock is that much ahead of ours; behind where negative.
    case clocksDiffer(by: Duration)
    /// It is off by that much, and the answer does not tell why.
    case unexplained(by: Duration)

    /// The difference that is worth a word.
    static let tolerance: Duration = .seconds(60)

    /// Compares an answer with what was asked for; nil when they agree.
    ///
    /// - Parameter date: the answer's `Date` header, which tells the server's clock.
    package init?(asked: Duration, expiresAt: Timestamp, date: Timestamp?, now: Timestamp) {
        let difference = now.advanced(by: asked).duration(to: expiresAt)
        guard Self.isNotable(difference) else { return nil }
        guard let date else {
            self = .unexplained(by: difference)
            return
        }
        let given = date.duration(to: expiresAt)
        self =
            Self.isNotable(given - asked)
            ? .validityIgnored(asked: asked, given: given) : .clocksDiffer(by: now.duration(to: date))
    }

    init?(asked: Duration, _ recovery: IssuedCode, _ response: HTTPResponse, now: Timestamp) {
        guard let expiresAt = recovery.expiresAt,
            Self.isNotable(now.advanced(by: asked).duration(to: expiresAt))
        else { return nil }
        let date = response.headers["date"].flatMap { Timestamp(httpDate: $0, now: now) }
        self.init(asked: asked, expiresAt: expiresAt, date: date, now: now)
    }

    private static func isNotable(_ difference: Duration) -> Bool {
        difference > tolerance || difference < .zero - tolerance
    }
}

extension ExpiryRemark: Worded {
    /// A sentence, for a warning.
    package var wording: Wording {
        switch self {
        case .validityIgnored(let asked, let given) where given <= .zero:
            "the server's invitations have expired when they come, \(given.magnitudeInWords) before: asked "
                + "for \(asked.inWords) by \(.expiresIn)"
        case .validityIgnored(let asked, let given):
            "the server does not keep to \(.expiresIn): asked for \(asked.inWords), its invitations are "
                + "valid for \(given.inWords)"
        case .clocksDiffer(let difference):
            "the server's clock is \(difference.magnitudeInWords) "
                + "\(difference < .zero ? "behind" : "ahead of") this "
                + "machine's: times of expiry are the server's"
        case .unexplained(let difference):
            "invitations expire \(difference.magnitudeInWords) "
                + "\(difference < .zero ? "earlier" : "later") than asked "
                + "for by \(.expiresIn): either the server ignores it, or its clock and this machine's differ"
        }
    }
}
