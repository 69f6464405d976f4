// A user's request, as far as self-service looks at it.

import NIOCore

/// One request to the public port and what its answer depends on beside the server's state.
struct SelfServiceVisit: Sendable {
    let request: SimulatedRequest
    let now: GoTime
    let endpoints: SimulatorCore.Endpoints
    /// Whether Kratos takes the client for one that reads JSON.
    let wantsJSON: Bool
    let query: FormFields
    private let cookies: [String: String]

    init(_ request: SimulatedRequest, now: GoTime, endpoints: SimulatorCore.Endpoints) {
        self.request = request
        self.now = now
        self.endpoints = endpoints
        query = FormFields(encoded: request.query)
        wantsJSON =
            request.header("Content-Type").contains("application/json")
            || Self.prefersJSON(request.header("Accept"))
        var cookies: [String: String] = [:]
        for pair in request.header("Cookie").split(separator: ";") {
            let parts = pair.trimmingBlanks().split(separator: "=", maxSplits: 1)
            if parts.count == 2 { cookies[String(parts[0])] = String(parts[1]) }
        }
        self.cookies = cookies
    }

    var url: String { endpoints.publicURL + request.uri }
    var hasCookies: Bool { !cookies.isEmpty }
    var hasCSRFCookie: Bool { cookies[CSRFToken.cookieName] != nil }
    var csrf: CSRFToken? { cookies[CSRFToken.cookieName].flatMap { CSRFToken(cookie: $0) } }

    /// What a session is looked up by: a token in a header, or else the cookie.
    var sessionSecret: String? {
        let token = request.header("X-Session-Token")
        if !token.isEmpty { return token }
        let authorization = request.header("Authorization")
        if authorization.lowercased().hasPrefix("bearer ") { return String(authorization.dropFirst(7)) }
        return cookies[Session.cookieName]
    }

    /// The fields of the body, or what Kratos says of a body that it cannot read.
    func fields() -> Result<FormFields, BodyComplaint> {
        guard request.method == "POST" else {
            return .failure(
                BodyComplaint(
                    "Unable to decode body because HTTP Request Method was \"\(request.method)\" but only "
                        + "[POST] are supported."
                )
            )
        }
        guard request.payload.readableBytes > 0 else {
            return .failure(
                BodyComplaint(
                    #"Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero."#
                )
            )
        }
        let type = request.header("Content-Type").prefix { $0 != ";" }.trimmingBlanks().lowercased()
        switch type {
        case "application/json":
            return request.payload.withUnsafeReadableBytes { bytes in
                guard let fields = try? FormFields(json: bytes) else {
                    return .failure(BodyComplaint("Unable to decode form as JSON."))
                }
                return .success(fields)
            }
        case "application/x-www-form-urlencoded":
            return .success(FormFields(encoded: String(decoding: request.body, as: UTF8.self)))
        default:
            return .failure(
                BodyComplaint(
                    #"HTTP POST Request used unknown HTTP Header "Content-Type: \#(type)", only "#
                        + "[application/json multipart/form-data application/x-www-form-urlencoded] are "
                        + "supported."
                )
            )
        }
    }

    /// Go's content negotiation between HTML, the default, and JSON.
    private static func prefersJSON(_ accept: String) -> Bool {
        var best = (offer: "text/html", quality: -1.0, wildness: 3)
        for offer in ["text/html", "text/*", "*/*", "application/json"] {
            for part in accept.split(separator: ",") {
                let pieces = part.split(separator: ";").map { $0.trimmingBlanks().lowercased() }
                guard let range = pieces.first else { continue }
                let quality =
                    pieces.lazy.compactMap { $0.hasPrefix("q=") ? Double($0.dropFirst(2)) : nil }.first ?? 1
                let wildness = range == "*/*" ? 2 : range.hasSuffix("/*") ? 1 : 0
                let fits =
                    switch wildness {
                    case 2: true
                    case 1: offer.hasPrefix(range.dropLast())
                    default: offer == range
                    }
                guard fits, quality > 0, quality >= best.quality else { continue }
                if quality > best.quality || best.wildness > wildness { best = (offer, quality, wildness) }
            }
        }
        return best.offer == "application/json"
    }
}

/// What Kratos says of a body that it cannot read.
struct BodyComplaint: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
