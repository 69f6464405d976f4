// What a run has brought: the counts of a night.

import Exports
import Ledger
import Synchronization
import Model

/// What a run has brought, in numbers of identities.
package struct RunGains: Hashable, Sendable {
    /// Those who have got their first invitation.
    package var issued = 0
    /// Those who had one, and have got another.
    package var reissued = 0
    /// Those who are known to have activated since the run before.
    package var activated = 0
    package var failed = 0
    package var handedOver = 0
    /// Those for whom nothing more is issued, as they have got as many invitations as they may.
    package var givenUp = 0

    package init() {}

    package var isEmpty: Bool { self == RunGains() }
}

/// Notes what only a run's events tell of its gains.
final class RunGainsBook: Sendable {
    private struct State {
        var activated = 0
        var batches: [BatchOutputs.Written] = []
    }

    private let state = Mutex(State())

    /// The batches that were written, in the order of writing.
    var batches: [BatchOutputs.Written] { state.withLock(\.batches) }

    func hear(_ event: RunEvent) {
        switch event {
        case .synced(let tally): state.withLock { $0.activated += tally.activated }
        case .handedOver(let batch): state.withLock { $0.batches.append(batch) }
        default: break
        }
    }

    /// The gains of a run that has issued and failed so many.
    func gains(of run: RunID, _ progress: RunProgress, _ ledger: any LedgerReader) throws -> RunGains {
        var gains = RunGains()
        gains.reissued = try ledger.reissuedCount(by: run)
        gains.issued = max(0, progress.issued - gains.reissued)
        gains.failed = progress.failed
        gains.givenUp = try ledger.givenUpCount(by: run)
        let state = state.withLock(\.self)
        gains.activated = state.activated
        gains.handedOver = state.batches.filter { $0.batch.kind == .new }.reduce(0) { $0 + $1.batch.rows }
        return gains
    }
}
