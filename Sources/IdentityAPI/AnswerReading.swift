// From an answer, or from its absence, to an outcome: the table that decides what is retried and what stops a run.

import Foundation
package import HTTPTransport
package import Vocabulary

/// Reads answers to `POST …/recovery/code`.
///
/// Facts: Ory Kratos v0.11 to v26.2, `strategy_recovery_admin.go`, `herodot`; the tests hold answers of a real
/// v26.2. Trust the HTTP status, then the `reason`; a gateway in between may answer anything.
package struct AnswerReading: Sendable {
    package let provider: Provider
    package let server: ServerURL
    /// Taken out of every text that a server sends, in case one echoes it.
    let token: BearerToken?

    package init(provider: Provider, server: ServerURL, token: BearerToken?) {
        self.provider = provider
        self.server = server
        self.token = token
    }

    /// The longest reason that is kept, in characters.
    private static let reasonLengthMax = 500

    package func outcome(of response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        switch response.status {
        case 200..<300: success(response)
        case 300..<400: .fatal(redirect(response))
        case 401: .fatal(credentialRefused(response))
        case 403: .fatal(forbidden(response))
        case 405: .fatal(wrongURL(405))
        case 408: transient(.timeout, response)
        case 429: rateLimited(response, now: now)
        case 400..<500 where response.isBodyTruncated: unreadable(response, "an answer of more than 1 MiB")
        case 404: notFound(response)
        case 400: badRequest(response)
        case 400..<500: .permanent(failure(.rejectedByServer, response))
        case 500..<600: transient(.serverError, response)
        default: unreadable(response, "an answer with the status \(response.status)")
        }
    }

    package func outcome(of error: TransportError) -> IssueOutcome {
        let failure = { (kind: FailureKind) in
            Failure(kind: kind, httpStatus: error.status, errorID: nil, reason: bounded(error.message))
        }
        switch error.kind {
        case .hostNotResolved:
            return .fatal(
                FatalAnswer(
                    .hostNotResolved,
                    "the host of \(server) has no address: check the name in --server"
                )
            )
        case .proxyNotResolved:
            return .fatal(
                FatalAnswer(
                    .hostNotResolved,
                    "the proxy has no address: check --proxy and the proxy variables of the environment"
                )
            )
        case .certificate:
            return .fatal(
                FatalAnswer(
                    .certificateRefused,
                    "the certificate of \(server) does not verify (\(bounded(error.message))): "
                        + "nothing was sent; check the name, the dates and the authority"
                )
            )
        case .timeout:
            return .transient(failure(.timeout), isAmbiguous: error.wasSent, holdFor: nil)
        case .incompleteAnswer, .protocolViolation:
            return .transient(failure(.unreadableAnswer), isAmbiguous: error.wasSent, holdFor: nil)
        default:
            return .transient(failure(.connection), isAmbiguous: error.wasSent, holdFor: nil)
        }
    }
}

// MARK: - One status at a time

extension AnswerReading {
    /// A code is never thrown away: any 2xx that holds one counts.
    private func success(_ response: HTTPResponse) -> IssueOutcome {
        if !response.isBodyTruncated, let recovery = RecoveryAnswer(body: response.body)?.recovery {
            return .issued(recovery)
        }
        if response.status == 201 || response.isBodyTruncated {
            return unreadable(response, "an answer without a readable code and link")
        }
        return .fatal(
            FatalAnswer(
                .notKratos,
                "\(server) answered \(response.status) without a code: that is not \(provider.title)'s admin API; "
                    + "check --server"
            )
        )
    }

    private func notFound(_ response: HTTPResponse) -> IssueOutcome {
        guard let error = ErrorAnswer(body: response.body) else { return .fatal(wrongURL(404)) }
        if error.mentions("could not find identity") {
            return .permanent(failure(.unknownIdentity, response))
        }
        if error.mentions("endpoint was disabled") {
            return .fatal(
                FatalAnswer(
                    .methodDisabled,
                    "\(server) has recovery by code switched off: set selfservice.methods.code.enabled to true there"
                )
            )
        }
        return .permanent(failure(.rejectedByServer, response))
    }

    private func badRequest(_ response: HTTPResponse) -> IssueOutcome {
        let error = ErrorAnswer(body: response.body)
        if error?.mentions("Unable to serialize access") == true { return transient(.serverError, response) }
        let parameters = ["expires_in", "flow_type", "return_to", "Content-Type"]
        if let error, let parameter = parameters.first(where: error.mentions) {
            return .fatal(
                FatalAnswer(
                    .parameterRefused,
                    "\(server) refuses the request's \(parameter), for every identity alike: "
                        + "\(reason(response)); change the option it comes from"
                )
            )
        }
        return .permanent(failure(.rejectedByServer, response))
    }

    private func rateLimited(_ response: HTTPResponse, now: Timestamp) -> IssueOutcome {
        .transient(
            failure(.rateLimited, response),
            isAmbiguous: false,
            holdFor: RetryHeaders.hold(in: response, now: now)
        )
    }

    private func forbidden(_ response: HTTPResponse) -> FatalAnswer {
        guard !response.isBodyTruncated, ErrorAnswer(body: response.body)?.id == "security_csrf_violation"
        else {
            return credentialRefused(response)
        }
        return FatalAnswer(
            .publicPort,
            "\(server) is the public port of \(provider.title): give the URL of its admin port "
                + "(4434 unless configured otherwise)"
        )
    }

    private func credentialRefused(_ response: HTTPResponse) -> FatalAnswer {
        let advice =
            token == nil
            ? "it wants a credential: give one by --api-key-file or LATCHSTRING_API_KEY"
            : "check that the key is right, has not expired and may manage identities"
        return FatalAnswer(
            .credentialRefused,
            "\(server) answered \(response.status): \(reason(response)); \(advice)"
        )
    }

    private func redirect(_ response: HTTPResponse) -> FatalAnswer {
        // Without its query, which might hold something private.
        let location =
            response.headers["location"].map { $0.prefix { $0 != "?" && $0 != "#" } } ?? "elsewhere"
        return FatalAnswer(
            .redirected,
            "\(server) redirects to \(bounded(String(location))); a redirect is never followed with a credential: "
                + "give the final URL as --server (the admin port, not the public one)"
        )
    }

    private func wrongURL(_ status: Int) -> FatalAnswer {
        FatalAnswer(
            .wrongURL,
            "\(server)\(provider.recoveryCodePath) does not exist there (\(status)): "
                + "check the host, the port and the path of --server, which goes without \(provider.recoveryCodePath)"
        )
    }

    private func transient(_ kind: FailureKind, _ response: HTTPResponse) -> IssueOutcome {
        .transient(failure(kind, response), isAmbiguous: false, holdFor: nil)
    }

    private func unreadable(_ response: HTTPResponse, _ what: String) -> IssueOutcome {
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
            errorID: error?.id.flatMap { $0.isEmpty ? nil : bounded($0) },
            reason: reason(response)
        )
    }

    /// What the server says, bounded; of anything but an Ory error only what it is.
    private func reason(_ response: HTTPResponse) -> String {
        if !response.isBodyTruncated, let error = ErrorAnswer(body: response.body),
            let text = error.reason ?? error.message
        {
            return bounded(text)
        }
        let type = response.headers["content-type"]?.prefix { $0 != ";" }
        return
            "an answer that is no error of \(provider.title)'s (\(bounded(type.map(String.init) ?? "no type")))"
    }

    /// One line of bounded length, in which the credential does not stand.
    private func bounded(_ text: String) -> String {
        var text = text
        if let token { text = text.replacingOccurrences(of: token.secret, with: "[redacted]") }
        let line = String(
            text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        )
        return line.count > Self.reasonLengthMax ? String(line.prefix(Self.reasonLengthMax - 1)) + "…" : line
    }
}
