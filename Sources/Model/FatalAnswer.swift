// Why every request would fail.

/// An answer that every identity would get: the run has to stop.
package typealias FatalAnswer = CodedError<FatalAnswerCode>

/// The raw values are part of the summary's format (`stopped_because`).
package enum FatalAnswerCode: String, Hashable, Sendable, CaseIterable {
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
