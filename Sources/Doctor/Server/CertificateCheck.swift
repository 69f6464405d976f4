// TLS: whether the certificate is good, and for how long yet.

import HTTPTransport
import Providers
import Model

/// Reads from the first request whom TLS found at the other end.
struct CertificateCheck {
    let connection: ServerConnection

    /// A certificate that expires sooner is worth a word.
    static let remainderMin: Duration = .seconds(14 * 86_400)

    private var server: ServerURL { connection.server }
    private var redaction: Redaction { connection.redaction }

    func finding(_ reply: Reply) -> Finding {
        if server.unixSocketPath != nil { return .skipped(.tls, "a Unix socket needs no TLS") }
        guard server.requestBase.hasPrefix("https:") else {
            return server.isLoopback
                ? .skipped(.tls, "not encrypted, and does not leave this machine")
                : .warning(
                    .tls,
                    "codes and keys travel to \(server) unencrypted",
                    "use https, unless the network between is yours alone"
                )
        }
        switch reply {
        case .success(let response): return finding(response.connection?.certificates.first)
        case .failure(let error) where error.phase == .tls: return finding(error)
        case .failure: return .skipped(.tls, "no connection came about")
        }
    }

    /// A certificate that was accepted.
    private func finding(_ certificate: ConnectionFacts.Certificate?) -> Finding {
        guard let certificate else { return .ok(.tls, "the certificate is good") }
        guard let seconds = certificate.expire.secondsSince1970 else {
            return .ok(.tls, "the certificate is good: \(shown(certificate))")
        }
        let left = connection.now().duration(to: Timestamp(milliseconds: seconds * 1000))
        guard left < Self.remainderMin else {
            return .ok(.tls, "the certificate is good for another \(left.inWords): \(shown(certificate))")
        }
        return .warning(
            .tls,
            "the certificate expires in \(left.inWords), on \(certificate.expire.text)",
            "renew it on the server before then: a run stops where it has expired"
        )
    }

    private func finding(_ error: TransportError) -> Finding {
        let why = redaction.bounded(error.message)
        switch error.kind {
        case .certificate: return refusedCertificate(error, why)
        case .clientCertificate:
            return .problem(
                .tls,
                "the server misses or refuses this client's certificate (\(why))",
                "check \(.clientCertificate) and \(.clientKey), and which authority the server wants"
            )
        default:
            return .problem(
                .tls,
                "no encrypted connection to \(server) came about (\(why))",
                "check that the port of \(.server) speaks https, and not http"
            )
        }
    }

    private func refusedCertificate(_ error: TransportError, _ why: String) -> Finding {
        let certificate = error.connection?.certificates.first
        let what = certificate.map { ": \(shown($0))" } ?? ""
        switch error.connection?.certificateProblem {
        case .expired:
            let date = certificate.map { " on \(redaction.bounded($0.expire.text))" } ?? ""
            return .problem(
                .tls,
                "the certificate of \(server) expired\(date)",
                "renew it on the server; where it has been, check this machine's clock"
            )
        case .notYetValid:
            let date = certificate.map { " before \(redaction.bounded($0.start.text))" } ?? ""
            return .problem(
                .tls,
                "the certificate of \(server) is not valid yet\(date)",
                "check this machine's clock, and the certificate"
            )
        case .selfSigned:
            return .problem(
                .tls,
                "the certificate of \(server) is self-signed, or its authority is\(what)",
                "where it is the right one, name the authority's certificate by \(.authorities)"
            )
        case .unknownAuthority:
            return .problem(
                .tls,
                "the certificate of \(server) is from an authority that is not known here\(what)",
                "name the authority's certificate by \(.authorities), or let the server send those in between"
            )
        case .otherName:
            let names = certificate.map { " but for \(redaction.bounded($0.alternativeNames))" } ?? ""
            return .problem(
                .tls,
                "the certificate is not for the host of \(server)\(names)",
                "give a name that it is for in \(.server), or get one for this name"
            )
        case .other, nil:
            return .problem(
                .tls,
                "the certificate of \(server) does not verify (\(why))\(what)",
                "check its name, its dates and its authority"
            )
        }
    }

    private func shown(_ certificate: ConnectionFacts.Certificate) -> String {
        redaction.bounded("\(certificate.subject), issued by \(certificate.issuer)")
    }
}
