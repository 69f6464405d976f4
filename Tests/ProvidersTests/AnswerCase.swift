// One answer of a server and what it has to be read as.

import HTTPTransport
import Providers
import Testing
import Model

/// An outcome without its sentences: what the tables of the tests compare.
enum OutcomeClass: Hashable, Sendable {
    case issued(code: String, link: String, expiresAt: String?)
    case permanent(FailureKind)
    case transient(FailureKind, isAmbiguous: Bool = false, holdFor: Duration? = nil)
    case again
    case fatal(FatalAnswer.Code)

    init(_ outcome: IssueOutcome) {
        switch outcome {
        case .issued(let recovery):
            self = .issued(code: recovery.code, link: recovery.link, expiresAt: recovery.expiresAtText)
        case .permanent(let failure): self = .permanent(failure.kind)
        case .transient(let failure, let isAmbiguous, let hold):
            self = .transient(failure.kind, isAmbiguous: isAmbiguous, holdFor: hold)
        case .again: self = .again
        case .fatal(let answer): self = .fatal(answer.code)
        }
    }

    /// A success that cannot be read: there may be a code that nobody has.
    static let unreadable = OutcomeClass.transient(.unreadableAnswer, isAmbiguous: true)
}

/// One answer, and the outcome it has to come to.
struct AnswerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int
    var headers: [HTTPHeader]
    let body: [UInt8]
    let expected: OutcomeClass

    init(
        _ name: String,
        _ status: Int,
        _ headers: [String: String],
        bytes body: [UInt8],
        _ expected: OutcomeClass
    ) {
        self.name = name
        self.status = status
        self.headers = headers.sorted { $0.key < $1.key }.map { HTTPHeader(name: $0.key, value: $0.value) }
        self.body = body
        self.expected = expected
    }

    init(
        _ name: String,
        _ status: Int,
        _ headers: [String: String],
        _ body: String,
        _ expected: OutcomeClass
    ) {
        self.init(name, status, headers, bytes: Array(body.utf8), expected)
    }

    var testDescription: String { name }

    var response: HTTPResponse { HTTPResponse(status: status, headers: HTTPHeaders(headers), body: body) }

    static let json = ["Content-Type": "application/json; charset=utf-8"]
    static let oryError = ["Content-Type": "application/json", "Ory-Error-Id": ""]
    static let plain = ["Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"]
    static let html = ["Content-Type": "text/html"]

    static let all = recorded + gateways + onTheWay + oddSuccesses + oddRefusals + blanks
}
