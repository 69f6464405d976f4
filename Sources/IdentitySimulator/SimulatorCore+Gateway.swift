// What stands in front of the server: gateways, paths of other providers, bearer tokens, errors in other
// shapes.

import NIOCore
import Synchronization
import Model

extension SimulatorCore {
    /// The refusal of a gateway in front of the admin port, which knows nothing of Kratos; nil where it lets
    /// pass.
    func gateway(_ request: SimulatedRequest) -> Answer? {
        if let bytesMax = configuration.urlBytesMax, request.uri.utf8.count > bytesMax {
            return .gatewayPage(configuration.urlTooLongStatus)
        }
        for (name, value) in configuration.requiredHeaders where request.header(name) != value {
            return .gatewayPage(401)
        }
        return nil
    }

    /// The request with the path that Kratos has for what it asks; nil where the server has no such path.
    func routed(_ request: SimulatedRequest) -> SimulatedRequest? {
        guard request.port == .admin, hasOtherPaths, request.path != Self.statisticsPath else {
            return request
        }
        var request = request
        let prefix = configuration.pathPrefix
        guard request.path.hasPrefix(prefix), !request.path.dropFirst(prefix.count).isEmpty else {
            return nil
        }
        request.path = request.path.dropFirst(prefix.count)
        guard configuration.provider == .connhex, !Self.isHealthPath(request.path) else { return request }
        guard request.path.hasPrefix("/iam/") else { return nil }
        request.path = "/admin/" + request.path.dropFirst("/iam/".count)
        return request
    }

    private var hasOtherPaths: Bool {
        !configuration.pathPrefix.isEmpty || configuration.provider == .connhex
    }

    private static func isHealthPath(_ path: Substring) -> Bool {
        path == "/health/alive" || path == "/health/ready" || path == "/version"
    }

    static let statisticsPath = "/simulator/stats"

    /// The refusal of a gateway or of the provider's front door; nil where the request may pass.
    func doorkeeper(_ request: SimulatedRequest, isIssuing: Bool = false) -> Answer? {
        if let status = configuration.gatewayStatus { return .gatewayPage(status) }
        let authorization = request.header("Authorization")
        switch tokens.withLock({ $0.judge(authorization, isIssuing: isIssuing) }) {
        case .accepted: return nil
        case .unknown where configuration.provider == .connhex:
            return .connhexError(401, "The session token is missing, invalid or expired.")
        case .unknown: return .unauthorized(requestID: request.requestID)
        case .wrongKind:
            return .error(
                403,
                reason: "Workspace API keys cannot be used for the API of a project.",
                message: "The requested action was forbidden",
                requestID: request.requestID
            )
        }
    }

    /// The delivery as the provider sends it: Connhex has half of its errors in a shape of its own.
    func inProvidersShape(_ delivery: Delivery, for request: SimulatedRequest) -> Delivery {
        guard configuration.provider == .connhex, request.port == .admin else { return delivery }
        return delivery.mapped { answer in
            guard answer.status >= 400, isInConnhexShape(request),
                let error = answer.body.withUnsafeBytes({ try? JSONTree($0) })?["error"],
                let detail = error["reason"]?.string ?? error["message"]?.string
            else { return answer }
            var shaped = Answer.connhexError(answer.status, detail)
            shaped.headerLines += answer.headerLines.split(separator: "\r\n")
                .filter { RateLimiter.isHeaderLine($0) || $0.hasPrefix("Retry-After: ") }
                .map { $0 + "\r\n" }.joined()
            return shaped
        }
    }

    /// Whether an error is in the shape of Connhex: follows from the seed and from what was asked.
    private func isInConnhexShape(_ request: SimulatedRequest) -> Bool {
        var word = hash.word(.errorShape, 0)
        for byte in request.uri.utf8 { word = hash.word(.errorShape, word, UInt64(byte)) }
        for byte in request.payload.readableBytesView { word = hash.word(.errorShape, word, UInt64(byte)) }
        return word & 1 == 1
    }
}

extension Answer {
    /// An error in the shape of JSON:API.
    static func connhexError(_ status: Int, _ detail: String) -> Answer {
        var body = Array(#"{"errors":[{"detail":"#.utf8)
        JSONText.append(detail, to: &body)
        body.append(contentsOf: "}]}\n".utf8)
        return Answer(status, headerLines: "Content-Type: application/json\r\n", body: body)
    }
}
