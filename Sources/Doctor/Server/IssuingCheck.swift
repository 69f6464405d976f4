// One request for nobody's code, which tells whether a run's requests would be understood.

import HTTPTransport
import IdentityAPI
import Vocabulary

/// Reads the answer to a request for the nil UUID, which is nobody's: where all is well it is refused as
/// unknown.
///
/// Facts: Ory Kratos v26.2 refuses a disabled method first, then what it cannot read, then parameters, and
/// looks for the identity last. So the identity that is not found shows that everything before was right.
struct IssuingCheck {
    let connection: ServerConnection
    let reading: AnswerReading
    let wish: IssueRequest

    private var server: ServerURL { connection.server }
    private var provider: Provider { connection.provider }
    private var path: String { provider.issuePath(wish.method) }

    /// Of the admin API, the credential and the method.
    func findings(_ reply: Reply) -> [Finding] {
        switch reply {
        case .failure(let error):
            .init(
                adminAPI: .problem(
                    .adminAPI,
                    "no answer from \(path) (\(connection.redaction.bounded(error.message)))",
                    "look at the server's log, or raise --timeout"
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
                    "\(server)\(path) issued a \(wish.method.rawValue) for the nil UUID, which is nobody's",
                    "that is not \(provider): check --server and --provider"
                )
            )
        case .permanent(let failure), .again(let failure): refused(failure, response)
        case .transient(let failure, _, let hold): transient(failure, hold, response)
        case .fatal(let answer): fatal(answer, response)
        }
    }

    private func refused(_ failure: Failure, _ response: HTTPResponse) -> [Finding] {
        let said = "\(response.status): \(reading.reason(response))"
        if failure.kind == .unknownIdentity {
            return understood(
                .ok(
                    .method,
                    "recovery by \(wish.method.rawValue) is enabled (asked for nobody; nothing was issued)"
                )
            )
        }
        guard response.status != 404 else {
            return .init(
                adminAPI: .problem(
                    .adminAPI,
                    "\(server)\(path) answered \(said)",
                    "check the path of --server, and --provider"
                )
            )
        }
        return understood(
            .problem(
                .method,
                "a request for a \(wish.method.rawValue) is refused with \(said)",
                "leave out what the server may not know, such as --flow-type and --return-to; look at its log"
            )
        )
    }

    private func transient(_ failure: Failure, _ hold: Duration?, _ response: HTTPResponse) -> [Finding] {
        let said = "\(path) answered \(response.status): \(reading.reason(response))"
        guard failure.kind != .unreadableAnswer else {
            return .init(
                adminAPI: .problem(.adminAPI, said, "that is not \(provider): check --server and --provider")
            )
        }
        let wait =
            hold.map { "wait \($0.inWords), then ask again" } ?? "look at the server's log, then ask again"
        return .init(adminAPI: .warning(.adminAPI, said, "\(wait); a run would try again by itself"))
    }

    /// The request got as far as to where methods are looked at.
    private func understood(_ method: Finding) -> [Finding] {
        let sendsCredential =
            connection.credential.token != nil || connection.headers.contains(where: \.isCredential)
        return .init(
            adminAPI: .ok(.adminAPI, "\(server) is the admin API, and \(path) is there"),
            credential: .ok(.credential, sendsCredential ? "accepted" : "none given, none wanted"),
            method: method
        )
    }
}

// MARK: - Answers that every identity would get

extension IssuingCheck {
    private func fatal(_ answer: FatalAnswer, _ response: HTTPResponse) -> [Finding] {
        switch answer.code {
        case .credentialRefused:
            let isGiven =
                connection.credential.token != nil || connection.headers.contains(where: \.isCredential)
            return .init(
                adminAPI: .skipped(.adminAPI, "the credential was refused before it showed"),
                credential: .problem(
                    .credential,
                    "the server answered \(response.status): \(reading.reason(response))",
                    isGiven
                        ? provider.credentialAdvice
                        : "it wants a credential: give one by --api-key-file or LATCHSTRING_API_KEY"
                ),
                why: "the credential was refused"
            )
        case .methodDisabled:
            let other: RecoveryMethod = wish.method == .code ? .link : .code
            return understood(
                .problem(
                    .method,
                    "recovery by \(wish.method.rawValue) is switched off on the server",
                    "set selfservice.methods.\(wish.method.rawValue).enabled to true there, or use "
                        + "--method \(other.rawValue)"
                )
            )
        case .parameterRefused:
            return understood(
                .problem(
                    .method,
                    "recovery by \(wish.method.rawValue) is enabled, but the request is refused: "
                        + reading.reason(response),
                    "change --expires-in, --flow-type or --return-to, whichever that is about"
                )
            )
        case .proxyRefused, .plainHTTP, .gatewayRefused, .clientCertificateRefused:
            return .init(adminAPI: onTheWay(answer))
        default: return .init(adminAPI: wrongDoor(answer.code, response))
        }
    }

    /// What stands between here and the server; the sentence's last part is the advice.
    private func onTheWay(_ answer: FatalAnswer) -> Finding {
        let parts = answer.sentence.split(separator: ": ", omittingEmptySubsequences: false)
        guard let advice = parts.last, parts.count > 1 else {
            return .problem(.adminAPI, answer.sentence, "see what stands before the server")
        }
        return .problem(.adminAPI, parts.dropLast().joined(separator: ": "), String(advice))
    }

    private func wrongDoor(_ code: FatalAnswer.Code, _ response: HTTPResponse) -> Finding {
        switch code {
        case .publicPort:
            .problem(
                .adminAPI,
                "\(server) is the public port of \(provider)",
                "give the URL of its admin port (4434 unless configured otherwise)"
            )
        case .redirected:
            .problem(
                .adminAPI,
                "\(server) redirects to \(location(response)), and no redirect is followed with a credential",
                "give the final URL as --server: of the admin port, not the public one"
            )
        case .wrongURL:
            .problem(.adminAPI, "\(server)\(path) does not exist there (\(response.status))", pathAdvice)
        default:
            .problem(
                .adminAPI,
                "\(server)\(path) answered \(response.status), and not as \(provider) does",
                "check --server and --provider"
            )
        }
    }

    /// Where a redirect leads, without its query, which might hold something private.
    private func location(_ response: HTTPResponse) -> String {
        let target = response.headers["location"].map { $0.prefix { $0 != "?" && $0 != "#" } } ?? "elsewhere"
        return connection.redaction.bounded(String(target))
    }

    /// What is wrong with the path, as far as it shows.
    private var pathAdvice: String {
        for part in path.split(separator: "/").prefix(2) where server.requestBase.hasSuffix("/\(part)") {
            return "leave /\(part) out at the end of --server: it is added"
        }
        let others = Provider.all.filter { $0.name != provider.name && $0.issuePath(wish.method) != path }
        let names = others.map { "--provider \($0.name)" }.joined(separator: " or ")
        return "check the host, the port and the path of --server, which goes without \(path)"
            + (names.isEmpty ? "" : "; or is it \(names)?")
    }
}

extension [Finding] {
    /// What the request for nobody tells; what does not show is skipped.
    fileprivate init(
        adminAPI: Finding,
        credential: Finding? = nil,
        method: Finding? = nil,
        why: String = "the admin API did not answer as it should"
    ) {
        self = [adminAPI, credential ?? .skipped(.credential, why), method ?? .skipped(.method, why)]
    }
}
