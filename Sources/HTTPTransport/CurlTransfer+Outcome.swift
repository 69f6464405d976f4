// What a finished transfer means: libcurl's result, and what was seen on the way, as an answer or an error.

import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CurlTransfer {
    /// The outcome of the request under way, given libcurl's result for it.
    func outcome(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
        // Even of those libcurl ends some as successes, with nothing in them.
        if isUnprocessed {
            return failure(
                .notProcessed,
                "the server took no further requests on this HTTP/2 connection, and did not process this one"
            )
        }
        if isRepeatRefused {
            return failure(
                .repeatRefused,
                "the connection was closed before the answer; not sent a second time"
            )
        }
        if answer.isHeaderTooLarge {
            return failure(.protocolViolation, "the header of the answer is too large")
        }
        let isUsable = code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer.isBodyTruncated)
        guard isUsable else {
            let kind = kind(of: code)
            return failure(kind, message(of: kind, code))
        }
        guard answer.isHeaderComplete else {
            return failure(.incompleteAnswer, "the connection was closed within the header of the answer")
        }
        guard let status = answer.finalStatus else {
            return failure(.protocolViolation, "the answer has no final status")
        }
        isAnswered = true
        return .success(
            HTTPResponse(
                status: status,
                headers: HTTPHeaders(lines: answer.fields),
                body: answer.body,
                isBodyTruncated: answer.isBodyTruncated,
                httpVersion: answer.version,
                connection: isInspected ? connectionFacts(isCertificateRefused: false) : nil
            )
        )
    }

    func failure(_ kind: TransportError.Kind, _ message: String) -> Result<HTTPResponse, TransportError> {
        .failure(
            TransportError(
                kind: kind,
                wasSent: wasSent,
                status: answer.finalStatus,
                message: message,
                connection: isInspected ? connectionFacts(isCertificateRefused: kind == .certificate) : nil
            )
        )
    }

    /// libcurl's words, with the file or socket of ours that they leave out.
    private func message(of kind: TransportError.Kind, _ code: CURLcode) -> String {
        let words = errorMessage(code)
        switch kind {
        case .clientCertificate:
            guard let client = try? ClientCertificate(configuration) else {
                return "the server wants a client certificate: \(words)"
            }
            return code == CURLE_SSL_CERTPROBLEM
                ? "the client certificate \(client.description) cannot be used: \(words)"
                : "the server refuses the client certificate \(client.description): \(words)"
        case .connectionFailed, .connectTimeout:
            guard let path = configuration.unixSocketPath, !wasSent else { return words }
            let number = Int32(ccurl_get_long(handle, CURLINFO_OS_ERRNO))
            let reason = number == 0 ? words : String(cString: strerror(number))
            return "no connection to the Unix socket \(path): \(reason)"
        default: return words
        }
    }

    private func kind(of code: CURLcode) -> TransportError.Kind {
        if let refusal = proxyRefusal(code) { return refusal }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .hostNotResolved
        case CURLE_COULDNT_RESOLVE_PROXY: .proxyNotResolved
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: wasSent ? .timeout : .connectTimeout

        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CACERT_BADFILE:
            .certificate
        case CURLE_SSL_CONNECT_ERROR where isClientCertificateRefused(code): .clientCertificate
        case CURLE_SSL_CONNECT_ERROR: isHandshakeCutOff(code) ? .connectionFailed : .tls
        case CURLE_SSL_CERTPROBLEM: .clientCertificate
        case CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            .tls

        // With TLS 1.3 the server looks at the client's certificate only after the first request was written.
        case CURLE_RECV_ERROR where isClientCertificateRefused(code): .clientCertificate
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_HTTP2_STREAM: kindOfClosing
        // Broken chunks have no code of their own.
        case CURLE_RECV_ERROR:
            errorMessage(code).contains("chunked-encoding") ? .protocolViolation : kindOfClosing
        case CURLE_PARTIAL_FILE: .incompleteAnswer

        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            wasSent ? .protocolViolation : .connectionFailed
        // Of a scheme, before; of an answer in HTTP/0.9 or an unknown version, after.
        case CURLE_UNSUPPORTED_PROTOCOL: wasSent ? .protocolViolation : .unsupportedURL
        // libcurl's own limit for one line of a header shows as a lack of memory.
        case CURLE_OUT_OF_MEMORY where wasSent && !answer.isHeaderComplete: .protocolViolation
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
        default: .other(code: Int(code.rawValue))
        }
    }

    /// The refusal of a proxy, which it would give to every request alike.
    ///
    /// That it cannot reach the server (a 5xx) may pass, and is none.
    private func proxyRefusal(_ code: CURLcode) -> TransportError.Kind? {
        guard !wasSent else { return nil }
        let status = ccurl_get_long(handle, CURLINFO_HTTP_CONNECTCODE)
        if (300..<500).contains(status), ![408, 421, 425, 429, 449, 460, 499].contains(status) {
            return .proxyRefused(status: status)
        }
        guard code == CURLE_PROXY else { return nil }
        let reasons = [
            CURLPX_USER_REJECTED, CURLPX_NO_AUTH, CURLPX_IDENTD, CURLPX_IDENTD_DIFFER, CURLPX_UNKNOWN_MODE,
            CURLPX_REPLY_NOT_ALLOWED,
        ]
        let reason = ccurl_get_long(handle, CURLINFO_PROXY_ERROR)
        return reasons.contains { Int($0.rawValue) == reason } ? .proxyRefused(status: nil) : nil
    }

    /// A closed connection means something else before the request went out, and after the answer began.
    private var kindOfClosing: TransportError.Kind {
        guard wasSent else { return .connectionFailed }
        return answer.finalStatus == nil ? .connectionClosed : .incompleteAnswer
    }

    /// Whether the server ended TLS with one of the alerts for a client's certificate, or for the lack of
    /// one.
    private func isClientCertificateRefused(_ code: CURLcode) -> Bool {
        let message = errorMessage(code)
        return message.contains("alert")
            && ["certificate", "unknown ca", "access denied"].contains { message.contains($0) }
    }

    /// Whether the server, or something on the way, went away during the handshake.
    ///
    /// That is an outage, which may pass, unlike a disagreement about TLS. libcurl tells them apart in words
    /// only.
    private func isHandshakeCutOff(_ code: CURLcode) -> Bool {
        let message = errorMessage(code)
        return ["SSL_ERROR_SYSCALL", "Connection reset", "unexpected eof"].contains { message.contains($0) }
    }
}
