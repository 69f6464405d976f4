// The transport's thread: every call of libcurl but the wakeup happens here.

import CCurl

/// One `curl_multi`, the easy handles on it, and the loop that drives them.
///
/// Each turn runs the jobs of tasks that prefer this thread, takes all new requests at once, lets libcurl
/// work, and answers all finished ones at once.
final class CurlLoop {
    let inbox: CurlInbox
    private let configuration: CurlTransport.Configuration
    private let multi: UnsafeMutableRawPointer
    /// The cookies of all transfers, where they are kept; without locks, since only this thread uses it.
    private let share: UnsafeMutableRawPointer?
    /// Every transfer there is, by its handle, so that each lives as long as libcurl points to it.
    private var transfers: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    private var idle: [CurlTransfer] = []
    private let goAways = CurlGoAways()
    private var arrivals: [CurlSubmission] = []
    private var finished: [Finished] = []

    /// Transfers that were begun and not sent yet, and when they were last looked at.
    private var unsent: [CurlTransfer] = []
    private var lookedAtUnsent = SuspendingClock.now

    private struct Finished {
        let continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>
        let result: Result<HTTPResponse, TransportError>
    }

    /// How long a sleep lasts at most; libcurl's own timers shorten it, and a wakeup ends it.
    private static let sleepMax: Duration = .seconds(60)
    /// How often transfers that wait for a connection are looked at, while there are any.
    private static let lookInterval: Duration = .milliseconds(20)

    /// Makes the multi handle, and a first easy handle, so that settings which libcurl refuses show here.
    init(configuration: CurlTransport.Configuration) throws(TransportError) {
        guard let multi = curl_multi_init() else {
            throw TransportError(kind: .other(code: 0), wasSent: false, message: "could not set up libcurl")
        }
        self.multi = multi
        self.configuration = configuration
        inbox = CurlInbox(multi: multi)
        share = configuration.keepsCookies ? ccurl_share_cookies() : nil
        do throws(TransportError) {
            if configuration.keepsCookies, share == nil { try CurlLibrary.check(CURLE_OUT_OF_MEMORY) }
            let connections = max(1, configuration.maxConnections)
            try set(CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
            try set(CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
            // How many idle connections are kept; libcurl would keep four for every transfer.
            try set(CURLMOPT_MAXCONNECTS, connections)
            idle.append(try makeTransfer())
        } catch {
            transfers = [:]
            idle = []
            curl_multi_cleanup(multi)
            if let share { curl_share_cleanup(share) }
            throw error
        }
    }

    /// Drives the transfers until the inbox is stopped.
    func run() {
        inbox.open()
        while inbox.take(&arrivals) {
            startArrivals()
            var running: Int32 = 0
            conclude(curl_multi_perform(multi, &running))
            let idle = inbox.idleTime(unsent.isEmpty ? Self.sleepMax : Self.lookInterval)
            if idle > .zero { curl_multi_poll(multi, nil, 0, idle.millisecondsUp, nil) }
        }
        shutDown()
    }

    /// After libcurl's work: tells those whose transfers have come to an end.
    private func conclude(_ code: CURLMcode) {
        collectFinished()
        if code != CURLM_OK {
            abandonAll { $0.failure(.other(code: Int(code.rawValue)), "libcurl gave up") }
        }
        if !unsent.isEmpty { failOverdue() }
        answerFinished()
    }

    private func startArrivals() {
        guard !arrivals.isEmpty else { return }
        let now = SuspendingClock.now
        for submission in arrivals { start(submission, at: now) }
        arrivals.removeAll(keepingCapacity: true)
    }

    private func start(_ submission: CurlSubmission, at now: SuspendingClock.Instant) {
        do throws(TransportError) {
            let transfer = if let rested = idle.popLast() { rested } else { try makeTransfer() }
            do throws(TransportError) {
                try transfer.prepare(submission, at: now)
            } catch {
                idle.append(transfer)
                throw error
            }
            curl_multi_add_handle(multi, transfer.handle)
            unsent.append(transfer)
        } catch {
            finished.append(Finished(continuation: submission.continuation, result: .failure(error)))
        }
    }

    private func makeTransfer() throws(TransportError) -> CurlTransfer {
        let transfer = try CurlTransfer(configuration: configuration, share: share, goAways: goAways)
        transfers[transfer.handle] = transfer
        return transfer
    }

    private func collectFinished() {
        var code = CURLE_OK
        while let handle = ccurl_multi_next_finished(multi, &code) {
            // Only handles of transfers are ever added, each with its transfer as the private pointer.
            finish(CurlTransfer.from(ccurl_get_private(handle)!)) { $0.outcome(code) }
        }
    }

    /// Takes a transfer off libcurl and notes its result; whoever awaits it is told later, once for all.
    private func finish(
        _ transfer: CurlTransfer,
        with result: (CurlTransfer) -> Result<HTTPResponse, TransportError>
    ) {
        curl_multi_remove_handle(multi, transfer.handle)
        let result = result(transfer)
        guard let submission = transfer.takeSubmission() else { return }
        finished.append(Finished(continuation: submission.continuation, result: result))
        if idle.count < max(1, configuration.maxConnections), !transfer.isWorn {
            idle.append(transfer)
        } else {
            transfers[transfer.handle] = nil
        }
    }

    /// Fails transfers whose time is over although nothing was sent.
    ///
    /// libcurl (7.88) ends a transfer at its timeout only once it has a connection: one that waits for
    /// another's, or for its turn, would wait for ever.
    private func failOverdue() {
        unsent.removeAll { $0.submission == nil || $0.wasSent }
        guard !unsent.isEmpty else { return }
        let now = SuspendingClock.now
        guard now >= lookedAtUnsent + Self.lookInterval else { return }
        lookedAtUnsent = now
        for transfer in unsent where transfer.deadline <= now {
            finish(transfer) { $0.failure(.connectTimeout, "no connection became free in time") }
        }
    }

    private func answerFinished() {
        for one in finished { one.continuation.resume(returning: one.result) }
        finished.removeAll(keepingCapacity: true)
    }

    private func abandonAll(with result: (CurlTransfer) -> Result<HTTPResponse, TransportError>) {
        for transfer in transfers.values where transfer.submission != nil { finish(transfer, with: result) }
    }

    /// Fails what is under way or was never begun, and frees everything, on the thread that has SIGPIPE
    /// blocked.
    private func shutDown() {
        abandonAll { .failure(.stopped(wasSent: $0.wasSent, status: $0.answer.finalStatus)) }
        refuseArrivals()
        // Those who await them may run here, and ask for more.
        answerFinished()
        arrivals = inbox.close()
        refuseArrivals()
        idle = []
        unsent = []
        transfers = [:]
        curl_multi_cleanup(multi)
        if let share { curl_share_cleanup(share) }
        answerFinished()
    }

    private func refuseArrivals() {
        for submission in arrivals {
            let stopped = TransportError.stopped(wasSent: false, status: nil)
            finished.append(Finished(continuation: submission.continuation, result: .failure(stopped)))
        }
        arrivals = []
    }

    private func set(_ option: CURLMoption, _ value: Int) throws(TransportError) {
        try check(ccurl_multi_set_long(multi, option, value))
    }

    private func check(_ code: CURLMcode) throws(TransportError) {
        guard code == CURLM_OK else {
            throw TransportError(
                kind: .other(code: Int(code.rawValue)),
                wasSent: false,
                message: String(cString: curl_multi_strerror(code))
            )
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that nobody is woken too early; of a minute at most.
    fileprivate var millisecondsUp: Int32 {
        let (seconds, attoseconds) = components
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
