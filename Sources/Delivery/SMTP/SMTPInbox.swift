// What comes to the thread of a relay from other threads.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A connection that a thread has made, or why there is none.
///
/// `@unchecked Sendable`: `SMTPLoop.connect` makes the connection in a thread that puts it into the inbox as
/// the last thing that it does, and keeps no reference; `SMTPInbox.take`, under the inbox's lock, gives it to
/// the loop's thread, which alone uses it from then on.
struct SMTPConnected: @unchecked Sendable {
    let place: Int
    /// Nil only beside a failure.
    let connection: SMTPConnection?
    let result: Result<SMTPExtensions, SMTPRefusal>
}

/// The mails and connections that the loop has not taken yet; it starts the loop's thread, and wakes it.
final class SMTPInbox: Sendable {
    struct News {
        var jobs: [SMTPJob] = []
        var connected: [SMTPConnected] = []
        var isClosing = false
    }

    private struct State {
        var news = News()
        var isStarted = false
        var isEnded = false
        /// Whether the thread sleeps, or is about to.
        var isAsleep = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: SMTPConfiguration
    private let state = Mutex(State())
    /// A pipe: a byte in it wakes the thread; -1 where there is none.
    let sleepEnd: Int32
    private let wakeEnd: Int32

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (sleepEnd, wakeEnd) = (ends[0], ends[1])
    }

    deinit {
        for end in [sleepEnd, wakeEnd] where end >= 0 { closeDescriptor(end) }
    }

    // MARK: - From anywhere

    /// Sends a mail as soon as a connection is free; the task's cancellation changes nothing.
    func send(
        _ mail: OutgoingMail,
        _ credential: SMTPCredential,
        onSend: (@Sendable () -> Void)?
    ) async -> MailOutcome {
        await withCheckedContinuation { continuation in
            submit(
                SMTPJob(mail: mail, credential: credential, onSend: onSend, continuation: continuation)
            )
        }
    }

    private enum Submission {
        case start, done, refuse
    }

    private func submit(_ job: SMTPJob) {
        let (submission, isAsleep): (Submission, Bool) = state.withLock { state in
            guard !state.news.isClosing, sleepEnd >= 0 else { return (.refuse, false) }
            state.news.jobs.append(job)
            defer { (state.isStarted, state.isAsleep) = (true, false) }
            return (state.isStarted ? .done : .start, state.isAsleep)
        }
        switch submission {
        case .done: if isAsleep { wake() }
        case .refuse: job.continuation.resume(returning: .notTaken("the relay's connections are closed"))
        case .start:
            if SMTPLoop.start(configuration, self) { return }
            let jobs = state.withLock { state in
                state.isStarted = false
                defer { state.news.jobs = [] }
                return state.news.jobs
            }
            for job in jobs {
                job.continuation.resume(returning: .notTaken("there is no thread for a relay"))
            }
        }
    }

    /// A thread has connected, or failed to.
    func put(_ connected: SMTPConnected) {
        let isAsleep = state.withLock { state in
            state.news.connected.append(connected)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if isAsleep { wake() }
    }

    /// Lets the thread end once nothing waits for it.
    func beginClosing() {
        let isAsleep = state.withLock { state in
            state.news.isClosing = true
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if isAsleep { wake() }
    }

    func close() async {
        beginClosing()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isStarted, !state.isEnded {
                    state.closers.append(continuation)
                    return false
                }
                return true
            }
            if isOver { continuation.resume() }
        }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeEnd, &byte, 1)
    }

    // MARK: - From the thread

    func take(_ news: inout News) {
        state.withLock { state in
            news = state.news
            state.news.jobs = []
            state.news.connected = []
        }
    }

    /// Whether there is news already; else the thread counts as asleep from now on.
    func hasNews(since seen: News) -> Bool {
        state.withLock { state in
            let isNews =
                !state.news.jobs.isEmpty || !state.news.connected.isEmpty
                || state.news.isClosing != seen.isClosing
            state.isAsleep = !isNews
            return isNews
        }
    }

    /// The thread has slept.
    func awake(hasByte: Bool) {
        state.withLock { $0.isAsleep = false }
        guard hasByte else { return }
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = read(sleepEnd, &bytes, bytes.count)
    }

    /// The thread is over.
    func ended() {
        let closers = state.withLock { state in
            state.isEnded = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}

private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
