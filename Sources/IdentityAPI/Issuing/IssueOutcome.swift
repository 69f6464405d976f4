// What one request for a code or a link can come to.

package import Vocabulary

/// What one request came to.
package enum IssueOutcome: Sendable {
    case issued(Recovery)
    /// Never worth retrying.
    case permanent(Failure)
    /// Worth retrying. `isAmbiguous`: the server may have issued a code that nobody has. `holdFor`: the
    /// server wants nobody to ask for that long; nil where it does not say.
    case transient(Failure, isAmbiguous: Bool, holdFor: Duration?)
    /// Nothing came of it, through no fault of the identity's: to be asked again at once.
    case again(Failure)
    /// The same for every identity.
    case fatal(FatalAnswer)
}

/// A request's outcome with what identifies it.
package struct IssueReply: Sendable {
    package let outcome: IssueOutcome
    /// The `X-Request-ID` that was sent.
    package let requestID: String
    /// Whether the request may have reached the server.
    package let wasSent: Bool
    /// Whether anything that answers HTTP was there.
    package let wasAnswered: Bool
    /// What is odd about the invitation.
    package let remarks: [AnswerRemark]
    /// What the answer said about the server's limits; nil where it said nothing, and where there was none.
    package let limits: LimitAnnouncement?

    package init(
        outcome: IssueOutcome,
        requestID: String,
        wasSent: Bool,
        wasAnswered: Bool,
        remarks: [AnswerRemark] = [],
        limits: LimitAnnouncement? = nil
    ) {
        self.outcome = outcome
        self.requestID = requestID
        self.wasSent = wasSent
        self.wasAnswered = wasAnswered
        self.remarks = remarks
        self.limits = limits
    }
}

/// A code and a link, as the server sent them.
package struct Recovery: Hashable, Sendable {
    /// Opaque text, whose leading zeros count; empty where the link is all.
    package var code: String { secretCode.revealed }
    /// May be relative.
    package var link: String { secretLink.revealed }
    /// RFC 3339 as sent; nil when the server sent none.
    package let expiresAtText: String?
    /// The same as a time; nil also where the text is none.
    package let expiresAt: Timestamp?

    private let secretCode: Secret<String>
    private let secretLink: Secret<String>

    package init(code: String, link: String, expiresAtText: String?) {
        secretCode = Secret(code)
        secretLink = Secret(link)
        self.expiresAtText = expiresAtText
        expiresAt = expiresAtText.flatMap(Timestamp.init(rfc3339:))
    }
}

/// The kinds of failure that reports name; the raw values are part of the report's format.
package enum FailureKind: String, Sendable, CaseIterable {
    case unknownIdentity = "unknown_identity"
    /// Looked up beforehand, and switched off: its code would open nothing.
    case inactiveIdentity = "inactive_identity"
    case rejectedByServer = "rejected_by_server"
    case serverError = "server_error"
    case rateLimited = "rate_limited"
    case timeout
    case connection
    case unreadableAnswer = "unreadable_answer"
    /// Refused by something before the server, which every request would be.
    case gatewayError = "gateway_error"
}

/// Why a request failed.
package struct Failure: Hashable, Sendable {
    package let kind: FailureKind
    package let httpStatus: Int?
    /// The server's `error.id`.
    package let errorID: String?
    /// The server's own words, or what happened; never a credential or the body of a success.
    package let reason: String

    package init(kind: FailureKind, httpStatus: Int?, errorID: String?, reason: String) {
        self.kind = kind
        self.httpStatus = httpStatus
        self.errorID = errorID
        self.reason = reason
    }
}

/// An answer that every identity would get: the run has to stop.
package struct FatalAnswer: Hashable, Sendable, ProblemError {
    /// The raw values are part of the summary's format (`stopped_because`).
    package enum Code: String, Sendable, CaseIterable {
        case credentialRefused = "credential_refused"
        case publicPort = "public_port"
        case methodDisabled = "method_disabled"
        case wrongURL = "wrong_url"
        case redirected
        case parameterRefused = "parameter_refused"
        case hostNotResolved = "host_not_resolved"
        case proxyNotResolved = "proxy_not_resolved"
        case certificateRefused = "certificate_refused"
        case clientCertificateRefused = "client_certificate_refused"
        /// The proxy refuses to pass requests on.
        case proxyRefused = "proxy_refused"
        /// Plain HTTP was sent to a port that speaks TLS.
        case plainHTTP = "plain_http"
        /// A gateway or a firewall before the server forbids the request.
        case gatewayRefused = "gateway_refused"
        case notKratos = "not_kratos"
        /// The server cannot look identities up by their IDs.
        case lookupUnsupported = "lookup_unsupported"
        /// The server refuses to look identities up.
        case lookupRefused = "lookup_refused"
        /// A column that was asked for is in no identity.
        case columnMissing = "column_missing"
        /// The first answers of the campaign were all the same refusal.
        case sameRefusal = "same_refusal"
        /// The server could not be reached from the start.
        case unreachable
    }

    package let code: Code
    /// What happened.
    package let message: Wording
    /// What to do about it; empty where the message says it.
    package let advice: Wording

    package init(_ code: Code, _ message: Wording, advice: Wording = "") {
        self.code = code
        self.message = message
        self.advice = advice
    }

    package var problem: Problem { Problem(code.rawValue, message, advice: advice) }
}
