// The refusals of whatever stands between here and the server: they are never an identity's fault.

import HTTPTransport
import Model

extension AnswerClassifier {
    /// Whether the server itself may have said it: an error in its own form.
    func isServers(_ response: HTTPResponse) -> Bool {
        !response.isBodyTruncated && ErrorAnswer(body: response.body) != nil
    }

    /// A 4xx without an error of the server's.
    ///
    /// 401 asks for a credential, whoever asks (RFC 9110, 15.5.2). What a gateway says for a while is tried
    /// again like a 5xx; what it would say to every request alike is a `gatewayError`, of which twenty in a
    /// row at the start of a run end it.
    func gateways(_ response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        let answer = GatewayAnswer(response)
        if answer.isOfTLSPort { return .fatal(plainHTTP) }
        if answer.isOfClientCertificate { return .fatal(clientCertificateMissing(response)) }
        switch response.status {
        case 401: return .fatal(credentialRefused(response))
        case 403: return .fatal(gatewayRefused(response))
        case 405: return .fatal(wrongURL(405))
        case 408: return transient(.timeout, response)
        case 429: return rateLimited(response, now: now)
        case _ where response.isBodyTruncated: return unreadable(response, "an answer of more than 1 MiB")
        case 404: return .fatal(wrongURL(404))
        case 400, 409: return transient(.serverError, response)
        default: return transient(.gatewayError, response)
        }
    }

    private var plainHTTP: FatalAnswer {
        let isPlain = server.requestBase.hasPrefix("http:")
        let advice: Wording =
            isPlain
            ? "begin \(.server) with https://"
            : "what stands before the server passes requests on without TLS; change it there"
        let way: Wording? = connection.proxy.map {
            "; the request went through \($0), and \(variable: .proxy, "none") goes past it"
        }
        return FatalAnswer(
            .plainHTTP,
            "\(server) answers that plain HTTP was sent to a port that speaks TLS",
            advice: advice + (way ?? "")
        )
    }

    private func clientCertificateMissing(_ response: HTTPResponse) -> FatalAnswer {
        FatalAnswer(
            .clientCertificateRefused,
            "\(server) wants a client certificate, or another one: it answered \(response.status) with "
                + "\(reason(response))",
            advice: "check \(.clientCertificate) and \(.clientKey)"
        )
    }

    /// A page that forbids: a firewall's or a gateway's, and not about the credential that the server knows.
    private func gatewayRefused(_ response: HTTPResponse) -> FatalAnswer {
        let maker = response.headers["server"].map { " (\(redaction.said(String($0.prefix(60)))))" } ?? ""
        let way: Wording? = connection.proxy.map {
            ", through \($0); \(variable: .proxy, "none") goes past it"
        }
        return FatalAnswer(
            .gatewayRefused,
            "\(host)\(maker) answered \(response.status) with \(reason(response)): a gateway or a firewall "
                + "before the server forbids the request\(way ?? "")",
            advice: "let it pass there, or check \(.server)"
        )
    }

    /// The host of the server, without scheme and path.
    private var host: String {
        let rest = server.requestBase.drop { $0 != "/" }.drop { $0 == "/" }
        return server.unixSocketPath == nil ? String(rest.prefix { $0 != "/" }) : "\(server)"
    }

    /// - Parameter status: what it answered; nil where it is no HTTP proxy.
    func proxyRefused(status: Int?) -> FatalAnswer {
        let wantsUser = status == 407 || status == nil
        let what = status.map { "answered \($0)" } ?? "refused the connection"
        return FatalAnswer(
            .proxyRefused,
            "\(connection.proxy.named) \(what), and no request reached \(server)",
            advice: connection.proxy.advice(wantsUser: wantsUser)
        )
    }
}
