// The thread that talks to a relay: one for all connections.

import HTTPTransport
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sessions of a relay, and the loop that moves them on.
///
/// A mail goes to the connection that was in use last, so that few are. Only connecting blocks, and has a
/// thread of its own for so long.
final class SMTPLoop {
    private let configuration: SMTPConfiguration
    private let inbox: SMTPInbox
    private let sessions: [SMTPSession]
    private let clock = ContinuousClock()
    /// Free sessions with a connection, the latest last; and the others.
    private var free: [Int] = []
    private var watched: [pollfd] = []
    private var watchedSessions: [Int] = []
    private var waiting = Queue()
    private var finished: [(CheckedContinuation<MailOutcome, Never>, MailOutcome)] = []

    private init(_ configuration: SMTPConfiguration, _ inbox: SMTPInbox) {
        self.configuration = configuration
        self.inbox = inbox
        sessions = (0..<max(1, configuration.connections)).map { _ in SMTPSession(configuration) }
    }

    /// Starts the thread; false where there is none to be had.
    static func start(_ configuration: SMTPConfiguration, _ inbox: SMTPInbox) -> Bool {
        BlockingThread.run {
            SMTPLoop(configuration, inbox).run()
            inbox.ended()
        }
    }

    private func run() {
        var news = SMTPInbox.News()
        while true {
            inbox.take(&news)
            let now = clock.now
            for connected in news.connected { take(connected, at: now) }
            for job in news.jobs { waiting.append(job) }
            if news.isClosing, waiting.isEmpty { leave(at: now) }
            assign(at: now)
            // Those who wait may have the next mail ready before the loop sleeps.
            answer()
            if news.isClosing, waiting.isEmpty, sessions.allSatisfy({ $0.state == .closed }) { return }
            if inbox.hasNews(since: news) { continue }
            sleep()
        }
    }

    private func assign(at now: ContinuousClock.Instant) {
        while !waiting.isEmpty {
            let place =
                sessions.lastIndex { $0.state == .free } ?? sessions.firstIndex { $0.state == .closed }
            guard let place, let job = waiting.popFirst() else { return }
            if sessions[place].take(job, at: now) { connect(place) } else { begin(place, at: now) }
        }
    }

    private func begin(_ place: Int, at now: ContinuousClock.Instant) {
        if let outcome = sessions[place].begin(at: now) { end(place, outcome, at: now) }
    }

    /// The mail of a session has an outcome; or goes out once more.
    private func end(_ place: Int, _ outcome: MailOutcome, at now: ContinuousClock.Instant) {
        if sessions[place].repeats(after: outcome) { return connect(place) }
        if let job = sessions[place].takeJob() { finished.append((job.continuation, outcome)) }
    }

    private func connect(_ place: Int) {
        let (configuration, credential, inbox) = (configuration, sessions[place].credentialToUse, inbox)
        let isStarted = BlockingThread.run {
            guard let connection = SMTPConnection() else {
                return inbox.put(SMTPConnected(place: place, connection: nil, result: .failure(.noMemory)))
            }
            let result = connection.connect(configuration, credential)
            inbox.put(SMTPConnected(place: place, connection: connection, result: result))
        }
        if !isStarted {
            inbox.put(SMTPConnected(place: place, connection: nil, result: .failure(.noMemory)))
        }
    }

    private func take(_ connected: SMTPConnected, at now: ContinuousClock.Instant) {
        let session = sessions[connected.place]
        if let outcome = session.connected(connected.result, connected.connection) {
            if let job = session.takeJob() { finished.append((job.continuation, outcome)) }
        } else {
            begin(connected.place, at: now)
        }
    }

    private func leave(at now: ContinuousClock.Instant) {
        for session in sessions where session.state == .free { session.goodbye(at: now) }
    }

    private func answer() {
        for (continuation, outcome) in finished { continuation.resume(returning: outcome) }
        finished.removeAll(keepingCapacity: true)
    }

    /// Until a socket is ready, a time is over, or there is news.
    private func sleep() {
        watched.removeAll(keepingCapacity: true)
        watchedSessions.removeAll(keepingCapacity: true)
        watched.append(pollfd(fd: inbox.sleepEnd, events: Int16(POLLIN), revents: 0))
        var earliest: ContinuousClock.Instant?
        for (place, session) in sessions.enumerated() {
            guard let socket = session.socket else { continue }
            let events = Int16(POLLIN) | (session.wantsToWrite ? Int16(POLLOUT) : 0)
            watched.append(pollfd(fd: socket, events: events, revents: 0))
            watchedSessions.append(place)
            if let deadline = session.deadline { earliest = min(earliest ?? deadline, deadline) }
        }
        let limit = earliest.map { clock.now.duration(to: $0).pollMilliseconds } ?? -1
        _ = poll(&watched, nfds_t(watched.count), limit)
        inbox.awake(hasByte: watched[0].revents != 0)
        let now = clock.now
        for (index, place) in watchedSessions.enumerated() {
            let (session, events) = (sessions[place], watched[index + 1].revents)
            var outcome: MailOutcome?
            if Int32(events) & ~POLLOUT != 0 {
                outcome = session.canRead(at: now)
            } else if events != 0 {
                outcome = session.write(at: now)
            } else if let deadline = session.deadline, deadline <= now {
                outcome = session.timedOut(at: now)
            }
            if let outcome { end(place, outcome, at: now) }
        }
    }

    /// Mails in the order of their coming.
    private struct Queue {
        private var jobs: [SMTPJob] = []
        private var first = 0

        var isEmpty: Bool { first == jobs.count }

        mutating func append(_ job: SMTPJob) { jobs.append(job) }

        mutating func popFirst() -> SMTPJob? {
            guard first < jobs.count else { return nil }
            defer {
                first += 1
                if first >= 64, first * 2 >= jobs.count {
                    jobs.removeFirst(first)
                    first = 0
                }
            }
            return jobs[first]
        }
    }
}
