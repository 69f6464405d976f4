// One easy handle of libcurl, and the one request at a time that it carries.

import CCurl

/// An easy handle, reused for request after request, with what the running one has brought so far.
///
/// It lives on the transport's thread: made by ``CurlLoop``, called back by libcurl from within
/// `curl_multi_perform`.
///
/// **No request goes out twice.** When a kept connection turns out closed before any byte of the answer,
/// libcurl silently sends the request again, on a new connection: two requests, two codes, one answer. It
/// asks ``maySend()`` each time, which refuses the second. The attempt then fails with `repeatRefused`.
final class CurlTransfer {
    let handle: UnsafeMutableRawPointer
    let limits: Limits
    let configuration: CurlTransport.Configuration

    struct Limits {
        let headerBytes: Int
        let headerLines: Int
        let connectTimeoutMs: Int
    }

    // What the handle is set to, so that an option is set only when it changes.
    private var url: String?
    private var method: HTTPRequest.Method?
    private var timeoutMs = 0
    var inspection = Inspection.none
    private let headerList = CurlHeaderList()
    /// The body under way, where libcurl reads it from: it keeps a pointer only.
    private var upload = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private let errorText = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// The request under way; nil while the handle is idle.
    private(set) var submission: CurlSubmission?
    private(set) var deadline = SuspendingClock.now
    private(set) var wasSent = false
    private(set) var isRepeatRefused = false
    private var answerBytesMax = 0
    var answer = CurlAnswer()

    /// Whether the url is one that may be spoken to in HTTP/2.
    private(set) var mayUseHTTP2 = false
    var stream = Stream()
    /// What all transfers have been told about their connections.
    let goAways: CurlGoAways
    /// Whether the request under way, or the last one, had a whole answer.
    var isAnswered = false

    /// - Parameters:
    ///   - share: what all transfers have in common, where they do; it outlives them.
    ///   - goAways: the same for all of them.
    init(
        configuration: CurlTransport.Configuration,
        share: UnsafeMutableRawPointer?,
        goAways: CurlGoAways
    ) throws(TransportError) {
        guard let handle = curl_easy_init() else {
            try CurlLibrary.check(CURLE_OUT_OF_MEMORY)
            preconditionFailure("unreachable: the line above throws for any code but CURLE_OK")
        }
        self.handle = handle
        self.configuration = configuration
        self.goAways = goAways
        limits = Limits(
            headerBytes: configuration.headerLimitBytes,
            headerLines: configuration.headerLimitLines,
            connectTimeoutMs: configuration.connectTimeout.curlMilliseconds
        )
        errorText.initialize(repeating: 0)
        try setConstantOptions(configuration)
        if let share {
            try CurlLibrary.check(ccurl_set_pointer(handle, CURLOPT_SHARE, share))
            // No file: this merely switches the cookies on.
            try set(CURLOPT_COOKIEFILE, "")
        }
        try setCallbacks()
    }

    deinit {
        curl_easy_cleanup(handle)
        upload.deallocate()
        errorText.deallocate()
    }

    /// Makes the handle ready to be added to the multi handle.
    func prepare(
        _ submission: CurlSubmission,
        at now: SuspendingClock.Instant
    ) throws(TransportError) {
        let request = submission.request
        if try headerList.set(request.headers) {
            try CurlLibrary.check(ccurl_set_headers(handle, headerList.list))
        }
        if request.url != url { try setURL(request.url) }
        try setMethod(request.method, body: request.body)
        let milliseconds = request.timeout.curlMilliseconds
        if milliseconds != timeoutMs {
            try set(CURLOPT_TIMEOUT_MS, milliseconds)
            try set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, limits.connectTimeoutMs))
            timeoutMs = milliseconds
        }
        let inspection = Inspection(submission)
        if inspection != self.inspection { try setInspection(inspection) }
        self.submission = submission
        deadline = now + .milliseconds(milliseconds)
        wasSent = false
        isRepeatRefused = false
        stream = Stream()
        isAnswered = false
        answerBytesMax = request.answerBytesMax ?? configuration.bodyLimitBytes
        answer.reset()
        errorText[0] = 0
    }

    /// Ends the request under way and makes the handle idle.
    func takeSubmission() -> CurlSubmission? {
        defer { submission = nil }
        return submission
    }

    /// What libcurl has to say about the failure: its own words, which name hosts but quote nothing of a
    /// request or an answer.
    func errorMessage(_ code: CURLcode) -> String {
        // Both are C strings: the buffer was zeroed, and libcurl ends what it writes.
        guard let text = errorText.baseAddress, text[0] != 0 else {
            return String(cString: curl_easy_strerror(code))
        }
        return String(cString: text)
    }

    private func setURL(_ url: String) throws(TransportError) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard ["http", "https"].contains(scheme), url.dropFirst(scheme.count).hasPrefix("://") else {
            throw TransportError(
                kind: .unsupportedURL,
                wasSent: false,
                message: "the url must begin with http:// or https://"
            )
        }
        self.url = nil
        try set(CURLOPT_URL, url)
        // HTTP/2 by ALPN alone. And there, a request rather waits for the first handshake to tell whether all
        // can share its connection than opens its own: a burst would make as many connections as it has
        // requests, and use one. Without TLS the wait would be for a whole first answer, and for nothing.
        let isSecure = scheme == "https"
        let version = isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
        try set(CURLOPT_HTTP_VERSION, Int(version))
        try set(CURLOPT_PIPEWAIT, isSecure ? 1 : 0)
        if isSecure != mayUseHTTP2 { try setRemarks(isSecure) }
        mayUseHTTP2 = isSecure
        self.url = url
    }

    private func setMethod(_ method: HTTPRequest.Method, body: [UInt8]) throws(TransportError) {
        let carriesBody =
            switch method {
            case .post, .put, .patch: true
            case .get, .head, .delete: !body.isEmpty
            }
        if method != self.method || self.method == .delete || !carriesBody {
            self.method = nil
            try set(CURLOPT_NOBODY, 0)
            try set(CURLOPT_HTTPGET, 1)
            if method == .head { try set(CURLOPT_NOBODY, 1) }
            let isNatural = method == .get || method == .head || method == .post
            try set(CURLOPT_CUSTOMREQUEST, isNatural ? nil : method.rawValue)
        }
        if carriesBody {
            // The size comes first, or libcurl would measure the body with strlen.
            try set(CURLOPT_POSTFIELDSIZE, body.count)
            try CurlLibrary.check(ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, keep(body)))
        }
        self.method = method
    }

    /// Copies the body to where it stays until the next request, and returns that place.
    private func keep(_ body: [UInt8]) -> UnsafeMutableRawPointer? {
        if upload.count < max(1, body.count) {
            upload.deallocate()
            upload = .allocate(byteCount: max(256, body.count), alignment: 1)
        }
        upload.copyBytes(from: body)
        return upload.baseAddress
    }

    // MARK: What libcurl asks and tells

    /// Whether libcurl may write the request to the connection it has: once, and never to an unverified one.
    ///
    /// - Parameter connection: our end of it.
    private func maySend(_ connection: @autoclosure () -> CurlConnectionID) -> Bool {
        guard inspection != .certificatesOnly else { return false }
        guard !wasSent else {
            isRepeatRefused = true
            return false
        }
        wasSent = true
        if mayUseHTTP2 { stream.connection = connection() }
        submission?.request.onSend?()
        return true
    }

    private func setCallbacks() throws(TransportError) {
        // Unretained: libcurl calls back only while the handle lives, and the handle lives no longer than
        // self.
        let context = Unmanaged.passUnretained(self).toOpaque()
        try CurlLibrary.check(ccurl_set_pointer(handle, CURLOPT_PRIVATE, context))
        try CurlLibrary.check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText.baseAddress))
        try CurlLibrary.check(
            ccurl_set_prerequest(
                handle,
                { context, _, address, _, port in
                    // libcurl hands back the context given below, which is never null.
                    let maySend = CurlTransfer.from(context!).maySend(
                        CurlConnectionID(address: address.map { String(cString: $0) } ?? "", port: port)
                    )
                    return maySend ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
                },
                context
            )
        )
        try setRemarkReceiver(context)
        try CurlLibrary.check(
            ccurl_set_header_receiver(
                handle,
                { bytes, size, count, context in
                    let transfer = CurlTransfer.from(context)
                    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                    return transfer.answer.addHeaderLine(line, limits: transfer.limits) ? line.count : 0
                },
                context
            )
        )
        try CurlLibrary.check(
            ccurl_set_body_receiver(
                handle,
                { bytes, size, count, context in
                    let transfer = CurlTransfer.from(context)
                    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                    return transfer.answer.addBody(piece, bytesMax: transfer.answerBytesMax) ? piece.count : 0
                },
                context
            )
        )
    }

    /// The transfer behind a context that libcurl hands back.
    static func from(_ context: UnsafeMutableRawPointer) -> CurlTransfer {
        Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
