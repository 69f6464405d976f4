// When an invitation was issued, by the clock of the server that issued it.

package import HTTPTransport
package import Model

/// The time of issue as later answers of the same server are compared with it.
package enum IssueTime {
    /// The expiry is reckoned some time before the answer is sent.
    private static let answerTakesAtMost: Duration = .seconds(10)

    /// The time by the header `Date` of the answer that brought the invitation; nil where it has none.
    ///
    /// `Date` has whole seconds. Where the answer's expiry less the validity asked for is a moment that fits
    /// it, that is the exact time (Kratos v26.2, recordings 22); otherwise the end of that second counts:
    /// what changed within it was there before.
    package static func read(
        _ headers: HTTPHeaders,
        expiresAt: Timestamp?,
        expiresIn: Duration,
        now: Timestamp
    ) -> Timestamp? {
        guard let text = headers["date"], let date = Timestamp(httpDate: text, now: now) else { return nil }
        let end = date.advanced(by: .milliseconds(999))
        guard let exact = expiresAt?.advanced(by: .zero - expiresIn) else { return end }
        return exact <= end && exact.duration(to: date) <= answerTakesAtMost ? exact : end
    }
}
