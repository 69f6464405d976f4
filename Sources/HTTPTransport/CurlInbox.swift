// What callers leave for the transport's thread, and how they wake it.

import CCurl
import Dispatch
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

/// The requests that are to go out, the jobs of the tasks that run on the transport's thread, and those that
/// sleep there.
///
/// A task that prefers this executor and awaits an answer is resumed where the answer was read: the request
/// that follows from it goes out without a switch of threads, which cost a tenth of a run's CPU.
///
/// What the thread leaves for itself needs no lock. Others lock, and wake the thread by a system call only
/// while it sleeps, and once per sleep. Jobs that come after the thread has ended run on Dispatch's threads.
///
/// `@unchecked Sendable`: `own`, `running` and `asleep` are touched by the transport's thread only
/// (``isOnThread``). `multi` is immutable, and only `curl_multi_wakeup` is called on it here, which libcurl
/// allows from any thread as long as the handle lives; `wakers` keeps the thread from freeing it meanwhile
/// (``close()``).
final class CurlInbox: TaskExecutor, @unchecked Sendable {
    struct Contents {
        var submissions: [CurlSubmission] = []
        var jobs: [UnownedJob] = []
        var sleepers: [CurlSleeper] = []

        var isEmpty: Bool { submissions.isEmpty && jobs.isEmpty && sleepers.isEmpty }
    }

    private struct State {
        var contents = Contents()
        var isSleeping = false
        var isStopping = false
        /// Whether the thread takes nothing more.
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakers = Atomic(0)
    private let multi: UnsafeMutableRawPointer
    /// The transport's thread, while it runs.
    private let thread = Atomic<UInt>(0)
    private var own = Contents()
    private var running: [UnownedJob] = []
    /// All who sleep, in no order: a worker that waits for the rate, the ticker, and hardly anybody else.
    private var asleep: [CurlSleeper] = []

    init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    // MARK: The callers' side

    /// Whether the caller is the transport's thread.
    var isOnThread: Bool { thread.load(ordering: .relaxed) == ccurl_thread_current() }

    func submit(_ submission: CurlSubmission) {
        if isOnThread { return own.submissions.append(submission) }
        let (isAccepted, wakes) = state.withLock { state in
            guard !state.isStopping else { return (false, false) }
            state.contents.submissions.append(submission)
            return (true, claimsWakeup(&state))
        }
        if wakes { wake() }
        if !isAccepted {
            submission.continuation.resume(returning: .failure(.stopped(wasSent: false, status: nil)))
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnThread { return own.jobs.append(job) }
        let (isAccepted, wakes) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.contents.jobs.append(job)
            return (true, claimsWakeup(&state))
        }
        if wakes { wake() }
        if !isAccepted { runElsewhere(job) }
    }

    func add(_ sleeper: CurlSleeper) {
        if isOnThread { return own.sleepers.append(sleeper) }
        let (isAccepted, wakes) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.contents.sleepers.append(sleeper)
            return (true, claimsWakeup(&state))
        }
        if wakes { wake() }
        if !isAccepted { sleeper.moveToSystem() }
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

    /// The calling thread is the transport's from now on.
    func open() { thread.store(ccurl_thread_current(), ordering: .relaxed) }

    /// Runs the jobs and takes the requests, those that come of the jobs included; false when it is time to
    /// stop.
    func take(_ submissions: inout [CurlSubmission]) -> Bool {
        var isStopping = false
        var rounds = 0
        repeat {
            isStopping = fetch()
            wakeSleepers()
            runJobs()
            rounds += 1
        } while !own.jobs.isEmpty && rounds < Self.roundsMax
        swap(&own.submissions, &submissions)
        return !isStopping
    }

    /// So often jobs may follow from jobs before the network has its turn.
    private static let roundsMax = 16

    /// Takes over what others have left; returns whether it is time to stop.
    private func fetch() -> Bool {
        state.withLock { state in
            state.isSleeping = false
            if !state.contents.isEmpty {
                own.submissions += state.contents.submissions
                own.jobs += state.contents.jobs
                own.sleepers += state.contents.sleepers
                state.contents.submissions.removeAll(keepingCapacity: true)
                state.contents.jobs.removeAll(keepingCapacity: true)
                state.contents.sleepers.removeAll(keepingCapacity: true)
            }
            return state.isStopping
        }
    }

    private func runJobs() {
        swap(&running, &own.jobs)
        for job in running { run(job) }
        running.removeAll(keepingCapacity: true)
    }

    /// Wakes those whose time has come, each by a job.
    private func wakeSleepers() {
        asleep += own.sleepers
        own.sleepers.removeAll(keepingCapacity: true)
        guard !asleep.isEmpty else { return }
        let now = ContinuousClock.now
        for sleeper in asleep where sleeper.deadline <= now { sleeper.end(.success(())) }
        asleep.removeAll { $0.deadline <= now }
    }

    private func run(_ job: UnownedJob) { job.runSynchronously(on: asUnownedTaskExecutor()) }

    /// How long there is nothing to do, `longest` at most: from then on, whoever has something wakes the
    /// thread.
    func idleTime(_ longest: Duration) -> Duration {
        guard own.isEmpty else { return .zero }
        let isIdle = state.withLock { state in
            state.isSleeping = state.contents.isEmpty && !state.isStopping
            return state.isSleeping
        }
        guard isIdle else { return .zero }
        guard let first = asleep.lazy.map(\.deadline).min() else { return longest }
        return max(.zero, min(longest, first - .now))
    }

    /// Takes nothing more: whoever is left runs and sleeps elsewhere, and nobody touches the multi handle any
    /// more.
    ///
    /// - Returns: the requests that are left.
    func close() -> [CurlSubmission] {
        _ = fetch()
        // From here on the thread's own jobs come by way of the lock, as others' do.
        thread.store(0, ordering: .relaxed)
        let late = state.withLock { state in
            state.isClosed = true
            defer { state.contents = Contents() }
            return state.contents
        }
        for job in own.jobs + late.jobs { runElsewhere(job) }
        for sleeper in asleep + own.sleepers + late.sleepers { sleeper.moveToSystem() }
        // Nobody wakes a thread that does not sleep, but somebody may be about to.
        while wakers.load(ordering: .acquiring) > 0 { ccurl_thread_yield() }
        defer { (own, asleep) = (Contents(), []) }
        return own.submissions + late.submissions
    }

    private func runElsewhere(_ job: UnownedJob) { DispatchQueue.global().async { self.run(job) } }
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
