// What a run is told from outside: to stop, and by when.

package import Pacing
import Synchronization
package import Work

/// Why and when a run is to stop: one object, handed down to everything that works for the run.
///
/// Signals, the deadline, a damaged ledger and a broken roster all end in `requestStop`. Whoever works looks
/// at `stop`, or awaits `untilStopped`; nothing is called back.
package final class RunControl: StopSignal {
    private struct State {
        var stop: StopReason?
        var signal: String?
        var isWorking = false
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<StopReason?, Never>] = [:]
        /// Waiters whose task was cancelled before they waited.
        var cancelled: Set<Int> = []
    }

    /// When the run is to stop, by the time source's elapsed time; nil for never.
    package let deadline: Duration?
    private let time: TimeSource
    private let state = Mutex(State())
    /// Whether there is a reason, so that looking costs next to nothing while there is none.
    private let isStopping = Atomic(false)

    /// - Parameter durationMax: how long the run may take from now on; nil for any time.
    package init(time: TimeSource, durationMax: Duration? = nil) {
        self.time = time
        deadline = durationMax.map { time.elapsed() + $0 }
    }

    /// Why the run is to stop; nil while it is not.
    package var stop: StopReason? {
        isStopping.load(ordering: .acquiring) ? state.withLock(\.stop) : nil
    }

    /// The first signal that came, such as `sigint`; nil while none has.
    package var signal: String? { state.withLock(\.signal) }

    /// Whether there is work that a first signal lets come to an end.
    package var isWorking: Bool { state.withLock(\.isWorking) }

    /// From now on there is work that a first signal lets come to an end.
    package func workBegins() { state.withLock { $0.isWorking = true } }

    /// Stops the run.
    ///
    /// The first reason stays, unless a later one outweighs it.
    package func requestStop(_ reason: StopReason) {
        let waiters = state.withLock { state -> [CheckedContinuation<StopReason?, Never>] in
            if let known = state.stop, !reason.outweighs(known) { return [] }
            state.stop = reason
            isStopping.store(true, ordering: .releasing)
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: reason) }
    }

    /// Stops the run for a signal.
    ///
    /// - Returns: whether it is the first signal.
    package func requestStop(bySignal signal: String) -> Bool {
        let isFirst = state.withLock { state in
            guard state.signal == nil else { return false }
            state.signal = signal
            return true
        }
        if isFirst { requestStop(.signal(signal)) }
        return isFirst
    }

    /// Returns when the run is to stop; nil where the task is cancelled first.
    package func untilStopped() async -> StopReason? {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> StopReason?? in
                    if let stop = state.stop { return .some(stop) }
                    if state.cancelled.remove(number) != nil { return .some(nil) }
                    state.waiters[number] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: number)
                if waiter == nil { state.cancelled.insert(number) }
                return waiter
            }
            waiter?.resume(returning: nil)
        }
    }

    /// Does work that is cancelled when the run is to stop; nil where it was cancelled before it came to an
    /// end.
    ///
    /// - Throws: what the work throws.
    package func cancelling<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T?
    {
        let task = Task { try await work() }
        let watching = Task { if await untilStopped() != nil { task.cancel() } }
        defer { watching.cancel() }
        do { return try await task.value } catch is CancellationError { return nil }
    }

    /// Stops the run when its time is over; returns then, or when the task is cancelled.
    package func keepDeadline() async {
        guard let deadline else { return }
        do { try await time.sleep(deadline) } catch { return }
        requestStop(.maxDuration)
    }
}
