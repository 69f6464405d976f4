// The async front of libcurl: `send` hands a request to the thread that runs the one `curl_multi`.

import CCurl
import Synchronization

/// The ``HTTPTransport`` over libcurl's multi interface.
///
/// One thread drives all connections. HTTP/1.1 connections are kept and reused, HTTP/2 is spoken where a TLS
/// server offers it. TLS is always verified. Redirects are answers like any other, cookies are ignored unless
/// they are asked for, `.netrc` is ignored, and libcurl never sends a request twice: see ``CurlTransfer``.
///
/// SIGPIPE need not be ignored by the process: the thread has it blocked.
package final class CurlTransport: HTTPTransport {
    private let inbox: CurlInbox
    private let nameCheck: NameCheck
    /// The thread, until someone stops it.
    private let thread: Mutex<OpaquePointer?>

    /// Starts the thread.
    ///
    /// Throws a ``TransportError`` of kind `invalidRequest` where a setting is refused, and
    /// `clientCertificate` where the files of the client's certificate are not what they should be.
    package init(configuration: Configuration) throws(TransportError) {
        try CurlLibrary.initialize()
        try configuration.check()
        let loop = try CurlLoop(configuration: configuration)
        inbox = loop.inbox
        nameCheck = NameCheck(lookup: configuration.nameLookup ?? NameCheck.systemLookup)
        let context = Unmanaged.passRetained(loop)
        let started = ccurl_thread_start(
            { context in Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run() },
            context.toOpaque()
        )
        guard let started else {
            context.release()
            throw TransportError(kind: .other(code: 0), wasSent: false, message: "could not start a thread")
        }
        thread = Mutex(started)
    }

    deinit {
        inbox.stop()
        // Nobody else is here. Where the last reference went on the thread itself, with a request's `onSend`
        // or with a task, it ends by itself.
        guard let ending = thread.withLock({ $0.take() }) else { return }
        if ccurl_thread_is_current(ending) { ccurl_thread_detach(ending) } else { ccurl_thread_join(ending) }
    }

    /// The thread that drives the connections; once that has ended, Dispatch's threads.
    package var executor: (any TaskExecutor)? { inbox }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let result = await submit(request, .send)
        guard case .failure(let error) = result else { return try result.get() }
        let refined = await nameCheck.refined(error)
        throw request.wantsConnectionFacts ? await lookedAt(refined, of: request) : refined
    }

    private func submit(
        _ request: HTTPRequest,
        _ purpose: CurlSubmission.Purpose
    ) async -> Result<HTTPResponse, TransportError> {
        await withCheckedContinuation { continuation in
            inbox.submit(CurlSubmission(request: request, purpose: purpose, continuation: continuation))
        }
    }

    /// The error with the certificates that were refused.
    ///
    /// OpenSSL shows none whose verification has failed, so they are looked at again on an unverified
    /// connection, over which no request goes.
    private func lookedAt(_ error: TransportError, of request: HTTPRequest) async -> TransportError {
        guard error.kind == .certificate, error.connection?.certificates.isEmpty == true,
            case .failure(let look) = await submit(request, .look)
        else { return error }
        var error = error
        error.connection?.certificates = look.connection?.certificates ?? []
        return error
    }

    /// Ends the thread and closes all connections; what is still under way fails with `transportStopped`.
    ///
    /// It returns when the thread has ended, and calling it again changes nothing. On the thread itself, from
    /// an ``HTTPRequest/onSend`` or from a task that prefers the ``executor``, it returns at once, and the
    /// thread ends by itself.
    package func stop() {
        inbox.stop()
        // It would wait for itself.
        guard !inbox.isOnThread else { return }
        // The lock is held over the join, so that whoever else stops it finds the thread ended, too.
        thread.withLock { thread in
            if let ending = thread.take() { ccurl_thread_join(ending) }
        }
    }
}
