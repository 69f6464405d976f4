// Why a connection to a relay did not come about: the relay is down, wants less, or will never take us.

import CCurl
import Model

/// libcurl's end of a connection attempt, read beside what the relay has said.
struct SMTPConnectFailure {
    let code: CURLcode
    /// libcurl's own words.
    let words: String
    let greeting: SMTPGreeting
    let server: SMTPServer
    /// What no error may show: the password or token, in every form in which it travels.
    let secrets: [Secret<String>]

    var outcome: MailOutcome {
        switch code {
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: return credentialOutcome
        case CURLE_USE_SSL_FAILED:
            return .stop(MailStop(.tls, "\(server) offers no TLS (STARTTLS), so nothing was sent"))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return .stop(MailStop(.tls, "the certificate of \(server) is not to be trusted: \(shownWords)"))
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CERTPROBLEM:
            return .stop(MailStop(.tls, "TLS cannot be set up: \(shownWords)"))
        case CURLE_SSL_CONNECT_ERROR where !isCutShort:
            return .stop(MailStop(.tls, "TLS with \(server) fails: \(shownWords)"))
        case CURLE_REMOTE_ACCESS_DENIED:
            return .stop(MailStop(.settings, "\(server) refuses our name (EHLO): \(saidOrWords)"))
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            return .stop(MailStop(.settings, "libcurl cannot connect to \(server): \(shownWords)"))
        case CURLE_WEIRD_SERVER_REPLY: return greetingOutcome
        default: return .notTaken("no connection to \(server): \(shownWords)")
        }
    }

    /// A refused greeting: the relay's state, whatever the code, and nobody's mail.
    private var greetingOutcome: MailOutcome {
        guard let code = greeting.code, code >= 400 else {
            return .notTaken("\(server) does not speak SMTP: \(shownWords)")
        }
        let reply = said(code)
        if code < 500 { return .later(reply, slowDown: true) }
        return .notTaken("\(server) takes no mail: \(code) \(reply.text)")
    }

    /// libcurl says the same of a credential that is refused for good and for now, and of none that fits.
    private var credentialOutcome: MailOutcome {
        switch greeting.code {
        case let code? where 400..<500 ~= code: return .later(said(code), slowDown: true)
        case 334?:
            let status = Self.status(inChallenge: greeting.text)
            let words = status.map { "status \($0)" } ?? "it sends an error instead of taking it"
            return .stop(MailStop(.credentialRefused, "\(server) refuses the token: \(words)"))
        case let code? where code >= 500:
            return .stop(
                MailStop(.credentialRefused, "\(server) refuses the credential: \(code) \(said(code).text)")
            )
        default: return .stop(Self.noCommonAuthentication(server, greeting))
        }
    }

    /// A relay that would take mails without the credential that it was meant to get.
    static func noCommonAuthentication(_ server: SMTPServer, _ greeting: SMTPGreeting) -> MailStop {
        let offered = greeting.extensions.authentications.sorted().prefix(16).joined(separator: ", ")
        let words = offered.isEmpty ? "offers no way to authenticate" : "authenticates only by \(offered)"
        return MailStop(
            .settings,
            "\(server) \(SMTPReply.shown(words, hiding: "")), and no way that fits the credential"
        )
    }

    /// A connection that broke during the handshake says nothing of TLS.
    private var isCutShort: Bool {
        let lower = words.lowercased()
        return ["syscall", "reset", "unexpected eof", "timed out", "timeout"].contains { lower.contains($0) }
    }

    private var shownWords: String {
        SMTPReply.shown(
            words.isEmpty ? String(cString: curl_easy_strerror(code)) : words,
            hiding: "",
            secrets: secrets
        )
    }

    private var saidOrWords: String {
        greeting.code.map { "\($0) \(said($0).text)" } ?? shownWords
    }

    private func said(_ code: Int) -> SMTPReply {
        SMTPReply(code: code, text: Array(greeting.text.utf8), secrets: secrets)
    }

    /// The `status` of the JSON that Gmail and Microsoft send, in Base64, in place of a refusal.
    private static func status(inChallenge text: String) -> String? {
        guard let bytes = Base64.decoded(text) else { return nil }
        let json = String(decoding: bytes, as: UTF8.self)
        guard let match = json.firstMatch(of: #/"status"\s*:\s*"?([0-9A-Za-z_]{1,32})/#) else { return nil }
        return String(match.1)
    }
}

extension SMTPCredential {
    /// What no error may show: the secret itself, and the forms in which a relay gets to see it.
    var secrets: [Secret<String>] {
        switch self {
        case .none: return []
        case .password(let user, let password):
            let plain = "\0\(user)\0\(password.revealed)"
            return [password] + [plain, password.revealed].map(Self.base64)
        case .bearer(let user, let token):
            let forms = [
                "user=\(user)\u{1}auth=Bearer \(token.revealed)\u{1}\u{1}", token.revealed,
            ]
            return [token] + forms.map(Self.base64)
        }
    }

    private static func base64(_ text: String) -> Secret<String> {
        Secret(String(decoding: Base64.encoded(Array(text.utf8)), as: UTF8.self))
    }
}
