// A thread beside those of the language: what blocks there keeps no task waiting.

import CCurl

/// A thread that runs something that may block to its end, with signals blocked.
package final class BlockingThread {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// False where there is no thread to be had.
    package static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        let context = Unmanaged.passRetained(BlockingThread(body))
        let started = ccurl_thread_start(
            { context in Unmanaged<BlockingThread>.fromOpaque(context).takeRetainedValue().body() },
            context.toOpaque()
        )
        guard let started else {
            context.release()
            return false
        }
        ccurl_thread_detach(started)
        return true
    }
}
