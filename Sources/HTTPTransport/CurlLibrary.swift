// libcurl's process-wide state, and how its handles are given options.

import CCurl

/// What libcurl has to be told once per process.
enum CurlLibrary {
    private static let initialized = curl_global_init(
        3 /* CURL_GLOBAL_ALL; the macro is beyond Swift's importer */
    )

    static let hasGzip = ccurl_has_gzip()

    static func initialize() throws(TransportError) {
        try check(initialized)
    }

    /// Turns a refused option into an error: a value libcurl cannot take, or no memory.
    static func check(_ code: CURLcode) throws(TransportError) {
        guard code != CURLE_OK else { return }
        throw TransportError(
            kind: code == CURLE_OUT_OF_MEMORY ? .other(code: Int(code.rawValue)) : .invalidRequest,
            wasSent: false,
            message: String(cString: curl_easy_strerror(code))
        )
    }
}

extension CurlTransfer {
    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try CurlLibrary.check(ccurl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ text: String?) throws(TransportError) {
        try CurlLibrary.check(ccurl_set_text(handle, option, text))
    }

    /// What holds for every request that the handle will ever carry.
    func setConstantOptions(_ configuration: CurlTransport.Configuration) throws(TransportError) {
        try set(CURLOPT_NOSIGNAL, 1)
        // A lookup that outlasts its request is left to end by itself. Else libcurl would wait for it, on the
        // thread that every other request needs.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_USERAGENT, configuration.userAgent)
        if CurlLibrary.hasGzip { try set(CURLOPT_ACCEPT_ENCODING, "gzip") }

        try setVerification(true)
        if let file = configuration.caFile { try set(CURLOPT_CAINFO, file) }
        if let directory = configuration.caDirectory { try set(CURLOPT_CAPATH, directory) }
        try setClientCertificate(ClientCertificate(configuration))

        if let path = configuration.unixSocketPath { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
        switch configuration.unixSocketPath == nil ? configuration.proxy : .none {
        case .environment: break
        case .none: try set(CURLOPT_PROXY, "")
        case .url(let url): try set(CURLOPT_PROXY, url)
        }
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)

        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 30)
        try set(CURLOPT_TCP_KEEPINTVL, 10)
        let unacknowledgedMs = UInt32(configuration.unacknowledgedLimit.curlMilliseconds)
        try CurlLibrary.check(ccurl_set_socket_setup(handle, unacknowledgedMs))
        // Whole seconds, and 0 would mean that no connection is ever used again.
        try set(CURLOPT_MAXAGE_CONN, max(1, configuration.idleConnectionAge.curlMilliseconds / 1000))
    }
    func setVerification(_ isVerified: Bool) throws(TransportError) {
        try set(CURLOPT_SSL_VERIFYPEER, isVerified ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, isVerified ? 2 : 0)
    }

    func setClientCertificate(_ client: ClientCertificate?) throws(TransportError) {
        try set(CURLOPT_SSLCERT, client?.certificateFile)
        try set(CURLOPT_SSLKEY, client?.keyFile)
        // Without one, OpenSSL would ask for the passphrase of a key at the terminal.
        try set(CURLOPT_KEYPASSWD, client == nil ? nil : "")
    }
}
