// Identities whose tries are used up, until it is known whether that was an outage.

import Ledger
import Model

/// A failure for the last time, unless it turns out that an outage begins.
struct LastTry: Sendable {
    var work: StageWork
    let failure: FailureRecord
    let isAmbiguous: Bool
    let wasSent: Bool
    let at: Duration
}

/// Last tries that are not yet judged, in the order in which they failed.
struct LastTries: Sendable {
    private(set) var all: [LastTry] = []

    var isEmpty: Bool { all.isEmpty }
    var count: Int { all.count }
    /// Whether nothing could be sent for one of them: that is nobody's own fault.
    var hasUnsent: Bool { all.contains { !$0.wasSent } }

    mutating func add(_ last: LastTry) { all.append(last) }

    mutating func takeAll() -> [LastTry] {
        defer { all = [] }
        return all
    }

    /// Takes those that had failed by a time.
    mutating func take(failedBy time: Duration) -> [LastTry] {
        let taken = all.filter { $0.at <= time }
        all.removeAll { $0.at <= time }
        return taken
    }
}
