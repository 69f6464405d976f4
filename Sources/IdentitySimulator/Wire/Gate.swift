// Lets a test say when a held answer may go.

import Synchronization

/// A door that is opened once: what waits for it goes on then, what comes later goes on at once.
package final class Gate: Sendable {
    /// Those who wait; nil once the gate is open.
    private let waiting = Mutex<[@Sendable () -> Void]?>([])

    package init() {}

    package func open() {
        let released = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for action in released { action() }
    }

    func whenOpen(_ action: @escaping @Sendable () -> Void) {
        let isOpen = waiting.withLock { waiting in
            waiting?.append(action)
            return waiting == nil
        }
        if isOpen { action() }
    }
}
