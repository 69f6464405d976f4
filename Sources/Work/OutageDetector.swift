// Whether a failure speaks against the server or against the identity that it was for.

import Pacing
import Model

/// Tells an outage from identities that fail by themselves, so that an outage ends none of them.
///
/// A server that fails for some identities only (a broken trait makes it answer 500) is asked for them
/// several times, at the end of a roster for nothing else; that must not look like an outage. So the failure
/// of an identity that failed while the server worked for others counts against the server only where nothing
/// could be sent. Of the others a further failure counts where nothing of the server's own came back, or
/// where more identities are to come, which would all fail in their turn.
struct OutageDetector: Sendable {
    /// What is known of the failures of one piece of work.
    struct Failures: Sendable {
        /// Good answers that others had got by its first failure; nil before one.
        fileprivate var goodsAtFirst: Int?
        /// The place of its latest failure among the results that count against the server.
        fileprivate var latest: Int?

        var isEmpty: Bool { goodsAtFirst == nil }

        /// Its latest failure is not to be taken for a sign of an outage any more.
        mutating func forgetLatest() { latest = nil }
    }

    /// Good answers so far.
    private var goods = 0
    /// Good answers and failures that counted against the server.
    private var results = 0

    /// As many good answers for others show that the server worked.
    private static let goodsToClear = 3
    /// A failure among so many latest results is the beginning of the outage that they show.
    private static let onset = Circuit.windowCount

    mutating func noteGood() {
        goods += 1
        results += 1
    }

    /// Whether the failure counts against the server; brings what is known of the work up to date.
    ///
    /// - Parameter hasOthers: whether identities are left that are not claimed yet.
    mutating func note(
        _ failures: inout Failures,
        _ failure: Failure,
        _ contact: Contact,
        hasOthers: Bool
    ) -> Bool {
        let isFirst = failures.goodsAtFirst == nil
        let hasFailedAlone = failures.goodsAtFirst.map { goods - $0 >= Self.goodsToClear } ?? false
        if isFirst { failures.goodsAtFirst = goods }
        let isTelling = isFirst || hasOthers || Self.isNotTheServers(failure, contact)
        let counts = contact == .notSent || (!hasFailedAlone && isTelling)
        if counts { results += 1 }
        failures.latest = counts ? results : nil
        return counts
    }

    /// Whether the work's latest failure is one of those that showed the outage which has just been noticed.
    func isOnset(_ work: StageWork) -> Bool {
        work.failures.latest.map { results - $0 < Self.onset } ?? false
    }

    /// No answer, or a gateway's.
    private static func isNotTheServers(_ failure: Failure, _ contact: Contact) -> Bool {
        contact != .answered || failure.kind == .gatewayError
            || [421, 425, 449, 460, 499, 502, 503, 504].contains(failure.httpStatus)
    }
}
