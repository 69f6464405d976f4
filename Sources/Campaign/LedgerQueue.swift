// The one thread that writes to the ledger.

import Dispatch

/// Runs blocking work on a thread of its own, one piece after the other.
///
/// It does not inherit the cancellation of the task that asks: an answer once received is committed. And it keeps
/// disk flushes away from the threads that Swift's tasks share.
package final class LedgerQueue: Sendable {
    private let queue = DispatchQueue(label: "ledger", qos: .userInitiated)

    package init() {}

    package func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }
}
