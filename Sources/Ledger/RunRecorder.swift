// What a run tells of itself, until the ledger has it.

import Synchronization
package import Model

/// Takes a run's events and figures from any thread, and hands them to the run's next commit or renewal.
///
/// It costs no transaction of its own: what was not handed over when the process dies is lost with it. A
/// bucket is handed over when its time has passed, or with the run's end.
package final class RunRecorder: Sendable {
    private let state = Mutex(State())

    private struct State {
        var events: [NotableEvent] = []
        /// In the order of time.
        var buckets: [RunBucket] = []
        var failure: String?
    }

    /// As many events wait for a ledger that takes none, and as many buckets; then the oldest are merged or
    /// left out.
    private static let waitingMax = 1000

    package init() {}

    /// Why the ledger did not take something, the first time, in a sentence; nil where it took all.
    package var failure: String? { state.withLock(\.failure) }

    /// The ledger goes on without what was taken last.
    package func failed(_ sentence: String) {
        state.withLock { state in
            if state.failure == nil { state.failure = sentence }
        }
    }

    package func note(_ event: NotableEvent) {
        state.withLock { state in
            state.events.append(event)
            if state.events.count > Self.waitingMax { state.events.removeFirst() }
        }
    }

    /// Adds figures to those of the same time.
    package func add(_ bucket: RunBucket) {
        state.withLock { Self.insert(bucket, into: &$0) }
    }

    /// What is to be written by now, which is not kept any longer.
    ///
    /// - Parameter isEnd: whether all of it is, as the run ends.
    package func take(at time: Timestamp, isEnd: Bool = false) -> RunHistory {
        state.withLock { state in
            guard !state.events.isEmpty || !state.buckets.isEmpty else { return RunHistory() }
            let count = isEnd ? state.buckets.count : state.buckets.prefix { $0.isOver(at: time) }.count
            let notes = RunHistory(events: state.events, buckets: Array(state.buckets.prefix(count)))
            state.buckets.removeFirst(count)
            state.events = []
            return notes
        }
    }

    /// Takes back what could not be written.
    package func putBack(_ notes: RunHistory) {
        state.withLock { state in
            state.events.insert(contentsOf: notes.events, at: 0)
            state.events = state.events.suffix(Self.waitingMax)
            for bucket in notes.buckets { Self.insert(bucket, into: &state) }
        }
    }

    private static func insert(_ bucket: RunBucket, into state: inout State) {
        let place = state.buckets.lastIndex { $0.begin <= bucket.begin }
        if let place, state.buckets[place].begin == bucket.begin {
            state.buckets[place].merge(bucket)
        } else {
            state.buckets.insert(bucket, at: place.map { $0 + 1 } ?? 0)
        }
        if state.buckets.count > waitingMax {
            // Their time is the first one's.
            let second = state.buckets.remove(at: 1)
            state.buckets[0].merge(second)
        }
    }
}

/// What a run has to tell, on its way into the ledger.
package struct RunHistory: Equatable, Sendable {
    package var events: [NotableEvent] = []
    package var buckets: [RunBucket] = []

    package var isEmpty: Bool { events.isEmpty && buckets.isEmpty }

    package init(events: [NotableEvent] = [], buckets: [RunBucket] = []) {
        self.events = events
        self.buckets = buckets
    }
}
