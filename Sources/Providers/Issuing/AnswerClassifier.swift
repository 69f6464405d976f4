// From an answer, or from its absence, to an outcome: the table that decides what is retried and what stops a
// run.

import Foundation
package import HTTPTransport
package import Model

/// What it can mean that no answer came.
enum Silence {
    /// Worth retrying. `isAmbiguous`: the server may have done what it was asked for.
    case transient(Failure, isAmbiguous: Bool)
    /// The server left the request unread.
    case unread(Failure)
    /// The same for every request.
    case fatal(FatalAnswer)
}

/// Reads answers to `POST …/recovery/code` and `POST …/recovery/link`.
///
/// Facts: Ory Kratos v0.11 to v26.2, `strategy_recovery_admin.go`, `herodot`; the tests hold answers of a
/// real v26.2. Trust the HTTP status, then the `reason`; a gateway in between may answer anything.
package struct AnswerClassifier: Sendable {
    let connection: ServerConnection
    private let method: RecoveryMethod
    let redaction: Redaction

    var provider: Provider { connection.provider }
    var server: ServerURL { connection.server }

    package init(_ connection: ServerConnection, method: RecoveryMethod) {
        self.connection = connection
        self.method = method
        redaction = connection.redaction
    }

    package func outcome(of response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        switch response.status {
        case 200..<300: success(response)
        case 300..<400: .fatal(redirect(response))
        case 407: .fatal(proxyRefused(status: 407))
        case 421, 423, 424, 425, 449, 460, 499: transient(.serverError, response)
        case 400..<500 where !isServers(response): gateways(response, now: now)
        case 401: .fatal(credentialRefused(response))
        case 403: .fatal(forbidden(response))
        case 405: .fatal(wrongURL(405))
        case 408: transient(.timeout, response)
        case 429: rateLimited(response, now: now)
        case 404: notFound(response)
        case 400: badRequest(response)
        case 400..<500: .permanent(failure(.rejectedByServer, response))
        case 503: unavailable(response, now: now)
        case 500..<600: transient(.serverError, response)
        default: unreadable(response, "an answer with the status \(response.status)")
        }
    }

    package func outcome(of error: TransportError) -> IssueOutcome {
        switch silence(error) {
        case .fatal(let answer): .fatal(answer)
        case .transient(let failure, let isAmbiguous):
            .transient(failure, isAmbiguous: isAmbiguous, holdFor: nil)
        case .unread(let failure): .again(failure)
        }
    }

    /// What it means that no answer came.
    func silence(_ error: TransportError) -> Silence {
        // Where nothing could be sent, the proxy is as likely to be the reason as the server.
        let way = error.wasSent ? "" : connection.proxy.map { ", through \($0)" } ?? ""
        let failure = { (kind: FailureKind) in
            Failure(
                kind: kind,
                httpStatus: error.status,
                errorID: nil,
                reason: redaction.bounded(error.message + way)
            )
        }
        switch error.kind {
        case .hostNotResolved:
            return .fatal(
                FatalAnswer(
                    .hostNotResolved,
                    "the host of \(server) has no address",
                    advice: "check the name in \(.server)"
                )
            )
        case .proxyNotResolved:
            return .fatal(
                FatalAnswer(
                    .proxyNotResolved,
                    "\(connection.proxy.named) has no address",
                    advice: ProxyInUse.checkSettings
                )
            )
        case .proxyRefused(let status): return .fatal(proxyRefused(status: status))
        case .notProcessed: return .unread(failure(.connection))
        case .certificate:
            return .fatal(
                FatalAnswer(
                    .certificateRefused,
                    "the certificate of \(server) does not verify (\(redaction.bounded(error.message))): "
                        + "nothing was sent",
                    advice:
                        "check its name, its dates and its authority (\(.authorities) names one of your own)"
                )
            )
        case .clientCertificate:
            return .fatal(
                FatalAnswer(
                    .clientCertificateRefused,
                    "\(server) and the client certificate do not go together "
                        + "(\(redaction.bounded(error.message)))",
                    advice: "check \(.clientCertificate) and \(.clientKey)"
                )
            )
        case .timeout:
            return .transient(failure(.timeout), isAmbiguous: error.wasSent)
        case .incompleteAnswer, .protocolViolation:
            return .transient(failure(.unreadableAnswer), isAmbiguous: error.wasSent)
        default:
            return .transient(failure(.connection), isAmbiguous: error.wasSent)
        }
    }
}

// MARK: - One status at a time

extension AnswerClassifier {
    /// A code is never thrown away: any 2xx that holds one counts.
    private func success(_ response: HTTPResponse) -> IssueOutcome {
        if !response.isBodyTruncated,
            let recovery = RecoveryAnswer(body: response.body, method: method)?.recovery
        {
            return .issued(recovery)
        }
        // 200 is what any web server says: as a success of ours it is JSON.
        let isPlausible = response.status == 201 || isJSON(response)
        if response.isBodyTruncated || (response.status == method.successStatus && isPlausible) {
            return unreadable(
                response,
                "an answer without a readable \(method == .code ? "code and link" : "link")"
            )
        }
        return .fatal(
            FatalAnswer(
                .notKratos,
                "\(server) answered \(response.status) without a \(method.rawValue): that is not "
                    + "\(provider.title)'s admin API",
                advice: "check \(.server)"
            )
        )
    }

    private func isJSON(_ response: HTTPResponse) -> Bool {
        response.headers["content-type"]?.lowercased().contains("json") == true
    }

    private func notFound(_ response: HTTPResponse) -> IssueOutcome {
        guard let error = ErrorAnswer(body: response.body) else { return .fatal(wrongURL(404)) }
        if error.mentions("could not find identity") {
            return .permanent(failure(.unknownIdentity, response))
        }
        if error.mentions("endpoint was disabled") { return .fatal(methodDisabled) }
        // Ory's own gateway answers in the same form, as while its rules are loaded anew.
        if error.mentions("does not match any rules") { return transient(.gatewayError, response) }
        return .permanent(failure(.rejectedByServer, response))
    }

    private var methodDisabled: FatalAnswer {
        let other: RecoveryMethod = method == .code ? .link : .code
        return FatalAnswer(
            .methodDisabled,
            "\(server) has recovery by \(method.rawValue) switched off",
            advice: "set selfservice.methods.\(method.rawValue).enabled to true there, or use "
                + "\(.method, other.rawValue)"
        )
    }

    private func badRequest(_ response: HTTPResponse) -> IssueOutcome {
        let error = ErrorAnswer(body: response.body)
        if error?.mentions("requested identity id does not exist") == true {
            return .permanent(failure(.unknownIdentity, response))
        }
        if error?.mentions("Unable to serialize access") == true { return transient(.serverError, response) }
        let parameters: [(name: String, setting: SettingName?)] = [
            ("expires_in", .expiresIn), ("flow_type", .flowType), ("return_to", .returnTo),
            ("Content-Type", nil),
        ]
        if let error, let parameter = parameters.first(where: { error.mentions($0.name) }) {
            return .fatal(
                FatalAnswer(
                    .parameterRefused,
                    "\(server) refuses the request's \(parameter.name), for every identity alike: "
                        + "\(reason(response))",
                    advice: parameter.setting.map { "change \($0)" }
                        ?? "look at what changes requests on the way"
                )
            )
        }
        return .permanent(failure(.rejectedByServer, response))
    }

    func rateLimited(_ response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        .transient(
            failure(.rateLimited, response),
            isAmbiguous: false,
            holdFor: RetryHeaders.hold(in: response.headers, now: now)
        )
    }

    private func unavailable(_ response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        .transient(
            failure(.serverError, response),
            isAmbiguous: false,
            holdFor: RetryHeaders.retryAfter(in: response.headers, now: now)
        )
    }

    private func forbidden(_ response: HTTPResponse) -> FatalAnswer {
        guard ErrorAnswer(body: response.body)?.id == "security_csrf_violation" else {
            return credentialRefused(response)
        }
        return FatalAnswer(
            .publicPort,
            "\(server) is the public port of \(provider.title)",
            advice: "give the URL of its admin port (4434 unless configured otherwise)"
        )
    }

    func credentialRefused(_ response: HTTPResponse) -> FatalAnswer {
        FatalAnswer(
            .credentialRefused,
            "\(server) answered \(response.status): \(reason(response))",
            advice: connection.sendsCredential
                ? provider.credentialAdvice
                : "it wants a credential: give one by \(.apiKeyFile) or \(variable: .apiKey)"
        )
    }

    private func redirect(_ response: HTTPResponse) -> FatalAnswer {
        // Without its query, which might hold something private.
        let location =
            response.headers["location"].map { $0.prefix { $0 != "?" && $0 != "#" } } ?? "elsewhere"
        return FatalAnswer(
            .redirected,
            "\(server) redirects to \(redaction.said(String(location))); a redirect is never "
                + "followed with a credential",
            advice: "give the final URL as \(.server) (the admin port, not the public one)"
        )
    }

    func wrongURL(_ status: Int) -> FatalAnswer {
        let path = provider.issuePath(method)
        return FatalAnswer(
            .wrongURL,
            "\(server)\(path) does not exist there (\(status))",
            advice: pathAdvice(path)
        )
    }

    /// What is wrong with the path, as far as it shows.
    private func pathAdvice(_ path: String) -> Wording {
        for part in path.split(separator: "/").prefix(2) where server.requestBase.hasSuffix("/\(part)") {
            return "leave /\(part) out at the end of \(.server): it is added"
        }
        let others = Provider.all.filter { $0.name != provider.name && $0.issuePath(method) != path }
            .map { "\(.provider, $0.name)" as Wording }.joined(separator: " or ")
        return "check the host, the port and the path of \(.server), which goes without \(path)"
            + (others.isEmpty ? "" : "; or is it \(others)?")
    }

    /// A refusal of a credential in whose place there is another.
    func refused(_ response: HTTPResponse) -> Failure {
        failure(.rejectedByServer, response)
    }

    func transient(_ kind: FailureKind, _ response: HTTPResponse) -> IssueOutcome {
        .transient(failure(kind, response), isAmbiguous: false, holdFor: nil)
    }

    func unreadable(_ response: HTTPResponse, _ what: String) -> IssueOutcome {
        .transient(
            Failure(kind: .unreadableAnswer, httpStatus: response.status, errorID: nil, reason: what),
            isAmbiguous: true,
            holdFor: nil
        )
    }

    private func failure(_ kind: FailureKind, _ response: HTTPResponse) -> Failure {
        let error = response.isBodyTruncated ? nil : ErrorAnswer(body: response.body)
        return Failure(
            kind: kind,
            httpStatus: response.status,
            errorID: error?.id.flatMap { $0.isEmpty ? nil : redaction.said($0) },
            reason: reason(response)
        )
    }

    /// What the server says, bounded; of anything but an Ory error only what it is.
    package func reason(_ response: HTTPResponse) -> String {
        if !response.isBodyTruncated, let error = ErrorAnswer(body: response.body),
            let text = [error.reason, error.message].lazy.compactMap({ $0 }).first(where: { !$0.isEmpty })
        {
            return redaction.said(text)
        }
        let answer = GatewayAnswer(response)
        let type = redaction.said(answer.type ?? "no type")
        return "\(answer.words(redaction.said)), which is no error of \(provider.title)'s (\(type))"
    }
}
