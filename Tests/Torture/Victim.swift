// The process that signals go to.

import Glibc
import Synchronization

/// A process that may not have started yet, or have ended already.
final class Victim: Sendable {
    private enum State {
        /// Not started; signals that have come by then wait for it.
        case awaited([Int32])
        case alive(Int32)
        case ended
    }

    private let state = Mutex(State.awaited([]))
    private let sent = Mutex<[Int32]>([])

    /// The signals that went to it while it lived.
    var signals: [Int32] { sent.withLock { $0 } }

    func started(_ process: Int32) {
        state.withLock { state in
            guard case .awaited(let waiting) = state else { return }
            for signal in waiting { deliver(signal, to: process) }
            state = .alive(process)
        }
    }

    /// It has been waited for: its number may be another process' from now on.
    func ended() { state.withLock { $0 = .ended } }

    func send(_ signal: Int32) {
        state.withLock { state in
            switch state {
            case .awaited(let waiting): state = .awaited(waiting + [signal])
            case .alive(let process): deliver(signal, to: process)
            case .ended: break
            }
        }
    }

    private func deliver(_ signal: Int32, to process: Int32) {
        if kill(process, signal) == 0 { sent.withLock { $0.append(signal) } }
    }
}
