// One request for nobody's code, which tells whether a run's requests would be understood.

import HTTPTransport
import Providers
import Model

/// Reads the answer to a request for the nil UUID, which is nobody's: where all is well it is refused as
/// unknown.
///
/// Facts: Ory Kratos v26.2 refuses a disabled method first, then what it cannot read, then parameters, and
/// looks for the identity last. So the identity that is not found shows that everything before was right.
struct IssuingCheck {
    let connection: ServerConnection
    let reading: AnswerClassifier
    let issueRequest: IssueRequest

    private var server: ServerURL { connection.server }
    private var provider: Provider { connection.provider }
    private var path: String { provider.issuePath(issueRequest.method) }

    /// Of the admin API, the credential and the method.
    func findings(_ reply: Reply) -> [Finding] {
        switch reply {
        case .failure(let error):
            .init(
                adminAPI: .problem(
                    .adminAPI,
                    "no answer from \(path) (\(connection.redaction.bounded(error.message)))",
                    "look at the server's log, or raise \(.timeout)"
                )
            )
        case .success(let response): findings(response)
        }
    }

    private func findings(_ response: HTTPResponse) -> [Finding] {
        switch reading.outcome(of: response, now: connection.now()) {
        case .issued:
            .init(
                adminAPI: .problem(
                    .adminAPI,
                    "\(server)\(path) issued a \(issueRequest.method.rawValue) for the nil UUID, which is "
                        + "nobody's",
                    "that is not \(provider): check \(.server) and \(.provider)"
                )
            )
        case .permanent(let failure), .again(let failure): refused(failure, response)
        case .transient(let failure, _, let hold): transient(failure, hold, response)
        case .fatal(let answer): fatal(answer)
        }
    }

    private func refused(_ failure: Failure, _ response: HTTPResponse) -> [Finding] {
        let said = "\(response.status): \(reading.reason(response))"
        if failure.kind == .unknownIdentity {
            return understood(
                .ok(
                    .method,
                    "recovery by \(issueRequest.method.rawValue) is enabled (asked for nobody; nothing was "
                        + "issued)"
                )
            )
        }
        guard response.status != 404 else {
            return .init(
                adminAPI: .problem(
                    .adminAPI,
                    "\(server)\(path) answered \(said)",
                    "check the path of \(.server), and \(.provider)"
                )
            )
        }
        return understood(
            .problem(
                .method,
                "a request for a \(issueRequest.method.rawValue) is refused with \(said)",
                "leave out what the server may not know, such as \(.flowType) and \(.returnTo); look at its "
                    + "log"
            )
        )
    }

    private func transient(_ failure: Failure, _ hold: Duration?, _ response: HTTPResponse) -> [Finding] {
        let said = "\(path) answered \(response.status): \(reading.reason(response))"
        guard failure.kind != .unreadableAnswer else {
            return .init(
                adminAPI: .problem(
                    .adminAPI,
                    "\(said)",
                    "that is not \(provider): check \(.server) and \(.provider)"
                )
            )
        }
        let wait =
            hold.map { "wait \($0.inWords), then ask again" } ?? "look at the server's log, then ask again"
        return .init(adminAPI: .warning(.adminAPI, "\(said)", "\(wait); a run would try again by itself"))
    }

    /// The request got as far as to where methods are looked at.
    private func understood(_ method: Finding) -> [Finding] {
        .init(
            adminAPI: .ok(.adminAPI, "\(server) is the admin API, and \(path) is there"),
            credential: .ok(.credential, connection.sendsCredential ? "accepted" : "none given, none wanted"),
            method: method
        )
    }
}

// MARK: - Answers that every identity would get

extension IssuingCheck {
    private func fatal(_ answer: FatalAnswer) -> [Finding] {
        switch answer.code {
        case .credentialRefused:
            .init(
                adminAPI: .skipped(.adminAPI, "the credential was refused before it showed"),
                credential: .problem(.credential, answer.message, answer.advice),
                why: "the credential was refused"
            )
        case .methodDisabled, .parameterRefused:
            understood(.problem(.method, answer.message, answer.advice))
        default: .init(adminAPI: .problem(.adminAPI, answer.message, answer.advice))
        }
    }
}

extension [Finding] {
    /// What the request for nobody tells; what does not show is skipped.
    fileprivate init(
        adminAPI: Finding,
        credential: Finding? = nil,
        method: Finding? = nil,
        why: Wording = "the admin API did not answer as it should"
    ) {
        self = [adminAPI, credential ?? .skipped(.credential, why), method ?? .skipped(.method, why)]
    }
}
