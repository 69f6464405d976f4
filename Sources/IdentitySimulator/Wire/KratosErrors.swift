// The errors of Kratos v26.2, of Ory Network in front of it, and of other gateways, byte for byte.

extension Answer {
    /// The header lines of Kratos' JSON errors without an error ID.
    static let errorLines = "Content-Type: application/json\r\nOry-Error-Id: \r\n"
    static let jsonLines = "Content-Type: application/json; charset=utf-8\r\n"
    static let plainLines = "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    /// What Kratos adds to every answer to a GET.
    static let noCacheLine = "Cache-Control: private, no-cache, no-store, must-revalidate\r\n"

    /// An error as Ory's `herodot` writes it.
    ///
    /// - Parameter httpStatus: the status of the answer, where it differs from that of the error.
    static func error(
        id: String? = nil,
        _ status: Int,
        reason: String? = nil,
        details: String? = nil,
        message: String,
        requestID: String,
        httpStatus: Int? = nil
    ) -> Answer {
        var answer = Answer(status, headerLines: errorLines, body: [])
        var body: [UInt8] = []
        body.reserveCapacity(256)
        body.append(contentsOf: #"{"error":{"#.utf8)
        if let id {
            answer.headerLines = "Content-Type: application/json\r\nOry-Error-Id: \(id)\r\n"
            append("id", id, to: &body)
        }
        body.append(contentsOf: #""code":\#(status),"#.utf8)
        append("status", answer.reason, to: &body)
        if !requestID.isEmpty { append("request", requestID, to: &body) }
        if let reason { append("reason", reason, to: &body) }
        if let details { body.append(contentsOf: "\"details\":\(details),".utf8) }
        body.append(contentsOf: #""message":"#.utf8)
        JSONText.append(message, to: &body)
        body.append(contentsOf: "}}\n".utf8)
        answer.body = body
        if let httpStatus {
            answer = Answer(httpStatus, headerLines: answer.headerLines, body: body)
        }
        return answer
    }

    private static func append(_ name: String, _ value: String, to body: inout [UInt8]) {
        body.append(contentsOf: "\"\(name)\":".utf8)
        JSONText.append(value, to: &body)
        body.append(UInt8(ascii: ","))
    }

    static func badRequest(id: String? = nil, _ reason: String, requestID: String) -> Answer {
        error(
            id: id,
            400,
            reason: reason,
            message: "The request was malformed or contained invalid parameters",
            requestID: requestID
        )
    }

    static func unknownIdentity(_ endpoint: IssuingEndpoint, requestID: String) -> Answer {
        switch endpoint {
        case .code:
            error(
                404,
                reason: "could not find identity",
                message: "Unable to locate the resource",
                requestID: requestID
            )
        case .link: badRequest("The requested identity id does not exist.", requestID: requestID)
        }
    }

    /// No identity has the ID in the path.
    static func unknownIdentity(requestID: String) -> Answer {
        error(404, message: "Unable to locate the resource", requestID: requestID)
    }

    /// `/health/ready` while the server's database is down; the public port doesn't say why.
    static func notReady(_ port: SimulatedRequest.Port, requestID: String) -> Answer {
        let message =
            switch port {
            case .admin:
                "failed to connect to `user=kratos database=kratos`: 127.0.0.1:54329 (127.0.0.1): dial "
                    + "error: dial tcp 127.0.0.1:54329: connect: connection refused"
            case .public: "error may contain sensitive information and was obfuscated"
            }
        return error(500, message: message, requestID: requestID, httpStatus: 503)
    }

    static func disabled(requestID: String) -> Answer {
        error(
            404,
            reason: "This endpoint was disabled by system administrator. "
                + "Please check your url or contact the system administrator to enable it.",
            message: "The requested resource could not be found",
            requestID: requestID
        )
    }

    /// Kratos answers a body over 5 MB with the status 400 and the code 500 inside.
    static func bodyTooLarge(requestID: String) -> Answer {
        error(500, message: "http: request body too large", requestID: requestID, httpStatus: 400)
    }

    static func databaseLocked(requestID: String) -> Answer {
        error(500, message: "sqlite select one: database is locked", requestID: requestID)
    }

    static func serializationFailure(requestID: String) -> Answer {
        error(
            400,
            message: "Unable to serialize access due to a concurrent update in another session",
            requestID: requestID
        )
    }

    static func forgery(requestID: String) -> Answer {
        error(
            id: "security_csrf_violation",
            403,
            reason: "Please retry the flow and optionally clear your cookies. The request was rejected to "
                + "protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, "
                + "leaking personal information, and other serious security issues.",
            details: #"{"docs":"https://www.ory.sh/kratos/docs/debug/csrf","hint":"We detected a regular "#
                + "browser or server-side call. To debug browser calls check your Browser's Network Tab to "
                + "see what cookies are included or excluded. If you are calling from a server ensure that "
                + "the appropriate cookies are being forwarded and that the SDK method is called "
                + "correctly.\","
                + #""reject_reason":"The HTTP Cookie Header is empty or not set."}"#,
            message: "the request was rejected to protect you from Cross-Site-Request-Forgery",
            requestID: requestID
        )
    }

    static let notFoundPage = Answer(404, headerLines: plainLines, body: Array("404 page not found\n".utf8))

    static func methodNotAllowed(_ allowed: String) -> Answer {
        Answer(
            405,
            headerLines: "Allow: \(allowed)\r\n" + plainLines,
            body: Array("Method Not Allowed\n".utf8)
        )
    }

    /// Ory Network's limits; their body is not documented, so it is that of every other error of theirs.
    static func tooManyRequests(requestID: String, retryAfterSeconds: Int? = nil) -> Answer {
        var answer = error(
            429,
            reason: "The project's rate limit for this endpoint was exceeded.",
            message: "Too many requests",
            requestID: requestID
        )
        answer.headerLines = "Content-Type: application/json\r\n"
        if let retryAfterSeconds { answer.headerLines += "Retry-After: \(retryAfterSeconds)\r\n" }
        return answer
    }

    /// Ory Network's answer to a missing or wrong API key.
    static func unauthorized(requestID: String) -> Answer {
        var answer = error(401, message: "Access credentials are invalid", requestID: requestID)
        answer.headerLines = "Content-Type: application/json\r\n"
        return answer
    }

    /// The error page of an nginx in front of the server.
    static func gatewayPage(_ status: Int) -> Answer {
        let title = status == 401 ? "401 Authorization Required" : "\(status) \(Answer.reason(of: status))"
        let page = """
            <html>\r
            <head><title>\(title)</title></head>\r
            <body>\r
            <center><h1>\(title)</h1></center>\r
            <hr><center>nginx</center>\r
            </body>\r
            </html>\r

            """
        return Answer(
            status,
            headerLines: "Server: nginx\r\nContent-Type: text/html\r\n",
            body: Array(page.utf8)
        )
    }
}
