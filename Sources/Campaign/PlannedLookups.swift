// Looking up for a plan, which has no ledger to write into.

package import Providers
import Ledger
package import Pacing
import Synchronization
package import Model
package import Work

/// Looks up batch after batch of identities that are handed in, and remembers nothing of them.
package final class PlannedLookups: Sendable {
    /// Why looking up ended before its time.
    package struct Stopped: Error {
        package let reason: StopReason
    }

    private let queue = PlannedLookupQueue()
    private let runner: StageRunner
    private let running = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter options: at which rates, and how often to try.
    /// - Throws: what the runner throws of its queue; this one has no ledger, and throws nothing.
    package init(
        _ api: any IdentityLookingUp,
        options: StageOptions,
        time: TimeSource,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws {
        var options = options
        options.claimsPerRequest = 1
        runner = try StageRunner(
            LookupStage(api),
            queue: queue,
            on: SerialQueue(label: "look-ups"),
            options: options,
            isEnrolling: true,
            time: time,
            random: random
        )
    }

    /// The identities with these IDs that there are; one call at a time.
    ///
    /// - Throws: `Stopped`.
    package func identities(_ ids: [IdentityID]) async throws -> [ListedIdentity] {
        guard !ids.isEmpty else { return [] }
        begin()
        return try await withCheckedThrowingContinuation { continuation in
            queue.ask(for: ids, continuation)
            runner.enrolled(ids.count)
        }
    }

    /// Nobody is to be looked up any more; on return nothing is under way.
    package func end() async {
        runner.enrolmentEnded()
        await running.withLock { $0.take() }?.value
    }

    private func begin() {
        running.withLock { running in
            if running != nil { return }
            running = Task { [runner, queue] in queue.stopped(await runner.run().stop) }
        }
    }
}

/// The identities that are to be looked up, in memory.
private final class PlannedLookupQueue: StageQueue {
    private struct State {
        var waiting: ArraySlice<IdentityID> = []
        /// Those whose end is not known yet.
        var open = 0
        var found: [ListedIdentity] = []
        var asking: CheckedContinuation<[ListedIdentity], any Error>?
        var stop: StopReason?
    }

    private let state = Mutex(State())

    func ask(for ids: [IdentityID], _ continuation: CheckedContinuation<[ListedIdentity], any Error>) {
        let stop = state.withLock { state in
            guard state.stop == nil else { return state.stop }
            (state.waiting, state.open, state.found) = (ids[...], ids.count, [])
            state.asking = continuation
            return nil
        }
        if let stop { continuation.resume(throwing: PlannedLookups.Stopped(reason: stop)) }
    }

    func stopped(_ reason: StopReason?) {
        let asking = state.withLock { state in
            state.stop = reason
            return state.asking.take()
        }
        // Nobody is left waiting, whyever it ended.
        asking?.resume(throwing: reason.map(PlannedLookups.Stopped.init) ?? CancellationError())
    }

    func commit(
        _ results: [StageResult<[ListedIdentity]>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) -> Committed {
        let (claims, found, asking) = state.withLock { state in
            for result in results {
                guard case .done(let found) = result.outcome else { continue }
                state.found += found
                state.open -= result.claims.count
            }
            let claims = state.waiting.prefix(claiming).enumerated().map { place, identity in
                Claim(sequence: Int64(place), identityID: identity, wasInDoubt: false)
            }
            state.waiting = state.waiting.dropFirst(claims.count)
            return (claims, state.found, state.open == 0 ? state.asking.take() : nil)
        }
        asking?.resume(returning: found)
        return Committed(claims: claims)
    }

    func requests(since time: Timestamp) -> [RequestsInSecond] { [] }
}
