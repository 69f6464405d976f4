// What self-service answers, before it is put into header lines.

/// An answer of the public port with its cookies.
struct Reply: Sendable {
    var status: Int
    var body: FlowJSON?
    /// Nil for what is no error, empty for an error without an ID.
    var errorID: String?
    var location: String?
    var cookies: [String] = []
    /// The identity that `/sessions/whoami` names in a header.
    var identity: String?

    /// A flow, a session or the like.
    static func ok(_ body: FlowJSON, status: Int = 200, cookies: [String] = []) -> Reply {
        Reply(status: status, body: body, cookies: cookies)
    }

    static func seeOther(_ location: String, cookies: [String] = []) -> Reply {
        Reply(status: 303, location: location, cookies: cookies)
    }

    /// An error as Ory's `herodot` writes it, with further members beside it.
    static func error(
        id: String = "",
        _ status: Int,
        reason: String? = nil,
        details: FlowJSON? = nil,
        message: String,
        beside members: [(String, FlowJSON)] = [],
        cookies: [String] = [],
        _ visit: SelfServiceVisit
    ) -> Reply {
        var error: FlowJSON = [:]
        if !id.isEmpty { error.add("id", .text(id)) }
        error.add("code", .number(Int64(status)))
        error.add("status", .text(Answer.reason(of: status)))
        if !visit.request.requestID.isEmpty { error.add("request", .text(visit.request.requestID)) }
        error.add("reason", reason.map(FlowJSON.text))
        error.add("details", details)
        error.add("message", .text(message))
        return Reply(
            status: status,
            body: .members([("error", error)] + members),
            errorID: id,
            cookies: cookies
        )
    }

    /// The answer, with its header lines in Go's order.
    func answer(to request: SimulatedRequest) -> Answer {
        var lines = ""
        var bytes: [UInt8] = []
        if let location {
            if request.method == "GET" || request.method == "HEAD" {
                lines = "Content-Type: text/html; charset=utf-8\r\n"
                let shown = location.split(separator: "&", omittingEmptySubsequences: false)
                bytes = Array("<a href=\"\(shown.joined(separator: "&amp;"))\">See Other</a>.\n\n".utf8)
            }
            lines += "Location: \(location)\r\n"
        } else if let body {
            bytes = body.body
            lines =
                errorID.map { "Content-Type: application/json\r\nOry-Error-Id: \($0)\r\n" }
                ?? Answer.jsonLines
        }
        for cookie in cookies { lines += "Set-Cookie: \(cookie)\r\n" }
        lines += "Vary: Cookie\r\n"
        if let identity { lines += "X-Kratos-Authenticated-Identity-Id: \(identity)\r\n" }
        var answer = Answer(status, headerLines: lines, body: bytes)
        answer.isChunked = bytes.count > Answer.bufferBytes
        return answer
    }
}

extension Reply {
    static func badRequest(_ reason: String, _ visit: SelfServiceVisit) -> Reply {
        error(
            400,
            reason: reason,
            message: "The request was malformed or contained invalid parameters",
            visit
        )
    }

    static func notFound(_ reason: String, _ visit: SelfServiceVisit) -> Reply {
        error(404, reason: reason, message: "The requested resource could not be found", visit)
    }

    /// An ID of a flow in a query that leads nowhere.
    static func nothingThere(cookies: [String], _ visit: SelfServiceVisit) -> Reply {
        error(404, message: "Unable to locate the resource", cookies: cookies, visit)
    }

    static func methodDisabled(_ visit: SelfServiceVisit) -> Reply {
        notFound(
            "This endpoint was disabled by system administrator. Please check your url or contact the system "
                + "administrator to enable it.",
            visit
        )
    }

    static func unauthorized(_ reason: String, cookies: [String] = [], _ visit: SelfServiceVisit) -> Reply {
        error(401, reason: reason, message: "The request could not be authorized", cookies: cookies, visit)
    }

    /// The refusal of a form that carries no token, or another one than the cookie.
    static func forgery(cookies: [String], _ visit: SelfServiceVisit) -> Reply {
        let rejection =
            if !visit.hasCookies {
                "The HTTP Cookie Header is empty or not set."
            } else if !visit.hasCSRFCookie {
                "The HTTP Cookie Header was set but did not include the anti-CSRF cookie."
            } else {
                "The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We "
                    + "recommend deleting all cookies for this domain and retrying the flow."
            }
        return error(
            id: "security_csrf_violation",
            403,
            reason: "Please retry the flow and optionally clear your cookies. The request was rejected to "
                + "protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, "
                + "leaking personal information, and other serious security issues.",
            details: [
                "docs": "https://www.ory.sh/kratos/docs/debug/csrf",
                "hint": .text(
                    "We detected a regular browser or server-side call. To debug browser calls check your "
                        + "Browser's Network Tab to see what cookies are included or excluded. If you are "
                        + "calling from a server ensure that the appropriate cookies are being forwarded and "
                        + "that the SDK method is called correctly."
                ),
                "reject_reason": .text(rejection),
            ],
            message: "the request was rejected to protect you from Cross-Site-Request-Forgery",
            cookies: cookies,
            visit
        )
    }

    static func locationChange(
        to url: String,
        cookies: [String],
        _ visit: SelfServiceVisit
    ) -> Reply {
        error(
            id: "browser_location_change_required",
            422,
            reason: "In order to complete this flow please redirect the browser to: \(url)",
            message: "browser location change required",
            beside: [("redirect_browser_to", .text(url))],
            cookies: cookies,
            visit
        )
    }

    static func accountDisabled(
        _ identity: String,
        cookies: [String],
        _ visit: SelfServiceVisit
    ) -> Reply {
        error(
            401,
            reason: "This account was disabled.",
            details: ["identity_id": .text(identity)],
            message: "identity is disabled",
            cookies: cookies,
            visit
        )
    }

    /// The 410 of a flow that was posted to too late, with the flow that takes its place.
    static func expired(
        at expiry: GoTime,
        next flow: String,
        action: String?,
        _ visit: SelfServiceVisit
    ) -> Reply {
        let since = visit.now - expiry
        let next: FlowJSON? = action.map {
            ["continue_with": [["action": .text($0), "flow": ["id": .text(flow)]]]]
        }
        return error(
            id: "self_service_flow_expired",
            410,
            reason: "The self-service flow expired \(since.minutes) minutes ago, initialize a new one.",
            details: next,
            message: "self-service flow expired",
            beside: [
                ("expired_at", .time(expiry)), ("since", .number(since.nanoseconds)),
                ("use_flow_id", .text(flow)),
            ],
            visit
        )
    }

    /// The 410 of a flow that was looked at too late.
    ///
    /// - Parameter kind: `recovery` or `settings`.
    static func gone(
        _ kind: String,
        isBrowser: Bool,
        returnTo: String,
        cookies: [String],
        _ visit: SelfServiceVisit
    ) -> Reply {
        let url = "\(visit.endpoints.publicURL)/self-service/\(kind)/"
        let way =
            isBrowser
            ? "Redirect the user to the \(kind) flow init endpoint"
            : "Call the \(kind) flow init API endpoint"
        return error(
            410,
            reason: "The \(kind) flow has expired. \(way) to initialize a new \(kind) flow.",
            details: isBrowser
                ? ["redirect_to": .text(url + "browser"), "return_to": .text(returnTo)]
                : ["api": .text(url + "api")],
            message:
                "The requested resource is no longer available because it has expired or is "
                + "otherwise invalid.",
            cookies: cookies,
            visit
        )
    }
}
