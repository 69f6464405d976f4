// Whether a request over HTTP/2 was left unprocessed, so that it may go out again.

import CCurl

extension CurlTransfer {
    /// What is known of the stream of the request under way.
    struct Stream {
        /// The connection that it went out on; nil before, and where HTTP/2 is out of the question.
        var connection: CurlConnectionID?
        /// Its number there.
        var id: UInt32?
        /// Whether the connection that libcurl speaks of is still that one.
        var isCurrent = true
        var isRefused = false
    }

    /// Has libcurl tell what becomes of streams, for URLs that may be spoken to in HTTP/2.
    ///
    /// libcurl sends a request again that was refused unread, and one whose kept connection was closed, and
    /// tells which of the two it is only where it does not do the latter. It does not do it for an RTSP
    /// `RECEIVE`, the one place where this option matters to HTTP. Built without RTSP it refuses the option:
    /// then streams that were refused without a GOAWAY count as lost.
    func setRemarks(_ areHeard: Bool) throws(TransportError) {
        try set(CURLOPT_VERBOSE, areHeard ? 1 : 0)
        _ = ccurl_set_long(
            handle,
            CURLOPT_RTSP_REQUEST,
            areHeard ? Int(CURL_RTSPREQ_RECEIVE) : Int(CURL_RTSPREQ_OPTIONS)
        )
    }

    func setRemarkReceiver(_ context: UnsafeMutableRawPointer) throws(TransportError) {
        try CurlLibrary.check(
            ccurl_set_remark_receiver(
                handle,
                { _, type, bytes, count, context in
                    guard type == CURLINFO_TEXT, let context else { return 0 }
                    let text = UnsafeRawBufferPointer(start: bytes, count: count)
                    if let remark = CurlRemark(text) { CurlTransfer.from(context).hear(remark) }
                    return 0
                },
                context
            )
        )
    }

    private func hear(_ remark: CurlRemark) {
        // What is said before the request goes out, or after it was to go again, is of another connection.
        guard let connection = stream.connection, stream.isCurrent else { return }
        switch remark {
        case .stream(let id):
            stream.id = id
            if id == 1 { goAways.forget(connection) }
        case .goAway(let last): goAways.note(last, on: connection)
        case .streamRefused: stream.isRefused = true
        case .retrying: stream.isCurrent = false
        }
    }

    /// Whether the server has said that it did not process the request, of which nothing was answered.
    var isUnprocessed: Bool {
        guard wasSent, answer.status == 0 else { return false }
        if stream.isRefused { return true }
        guard let connection = stream.connection, let id = stream.id else { return false }
        return goAways.excludes(id, on: connection)
    }

    /// Whether libcurl may still believe that a stream of this handle was refused.
    ///
    /// It forgets that when it sends the request again; else it would take the next closed connection for a
    /// refusal.
    var isWorn: Bool { mayUseHTTP2 && wasSent && !isAnswered }
}
