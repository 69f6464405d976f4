// The pages of all sessions as a queue of work: one claim is one page.

import Providers
import Ledger
import Synchronization
import Model
import Work

/// Walks over the sessions of all identities, the latest first, and records which invitations were redeemed.
///
/// It ends where sessions are older than every invitation that may have been redeemed, or where so many
/// pages were asked for that asking for single identities takes no more.
final class SessionQueue: StageQueue {
    private struct State {
        var pages = 0
        /// What asks for the page that is claimed next; nil for the first one.
        var token: String?
        /// Whether a page is claimed, or there are no more.
        var isClaimed = false
        var isAtEnd = false
        var tally = SyncTally()
        var failure: (any Error)?
    }

    private let ledger: any WorkQueue
    /// When the first of the invitations was issued that may have been redeemed.
    private let since: Timestamp
    private let pagesMax: Int
    private let state = Mutex(State())

    init(_ ledger: any WorkQueue, since: Timestamp, pagesMax: Int) {
        self.ledger = ledger
        self.since = since
        self.pagesMax = pagesMax
    }

    var tally: SyncTally { state.withLock(\.tally) }
    var failure: (any Error)? { state.withLock(\.failure) }
    /// What asks for the page that is claimed.
    var token: String? { state.withLock(\.token) }
    /// Whether every session was seen that matters.
    var isComplete: Bool { state.withLock(\.isAtEnd) }

    func commit(
        _ results: [StageResult<SessionPage>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        var work = state.withLock(\.self)
        work.failure = nil
        defer { state.withLock { $0 = work } }
        do {
            for result in results {
                if case .tryingAgain = result.outcome { continue }
                work.isClaimed = false
                if case .done(let page) = result.outcome { try take(page, &work, at: time) }
            }
        } catch {
            work.failure = error
            throw error
        }
        guard claiming > 0, !work.isClaimed, !work.isAtEnd, work.pages < pagesMax else {
            return Committed()
        }
        work.isClaimed = true
        work.pages += 1
        let page = Claim(sequence: Int64(work.pages), identityID: .null, wasInDoubt: false)
        return Committed(claims: [page])
    }

    func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try ledger.lookupRequests(since: time)
    }

    private func take(_ page: SessionPage, _ state: inout State, at now: Timestamp) throws {
        var byIdentity: [IdentityID: [ShownSession]] = [:]
        for session in page.sessions {
            guard let identity = session.identity else { continue }
            byIdentity[identity, default: []].append(session)
        }
        let candidates = try ledger.activationCandidates(Array(byIdentity.keys))
            .filter { $0.known?.state == .unused }
        let results = candidates.compactMap { candidate in
            byIdentity[candidate.identityID].flatMap(candidate.result)
        }
        try ledger.recordActivations(results, at: now)
        state.tally.note(results, of: candidates)
        let oldest = page.sessions.last?.authenticatedAt
        state.isAtEnd = page.next == nil || page.next == state.token || oldest.map { $0 < since } ?? false
        state.token = page.next
    }
}
