// A thread of its own for work that blocks: one writes to the ledger, one reads the roster.

import Dispatch

/// Runs blocking work on a thread of its own, one piece after the other.
///
/// It does not inherit the cancellation of the task that asks: an answer once received is committed. And it
/// keeps disk flushes, and pipes that give nothing, away from the threads that Swift's tasks share.
package final class SerialQueue: Sendable {
    private let queue: DispatchQueue

    package init(label: String = "ledger") {
        queue = DispatchQueue(label: label, qos: .userInitiated)
    }

    /// Runs it sometime; nobody waits.
    package func async(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

    package func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await result(body).get()
    }

    /// The same, where a failure is to be looked at later.
    package func result<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async -> Result<T, any Error>
    {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
    }
}
