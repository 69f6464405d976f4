// Which thread sends which mail.

import Synchronization

/// The threads of a relay, as many as connections may be open, and the mails that wait for one.
final class SMTPPool: Sendable {
    enum Next {
        case job(SMTPJob)
        /// Until `wake`.
        case sleep
        case end
    }

    private struct State {
        var waiting: [SMTPJob] = []
        /// The first of `waiting` that is still there.
        var first = 0
        /// Those that sleep; the last to fall asleep is woken first, so that few connections are in use.
        var asleep: [SMTPWorker] = []
        var workerCount = 0
        var isClosing = false
        var closers: [CheckedContinuation<Void, Never>] = []

        mutating func popFirst() -> SMTPJob? {
            guard first < waiting.count else { return nil }
            defer {
                first += 1
                if first >= 64, first * 2 >= waiting.count {
                    waiting.removeFirst(first)
                    first = 0
                }
            }
            return waiting[first]
        }
    }

    private let configuration: SMTPConfiguration
    private let state = Mutex(State())

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
    }

    /// Sends a mail as soon as a thread is free; the task's cancellation changes nothing.
    func send(
        _ mail: OutgoingMail,
        _ credential: SMTPCredential,
        onSend: (@Sendable () -> Void)?
    ) async -> MailOutcome {
        await withCheckedContinuation { continuation in
            let job = SMTPJob(mail: mail, credential: credential, onSend: onSend, continuation: continuation)
            submit(job)
        }
    }

    private enum Submission {
        case wake(SMTPWorker), start, wait, refuse
    }

    private func submit(_ job: SMTPJob) {
        let submission: Submission = state.withLock { state in
            if state.isClosing { return .refuse }
            if let worker = state.asleep.popLast() { return .wake(worker) }
            if state.workerCount < max(1, configuration.connections) {
                state.workerCount += 1
                return .start
            }
            state.waiting.append(job)
            return .wait
        }
        switch submission {
        case .wait: break
        case .wake(let worker): worker.wake(with: job)
        case .refuse: job.continuation.resume(returning: .notTaken("the relay's connections are closed"))
        case .start:
            if SMTPWorker.start(self, configuration, with: job) { return }
            ended()
            job.continuation.resume(returning: .notTaken("there is no thread for a connection"))
        }
    }

    /// What a worker does that has sent its mail.
    func next(for worker: SMTPWorker) -> Next {
        state.withLock { state in
            if let job = state.popFirst() { return .job(job) }
            if state.isClosing { return .end }
            state.asleep.append(worker)
            return .sleep
        }
    }

    /// A worker's thread is over.
    func ended() {
        let closers = state.withLock { state in
            state.workerCount -= 1
            guard state.workerCount == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    /// Lets the threads end once nothing waits for them.
    func beginClosing() {
        let asleep = state.withLock { state in
            state.isClosing = true
            defer { state.asleep = [] }
            return state.asleep
        }
        for worker in asleep { worker.wake(with: nil) }
    }

    func close() async {
        beginClosing()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.workerCount > 0 { state.closers.append(continuation) }
                return state.workerCount == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
