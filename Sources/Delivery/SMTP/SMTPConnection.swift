// A connection to a relay: libcurl makes it, up to the credential; the mails over it are our own dialogue's.

import CCurl
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One libcurl handle with CURLOPT_CONNECT_ONLY, used by one thread at a time.
///
/// libcurl's own transfer of mails is not used: it blocks on the reply to the final dot, reuses connections
/// that owe a reply, and pipelines nothing.
final class SMTPConnection {
    private static let initialized = curl_global_init(
        3 /* CURL_GLOBAL_ALL; the macro is beyond Swift's importer */
    )

    enum Written {
        case bytes(Int)
        /// Nothing can be written now.
        case wait
        case failed
    }

    enum Read {
        /// So many bytes are in `buffer`; when it is not full, there are no more for now.
        case bytes(Int)
        case wait
        case closed(String)
    }

    private let handle: UnsafeMutableRawPointer
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private let errorText: UnsafeMutablePointer<CChar>
    private let greeting: GreetingBox
    private(set) var socket: Int32 = -1

    /// Holds what the callback writes to.
    private final class GreetingBox {
        var value = SMTPGreeting()
    }

    /// Nil without memory.
    init?() {
        guard Self.initialized == CURLE_OK, let handle = curl_easy_init() else { return nil }
        self.handle = handle
        // A record of TLS fits, so that none is left half read where no poll would tell of it.
        buffer = .allocate(capacity: 17 << 10)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        greeting = GreetingBox()
    }

    deinit {
        curl_easy_cleanup(handle)
        buffer.deallocate()
        errorText.deallocate()
    }

    /// Connects, with STARTTLS and AUTH where the settings say so; it blocks.
    ///
    /// - Returns: what the relay can do; or why there is no connection.
    func connect(_ configuration: SMTPConfiguration, _ credential: SMTPCredential) -> Result<
        SMTPExtensions, SMTPRefusal
    > {
        let code = prepare(configuration, credential)
        let result = code == CURLE_OK ? curl_easy_perform(handle) : code
        let greeting = greeting.value
        guard result == CURLE_OK else {
            let failure = SMTPConnectFailure(
                code: result,
                words: String(cString: errorText),
                greeting: greeting,
                server: configuration.server,
                secrets: credential.secrets
            )
            return .failure(SMTPRefusal(outcome: failure.outcome))
        }
        // libcurl goes on without a credential where the relay asks for none.
        if credential != .none, !greeting.isAuthenticated {
            let stop = SMTPConnectFailure.noCommonAuthentication(configuration.server, greeting)
            return .failure(SMTPRefusal(outcome: .stop(stop)))
        }
        socket = ccurl_get_socket(handle)
        guard socket >= 0 else {
            let words = "the connection to \(configuration.server) was closed at once"
            return .failure(SMTPRefusal(outcome: .notTaken(words)))
        }
        return .success(greeting.extensions)
    }

    func write(_ bytes: ArraySlice<UInt8>) -> Written {
        var count = 0
        let code = bytes.withUnsafeBytes { curl_easy_send(handle, $0.baseAddress, $0.count, &count) }
        switch code {
        case CURLE_OK: return .bytes(count)
        case CURLE_AGAIN: return .wait
        default: return .failed
        }
    }

    func read() -> Read {
        var count = 0
        switch curl_easy_recv(handle, buffer.baseAddress, buffer.count, &count) {
        case CURLE_OK: return count > 0 ? .bytes(count) : .closed("the relay closed the connection")
        case CURLE_AGAIN: return .wait
        default: return .closed("the connection broke")
        }
    }

    /// What `read` has put there.
    func received(_ count: Int) -> ArraySlice<UInt8> { Array(buffer[..<count])[...] }

    var bufferSize: Int { buffer.count }

}

/// Why there is no connection.
struct SMTPRefusal: Error {
    let outcome: MailOutcome

    static let noMemory = SMTPRefusal(
        outcome: .notTaken("there is no memory, or no thread, for a connection")
    )
}

// MARK: - Options

extension SMTPConnection {
    private static let certificateNameMatches = 2

    private func prepare(_ configuration: SMTPConfiguration, _ credential: SMTPCredential) -> CURLcode {
        let server = configuration.server
        let isPlainAllowed = configuration.allowsPlain || configuration.isNearby
        // TLS that could be had without is not refused for its certificate on this machine.
        let isVerified = !configuration.isNearby || server.isTLSFromTheStart || configuration.caFile != nil
        let limit = Int(max(1, configuration.timeouts.connect.pollMilliseconds))
        let tls = isPlainAllowed ? CURLUSESSL_TRY : CURLUSESSL_ALL
        var numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_QUICK_EXIT, 1), (CURLOPT_CONNECT_ONLY, 1),
            (CURLOPT_USE_SSL, Int(tls.rawValue)), (CURLOPT_TIMEOUT_MS, limit),
            (CURLOPT_CONNECTTIMEOUT_MS, limit), (CURLOPT_NETRC, 0), (CURLOPT_TCP_NODELAY, 1),
            (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_TCP_KEEPIDLE, 60),
        ]
        if !isVerified { numbers += [(CURLOPT_SSL_VERIFYPEER, 0), (CURLOPT_SSL_VERIFYHOST, 0)] }
        var texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, "\(server)/\(Self.ehloPath(configuration.ehloName))"),
            (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
        ]
        if let file = configuration.caFile { texts.append((CURLOPT_CAINFO, file)) }
        switch credential {
        case .none: break
        case .password(let user, let password):
            texts += [(CURLOPT_USERNAME, user), (CURLOPT_PASSWORD, password.revealed)]
            texts.append((CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN;AUTH=CRAM-MD5"))
        case .bearer(let user, let token):
            texts += [(CURLOPT_USERNAME, user), (CURLOPT_XOAUTH2_BEARER, token.revealed)]
            texts.append((CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2"))
        }
        for (option, value) in numbers {
            let code = ccurl_set_long(handle, option, value)
            if code != CURLE_OK { return code }
        }
        for (option, value) in texts {
            let code = ccurl_set_text(handle, option, value)
            if code != CURLE_OK { return code }
        }
        // While bytes of a mail may stay unacknowledged: whoever waits for a reply has a limit of its own.
        let code = ccurl_set_socket_setup(handle, 60_000)
        return code != CURLE_OK ? code : receiveLines()
    }

    private func receiveLines() -> CURLcode {
        let code = ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        guard code == CURLE_OK else { return code }
        return ccurl_set_header_receiver(
            handle,
            { bytes, size, count, context in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                Unmanaged<GreetingBox>.fromOpaque(context).takeUnretainedValue().value.take(line)
                return size * count
            },
            // The box lives as long as the handle that calls it: both are this connection's.
            Unmanaged.passUnretained(greeting).toOpaque()
        )
    }

    /// The name for EHLO, as the path of libcurl's URL.
    static func ehloPath(_ name: String?) -> String {
        let name = name ?? machineName()
        var path = ""
        for byte in name.utf8.prefix(255) {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."):
                path.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "["): path += "%5B"
            case UInt8(ascii: "]"): path += "%5D"
            case UInt8(ascii: ":"): path += "%3A"
            default: break
            }
        }
        return path.isEmpty ? "localhost" : path
    }

    private static func machineName() -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, 255) == 0 else { return "" }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension Duration {
    /// Whole milliseconds as poll(2) takes them, rounded up, at most a day.
    var pollMilliseconds: Int32 {
        guard self > .zero else { return 0 }
        guard self < .seconds(86_400) else { return 86_400_000 }
        let (seconds, attoseconds) = components
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
