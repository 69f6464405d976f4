// The transport's thread: every call of libcurl but the wakeup happens here.

import CCurl

/// One `curl_multi`, the easy handles on it, and the loop that drives them.
///
/// Each turn takes all new requests at once, lets libcurl work, and answers all finished ones at once.
final class CurlLoop {
    let inbox: CurlInbox
    private let configuration: CurlTransport.Configuration
    private let multi: UnsafeMutableRawPointer
    /// Every transfer there is, by its handle, so that each lives as long as libcurl points to it.
    private var transfers: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    private var idle: [CurlTransfer] = []
    private var arrivals: [CurlSubmission] = []
    private var finished: [Finished] = []
    /// The header list of the latest request: mostly that of the next, too.
    private var headerList: CurlHeaderList?

    private struct Finished {
        let continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>
        let result: Result<HTTPResponse, TransportError>
    }

    /// How long a sleep lasts at most; libcurl's own timers shorten it, and a wakeup ends it.
    private static let sleepMs: Int32 = 60_000

    /// Makes the multi handle, and a first easy handle, so that settings which libcurl refuses show here.
    init(configuration: CurlTransport.Configuration) throws(TransportError) {
        guard let multi = curl_multi_init() else {
            throw TransportError(kind: .other(code: 0), wasSent: false, message: "could not set up libcurl")
        }
        self.multi = multi
        self.configuration = configuration
        inbox = CurlInbox(multi: multi)
        do throws(TransportError) {
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
            throw error
        }
    }

    /// Drives the transfers until the inbox is stopped.
    func run() {
        while inbox.take(&arrivals) {
            for submission in arrivals { start(submission) }
            arrivals.removeAll(keepingCapacity: true)
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            collectFinished()
            if code != CURLM_OK {
                abandonAll { $0.failure(.other(code: Int(code.rawValue)), "libcurl gave up") }
            }
            answerFinished()
            if inbox.maySleep() { curl_multi_poll(multi, nil, 0, Self.sleepMs, nil) }
        }
        shutDown()
    }

    private func start(_ submission: CurlSubmission) {
        do throws(TransportError) {
            let headers = try headerList(for: submission.request.headers)
            let transfer = if let rested = idle.popLast() { rested } else { try makeTransfer() }
            do throws(TransportError) {
                try transfer.prepare(submission, headers: headers)
            } catch {
                idle.append(transfer)
                throw error
            }
            curl_multi_add_handle(multi, transfer.handle)
        } catch {
            finished.append(Finished(continuation: submission.continuation, result: .failure(error)))
        }
    }

    private func headerList(for fields: [HTTPHeader]) throws(TransportError) -> CurlHeaderList {
        // Arrays that share their storage compare equal at once.
        if let headerList, headerList.fields == fields { return headerList }
        let list = try CurlHeaderList(fields)
        headerList = list
        return list
    }

    private func makeTransfer() throws(TransportError) -> CurlTransfer {
        let transfer = try CurlTransfer(configuration: configuration)
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
        if idle.count < max(1, configuration.maxConnections) {
            idle.append(transfer)
        } else {
            transfers[transfer.handle] = nil
        }
    }

    private func answerFinished() {
        for one in finished { one.continuation.resume(returning: one.result) }
        finished.removeAll(keepingCapacity: true)
    }

    private func abandonAll(with result: (CurlTransfer) -> Result<HTTPResponse, TransportError>) {
        for transfer in transfers.values where transfer.submission != nil { finish(transfer, with: result) }
    }

    /// Fails what is under way or was never begun, and frees everything, on the thread that has SIGPIPE blocked.
    private func shutDown() {
        abandonAll { .failure(.stopped(wasSent: $0.wasSent, status: $0.answer.finalStatus)) }
        for submission in arrivals {
            let stopped = TransportError.stopped(wasSent: false, status: nil)
            finished.append(Finished(continuation: submission.continuation, result: .failure(stopped)))
        }
        arrivals = []
        idle = []
        transfers = [:]
        inbox.close()
        curl_multi_cleanup(multi)
        answerFinished()
    }

    private func set(_ option: CURLMoption, _ value: Int) throws(TransportError) {
        let code = ccurl_multi_set_long(multi, option, value)
        guard code == CURLM_OK else {
            throw TransportError(
                kind: .other(code: Int(code.rawValue)),
                wasSent: false,
                message: String(cString: curl_multi_strerror(code))
            )
        }
    }
}
