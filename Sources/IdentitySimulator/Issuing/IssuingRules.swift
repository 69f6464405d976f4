// What Kratos v26.2 makes of an issuing request, before it looks for the identity.

import NIOCore
import Model

/// Judges issuing requests as `strategy_recovery_admin.go` and `link/strategy_recovery.go` do, in their
/// order.
struct IssuingRules: Sendable {
    enum Verdict: Sendable {
        /// A code's flow is one of browsers unless the request wants one of the type `api`; a link's always
        /// is.
        case issue(IdentityID, validFor: GoDuration, asBrowser: Bool)
        case refuse(Answer)
    }

    let disabledEndpoints: Set<IssuingEndpoint>
    let lifespan: GoDuration
    let returnTo: ReturnToRule
    let flowType: FlowTypeRule
    /// A regression of some version: it is checked, and then every code lives as long as by default.
    let ignoresExpiresIn: Bool

    /// The verdict, and the identity that was asked for as far as it could be read.
    func judge(_ request: SimulatedRequest, _ endpoint: IssuingEndpoint) -> (IdentityID?, Verdict) {
        let requestID = request.requestID
        if disabledEndpoints.contains(endpoint) { return (nil, .refuse(.disabled(requestID: requestID))) }
        if let reason = Self.complaintAboutHead(request) {
            return (nil, .refuse(.badRequest(reason, requestID: requestID)))
        }
        if request.isBodyTooLarge { return (nil, .refuse(.bodyTooLarge(requestID: requestID))) }
        let body: IssueBody
        do throws(GoJSONError) {
            let decoded = request.payload.withUnsafeReadableBytes { bytes -> Result<IssueBody, GoJSONError> in
                do throws(GoJSONError) {
                    return .success(try IssueBody(bytes, for: endpoint, flowType))
                } catch {
                    return .failure(error)
                }
            }
            body = try decoded.get()
        } catch {
            let reason = "Unable to decode JSON payload: \(error.text)"
            return (nil, .refuse(.badRequest(reason, requestID: requestID)))
        }
        return (body.identity, verdict(body, endpoint, query: request.query, requestID: requestID))
    }

    private func verdict(
        _ body: IssueBody,
        _ endpoint: IssuingEndpoint,
        query: Substring,
        requestID: String
    ) -> Verdict {
        var validFor = lifespan
        if !body.expiresIn.isEmpty {
            guard let duration = GoDuration(body.expiresIn) else {
                let reason =
                    #"Unable to parse "expires_in" whose format should match "#
                    + #""[0-9]+(ns|us|ms|s|m|h)" but did not: \#(body.expiresIn)"#
                return .refuse(.badRequest(reason, requestID: requestID))
            }
            validFor = duration
        }
        guard validFor.nanoseconds > 0 else {
            let words = endpoint == .code ? "must result" : "must be result"
            let shown = endpoint == .code ? validFor.description : body.expiresIn
            let reason = #"Value from "expires_in" \#(words) to a future time: \#(shown)"#
            return .refuse(.badRequest(reason, requestID: requestID))
        }
        if let flowType = body.flowType, flowType != "browser", flowType != "api" {
            let reason = #"Value from "flow_type" is not valid: \#(JSONText.quoted(flowType))"#
            return .refuse(.badRequest(reason, requestID: requestID))
        }
        if let forbidden = returnTo.forbidden(inQuery: query) {
            let reason = #"Requested return_to URL "\#(forbidden)" is not allowed."#
            let id = "self_service_flow_return_to_forbidden"
            return .refuse(.badRequest(id: id, reason, requestID: requestID))
        }
        return .issue(
            body.identity,
            validFor: ignoresExpiresIn ? lifespan : validFor,
            asBrowser: body.flowType != "api"
        )
    }

    /// What Ory's `decoderx` says of the headers; nil where it has nothing to say.
    private static func complaintAboutHead(_ request: SimulatedRequest) -> String? {
        let isChunked = !request.header("Transfer-Encoding").isEmpty
        if request.payload.readableBytes == 0, !isChunked, !request.isBodyTooLarge {
            return #"Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero."#
        }
        let contentType = request.header("Content-Type")
        if contentType == "application/json" { return nil }
        let isJSON = contentType.split(separator: ",").contains { part in
            let type = part.prefix { $0 != ";" }.trimmingBlanks()
            return type.lowercased() == "application/json"
        }
        guard !isJSON else { return nil }
        return #"HTTP POST Request used unknown HTTP Header "Content-Type: \#(contentType)", "#
            + "only [application/json] are supported."
    }
}

extension Substring {
    /// The text without blanks at its ends.
    func trimmingBlanks() -> Substring {
        var text = self.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
