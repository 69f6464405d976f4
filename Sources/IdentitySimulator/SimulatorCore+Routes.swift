// Everything that is not issuing: health, version, wrong endpoints, wrong methods, unknown paths.

import Synchronization
import Model

extension SimulatorCore {
    /// The answer to a request that is not an issuing one.
    func route(_ request: SimulatedRequest) -> Answer {
        var answer =
            switch request.port {
            case .admin: adminRoute(request)
            case .public: publicRoute(request)
            }
        if request.method == "GET" { answer.insertNoCacheLine() }
        return answer
    }

    private func adminRoute(_ request: SimulatedRequest) -> Answer {
        let isReading = request.method == "GET" || request.method == "HEAD"
        if request.path == Self.statisticsPath, isReading {
            return Answer(200, headerLines: Answer.jsonLines, body: Array(statistics.json.utf8))
        }
        if let answer = health(request, prefixes: ["", "/admin"]) { return answer }
        if let refusal = doorkeeper(request) { return refusal }
        if issuingEndpoint(request.path) != nil { return .methodNotAllowed("POST") }
        if let answer = courier(request) { return answer }
        switch request.path {
        case "/version", "/admin/version":
            guard isReading else { return .methodNotAllowed("GET, HEAD") }
            return Answer(
                200,
                headerLines: Answer.jsonLines,
                body: Array("{\"version\":\"\(configuration.version)\"}\n".utf8)
            )
        case let path where path == "/admin/identities" || path.hasPrefix("/admin/identities/"):
            return identities(request, below: path.dropFirst("/admin/identities".count))
        case "/admin/sessions", "/sessions": return sessions(request)
        case let path where path == "/identities" || path.hasPrefix("/identities/"):
            return identities(request, below: path.dropFirst("/identities".count))
        case let path
        where path == "/schemas" || path.hasPrefix("/schemas/") || path.hasPrefix("/self-service/")
            || path == "/sessions/whoami":
            return redirect(request, to: currentEndpoints.publicURL + request.uri)
        default:
            return .notFoundPage
        }
    }

    private func publicRoute(_ request: SimulatedRequest) -> Answer {
        if let answer = health(request, prefixes: [""]) { return answer }
        if let answer = selfService(request) { return answer }
        let adminURL = currentEndpoints.adminURL
        switch (request.path, request.method) {
        case ("/version", _), ("/metrics/prometheus", _): return .notFoundPage
        case ("/recovery/code", "POST"), ("/recovery/link", "POST"):
            return redirect(request, to: "\(adminURL)/admin\(request.uri)").varying()
        case ("/recovery/code", _), ("/recovery/link", _): return Answer.methodNotAllowed("POST").varying()
        case ("/identities", "GET"), ("/identities", "HEAD"), ("/identities", "POST"):
            return redirect(request, to: "\(adminURL)/admin\(request.uri)").varying()
        case ("/admin/identities", "GET"), ("/admin/identities", "HEAD"), ("/admin/identities", "POST"):
            return redirect(request, to: adminURL + request.uri).varying()
        case ("/admin/identities", _): return Answer.methodNotAllowed("GET, HEAD, POST").varying()
        case (let path, "GET") where path.hasPrefix("/admin/identities/"):
            return redirect(request, to: adminURL + request.uri).varying()
        case (_, "GET"), (_, "HEAD"), (_, "OPTIONS"), (_, "TRACE"):
            return Answer.notFoundPage.withCookie().varying()
        default:
            return Answer.forgery(requestID: request.requestID).withCookie().varying()
        }
    }

    private func health(_ request: SimulatedRequest, prefixes: [String]) -> Answer? {
        let paths = prefixes.flatMap { ["\($0)/health/alive", "\($0)/health/ready"] }
        guard paths.contains(where: { $0 == request.path }) else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .methodNotAllowed("GET, HEAD")
        }
        if !configuration.isReady, request.path.hasSuffix("/ready") {
            return .notReady(request.port, requestID: request.requestID)
        }
        return Answer(200, headerLines: Answer.jsonLines, body: Array("{\"status\":\"ok\"}\n".utf8))
    }

    /// A redirect as Go's `http.Redirect` writes it: with a page for a GET only.
    private func redirect(_ request: SimulatedRequest, to url: String) -> Answer {
        guard request.method == "GET" || request.method == "HEAD" else {
            return Answer(307, headerLines: "Location: \(url)\r\n", body: [])
        }
        let shown = url.split(separator: "&", omittingEmptySubsequences: false).joined(separator: "&amp;")
        return Answer(
            307,
            headerLines: "Content-Type: text/html; charset=utf-8\r\nLocation: \(url)\r\n",
            body: Array("<a href=\"\(shown)\">Temporary Redirect</a>.\n\n".utf8)
        )
    }
}

extension Answer {
    /// Puts the line where Go's sorted headers have it: only `Allow` comes before.
    fileprivate mutating func insertNoCacheLine() {
        let isAfterAllow = headerLines.hasPrefix("Allow: ")
        let end = isAfterAllow ? headerLines.firstIndex(of: "\r\n").map(headerLines.index(after:)) : nil
        headerLines.insert(contentsOf: Answer.noCacheLine, at: end ?? headerLines.startIndex)
    }

    fileprivate func varying() -> Answer { inserting("Vary: Cookie\r\n") }

    /// With the CSRF cookie of the public port, whose value nobody may rely on.
    fileprivate func withCookie() -> Answer {
        inserting(
            "Set-Cookie: csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f481="
                + "abE0pwF98WSPlIUG7Hq68ldaQurB2sy+1NpGGd2xSQY=; Path=/; Max-Age=31536000; HttpOnly; Secure; "
                + "SameSite=Lax\r\n"
        )
    }

    /// Puts a line at the end, but before the `X-` line of plain texts: Go sorts its headers.
    private func inserting(_ line: String) -> Answer {
        let last = "X-Content-Type-Options: nosniff\r\n"
        var answer = self
        if headerLines.hasSuffix(last) {
            answer.headerLines = String(headerLines.dropLast(last.count)) + line + last
        } else {
            answer.headerLines += line
        }
        return answer
    }
}
