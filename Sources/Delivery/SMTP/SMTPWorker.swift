// The threads that talk to a relay: each has one connection.

import CCurl
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A mail to send, and who waits for its outcome.
struct SMTPJob: Sendable {
    let mail: OutgoingMail
    let credential: SMTPCredential
    let onSend: (@Sendable () -> Void)?
    let continuation: CheckedContinuation<MailOutcome, Never>
}

/// One thread with a session; asleep, it watches its connection and waits to be woken.
final class SMTPWorker: Sendable {
    private let configuration: SMTPConfiguration
    private let pool: SMTPPool
    private let next: Mutex<SMTPJob?>
    /// A pipe: a byte in it wakes the thread.
    private let wakeEnd: Int32
    private let sleepEnd: Int32

    /// Starts a thread for this mail and those that follow; nil where there is none to be had.
    static func start(_ pool: SMTPPool, _ configuration: SMTPConfiguration, with job: SMTPJob) -> Bool {
        guard let worker = SMTPWorker(pool, configuration, job) else { return false }
        let context = Unmanaged.passRetained(worker)
        let started = ccurl_thread_start(
            { context in Unmanaged<SMTPWorker>.fromOpaque(context).takeRetainedValue().run() },
            context.toOpaque()
        )
        guard let started else {
            context.release()
            return false
        }
        ccurl_thread_detach(started)
        return true
    }

    private init?(_ pool: SMTPPool, _ configuration: SMTPConfiguration, _ job: SMTPJob) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (sleepEnd, wakeEnd) = (ends[0], ends[1])
        self.pool = pool
        self.configuration = configuration
        next = Mutex(job)
    }

    deinit {
        close(sleepEnd)
        close(wakeEnd)
    }

    /// Gives the sleeping thread a mail, or, without one, the end.
    func wake(with job: SMTPJob?) {
        next.withLock { $0 = job }
        var byte: UInt8 = 1
        _ = write(wakeEnd, &byte, 1)
    }

    private func run() {
        let session = SMTPSession(configuration)
        var job = takeNext()
        while let current = job {
            let outcome = session.send(current.mail, current.credential, onSend: current.onSend)
            current.continuation.resume(returning: outcome)
            session.settle()
            switch pool.next(for: self) {
            case .job(let another): job = another
            case .end: job = nil
            case .sleep:
                sleep(watching: session)
                job = takeNext()
            }
        }
        session.goodbye()
        pool.ended()
    }

    private func takeNext() -> SMTPJob? {
        next.withLock { $0.take() }
    }

    /// Until it is woken; an idle connection is closed when its time is over, or when the relay does so.
    private func sleep(watching session: SMTPSession) {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: configuration.idleLimit)
        while true {
            var watched = [pollfd(fd: sleepEnd, events: Int16(POLLIN), revents: 0)]
            var limit: Int32 = -1
            if let socket = session.idleSocket {
                watched.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
                limit = clock.now.duration(to: end).pollMilliseconds
            }
            let count = poll(&watched, nfds_t(watched.count), limit)
            if count > 0, watched[0].revents != 0 {
                var bytes: [UInt8] = [0, 0, 0, 0]
                _ = read(sleepEnd, &bytes, bytes.count)
                return
            }
            if count > 0 { session.close() } else if count == 0 { session.goodbye() }
        }
    }
}
