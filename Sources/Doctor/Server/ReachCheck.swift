// The way to a server: from its name to the first byte of an answer.

import HTTPTransport
import Providers
import Model

/// One answer, or why there is none.
typealias Reply = Result<HTTPResponse, TransportError>

/// Reads from the first request whether the server can be reached.
struct ReachCheck {
    let connection: ServerConnection

    private var server: ServerURL { connection.server }

    func finding(_ reply: Reply) -> Finding {
        switch reply {
        case .success(let response): .ok(.reach, "\(Self.message(server, response))")
        case .failure(let error): finding(error)
        }
    }

    private static func message(_ server: ServerURL, _ response: HTTPResponse) -> String {
        var text = "\(server) answers over \(response.httpVersion.rawValue)"
        guard let facts = response.connection else { return text }
        if let address = facts.address {
            let port = facts.port.map { " port \($0)" } ?? ""
            let via = facts.proxyStatus == nil ? "connected to" : "through the proxy at"
            text += ", \(via) \(address)\(port)"
        }
        let steps: [(String, Duration?)] = [
            ("name", server.unixSocketPath == nil ? facts.nameLookup : nil), ("connection", facts.connected),
            ("TLS", facts.secured),
            ("answer", facts.answered),
        ]
        let times = steps.compactMap { step in step.1.map { "\(step.0) after \(Self.milliseconds($0))" } }
        return times.isEmpty ? text : text + " (\(times.joined(separator: ", ")))"
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\((duration.inSeconds * 10_000).rounded() / 10) ms"
    }

    private func finding(_ error: TransportError) -> Finding {
        let why = connection.redaction.bounded(error.message)
        switch error.phase {
        case .nameLookup where error.kind == .proxyNotResolved:
            return .problem(
                .reach,
                "the proxy's host has no address (\(why))",
                "it is \(connection.proxy.named): \(ProxyInUse.checkSettings)"
            )
        case .nameLookup
        where error.kind == .hostNotResolvedForNow || error.kind == .proxyNotResolvedForNow:
            return .problem(
                .reach,
                "\(server) cannot be looked for: \(why)",
                "check this machine's DNS (/etc/resolv.conf), and try again"
            )
        case .nameLookup:
            return .problem(
                .reach,
                "the host of \(server) has no address (\(why))",
                "check the name in \(.server), and this machine's DNS"
            )
        case .connection:
            return .problem(.reach, "no connection to \(server) came about (\(why))", advice(error))
        case .tls:
            return .ok(.reach, "a connection to \(server) came about")
        case .exchange:
            return .problem(
                .reach,
                "\(server) takes connections and does not answer as it should (\(why))",
                "check the port and whether it is http or https in \(.server), or raise \(.timeout)"
            )
        case nil:
            return .problem(
                .reach,
                "nothing could be sent to \(server) (\(why))",
                "check \(.server) and \(.header)"
            )
        }
    }

    private func advice(_ error: TransportError) -> Wording {
        if case .proxyRefused(let status) = error.kind {
            let what = status.map { "answered \($0)" } ?? "refused the connection"
            return "\(connection.proxy.named) \(what): "
                + connection.proxy.advice(wantsUser: status == 407 || status == nil)
        }
        if let status = error.connection?.proxyStatus, !(200..<300).contains(status) {
            return "\(connection.proxy.named) answered \(status): check \(.proxy) and what it lets through"
        }
        if let proxy = connection.proxy {
            return
                "the way leads through \(proxy): check that it runs; \(variable: .proxy, "none") goes past it"
        }
        if server.unixSocketPath != nil {
            return "check that the server runs, that the socket is there and that this user may open it"
        }
        return error.kind == .connectTimeout
            ? "check the host, the port, and the firewalls on the way: packets seem to be dropped"
            : "check that the server runs, and the host and the port of \(.server)"
    }
}
