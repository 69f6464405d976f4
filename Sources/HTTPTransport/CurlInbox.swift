// Where callers leave their requests for the transport's thread, and how they wake it.

import CCurl
import Synchronization

/// A request, and who awaits its answer.
struct CurlSubmission: Sendable {
    enum Purpose {
        case send
        /// Only to look at the server's certificates, whatever they are: nothing is sent.
        case look
    }

    let request: HTTPRequest
    let purpose: Purpose
    let continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>
}

/// The locked list between the callers and the transport's thread.
///
/// Waking the thread costs a system call, so it is done only while the thread sleeps, and once per sleep.
///
/// `@unchecked Sendable`: `multi` is immutable, and only `curl_multi_wakeup` is called on it here, which
/// libcurl allows from any thread as long as the handle lives; `wakers` keeps the thread from freeing it
/// meanwhile (``close()``).
final class CurlInbox: @unchecked Sendable {
    private struct State {
        var waiting: [CurlSubmission] = []
        var isSleeping = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wakers = Atomic(0)
    private let multi: UnsafeMutableRawPointer

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    // MARK: The callers' side

    func submit(_ submission: CurlSubmission) {
        let (isAccepted, wakes) = state.withLock { state in
            guard !state.isStopping else { return (false, false) }
            state.waiting.append(submission)
            return (true, claimsWakeup(&state))
        }
        if wakes { wake() }
        if !isAccepted {
            submission.continuation.resume(returning: .failure(.stopped(wasSent: false, status: nil)))
        }
    }

    func stop() {
        let wakes = state.withLock { state in
            state.isStopping = true
            return claimsWakeup(&state)
        }
        if wakes { wake() }
    }

    private func claimsWakeup(_ state: inout State) -> Bool {
        guard state.isSleeping else { return false }
        state.isSleeping = false
        wakers.add(1, ordering: .relaxed)
        return true
    }

    private func wake() {
        curl_multi_wakeup(multi)
        wakers.subtract(1, ordering: .releasing)
    }

    // MARK: The thread's side

    /// Takes everything that waits, in exchange for an empty array with room for more; false when it is time
    /// to stop.
    func take(_ submissions: inout [CurlSubmission]) -> Bool {
        state.withLock { state in
            state.isSleeping = false
            swap(&state.waiting, &submissions)
            return !state.isStopping
        }
    }

    /// Whether there is nothing to do: from then on, whoever has something wakes the thread.
    func maySleep() -> Bool {
        state.withLock { state in
            state.isSleeping = state.waiting.isEmpty && !state.isStopping
            return state.isSleeping
        }
    }

    /// Waits until nobody touches the multi handle any more, and nobody will: the thread has seen the stop,
    /// and has not slept since.
    func close() {
        while wakers.load(ordering: .acquiring) > 0 { ccurl_thread_yield() }
    }
}

extension TransportError {
    static func stopped(wasSent: Bool, status: Int?) -> TransportError {
        TransportError(
            kind: .transportStopped,
            wasSent: wasSent,
            status: status,
            message: "the transport was stopped"
        )
    }
}
