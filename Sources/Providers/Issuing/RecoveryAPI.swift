// One request for one recovery code or link.

package import HTTPTransport
package import Model

/// What servers are asked for; the campaign's side of the network.
package protocol CodeIssuing: Sendable {
    /// Asks once for one identity and awaits the answer, also when the task is cancelled: it may hold a code.
    ///
    /// `onSend` is called at most once, when the request goes out; `requestID` is its `X-Request-ID`.
    func issue(
        for identity: IdentityID,
        requestID: String,
        onSend: (@Sendable () -> Void)?
    ) async -> IssueReply

    /// Where tasks best run that ask; nil where that is anywhere.
    var executor: (any TaskExecutor)? { get }
}

extension CodeIssuing {
    package var executor: (any TaskExecutor)? { nil }

    /// The same, with a random ID.
    package func issue(for identity: IdentityID, onSend: (@Sendable () -> Void)?) async -> IssueReply {
        await issue(for: identity, requestID: IdentityID.random().text, onSend: onSend)
    }
}

/// Asks a server of the Kratos family for recovery codes or links.
package struct RecoveryAPI: CodeIssuing {
    private let connection: ServerConnection
    private let issueRequest: IssueRequest
    private let reading: AnswerClassifier
    /// The request without what differs from one identity to the next.
    private let template: HTTPRequest
    /// Where in its header the request's ID stands.
    private let requestIDIndex: Int
    private let bodyEnd: [UInt8]
    private let remarked = RemarkedKinds()
    private let linkHosts = LinkHosts()
    private let insideLinks: InsideLinks

    package init(_ connection: ServerConnection, _ issueRequest: IssueRequest) {
        self.connection = connection
        self.issueRequest = issueRequest
        insideLinks = InsideLinks(server: connection.server)
        reading = AnswerClassifier(connection, method: issueRequest.method)
        template = connection.request(
            .post,
            connection.provider.issuePath(issueRequest.method),
            query: issueRequest.returnTo.map { [("return_to", $0)] } ?? [],
            headers: [
                HTTPHeader(name: "Content-Type", value: "application/json"),
                HTTPHeader(name: "X-Request-ID", value: ""),
            ]
        )
        requestIDIndex = template.headers.count - 1
        bodyEnd = Array(issueRequest.bodyEnd(for: connection.provider).utf8)
    }

    package var executor: (any TaskExecutor)? { connection.executor }

    package func issue(
        for identity: IdentityID,
        requestID: String,
        onSend: (@Sendable () -> Void)?
    ) async -> IssueReply {
        let token = connection.credential.token
        let request = request(for: identity, requestID: requestID, token: token, onSend: onSend)
        do {
            return await reply(to: try await connection.send(request), requestID, token)
        } catch {
            let outcome = reading.outcome(of: error)
            return IssueReply(
                outcome: outcome,
                requestID: requestID,
                wasSent: error.wasSent,
                wasAnswered: false
            )
        }
    }

    /// The request for one identity, as it is sent.
    package func request(
        for identity: IdentityID,
        requestID: String,
        token: BearerToken?,
        onSend: (@Sendable () -> Void)? = nil
    ) -> HTTPRequest {
        var request = template
        request.headers[requestIDIndex].value = requestID
        if let token { request.headers.append(token.header) }
        request.body.reserveCapacity(256)
        request.body += #"{"identity_id":""#.utf8
        request.body += identity.text.utf8
        request.body += bodyEnd
        request.onSend = onSend
        return request
    }

    private func reply(to response: HTTPResponse, _ requestID: String, _ token: BearerToken?) async
        -> IssueReply
    {
        let now = connection.now()
        var outcome = reading.outcome(of: response, now: now)
        var remarks: [AnswerRemark] = []
        var issuedAt: Timestamp?
        switch outcome {
        case .issued(let recovery):
            issuedAt = IssueTime.read(
                response.headers,
                expiresAt: recovery.expiresAt,
                expiresIn: issueRequest.expiresIn,
                now: now
            )
            connection.credential.accepted(token)
            remarks = self.remarks(on: recovery, response, now: now)
        case .fatal(let answer) where response.status == 401 && answer.code == .credentialRefused:
            if await connection.credential.hasOther(than: token) {
                outcome = .again(reading.refused(response))
            }
        default: break
        }
        return IssueReply(
            outcome: outcome,
            requestID: requestID,
            wasSent: true,
            wasAnswered: true,
            remarks: remarks,
            limits: LimitHeaders.announcement(in: response.headers, now: now),
            issuedAt: issuedAt
        )
    }

    /// What is odd about an answer, each kind once.
    private func remarks(
        on recovery: IssuedCode,
        _ response: HTTPResponse,
        now: Timestamp
    ) -> [AnswerRemark] {
        remarked.first(.expiry) {
            ExpiryRemark(asked: issueRequest.expiresIn, recovery, response, now: now).map(AnswerRemark.expiry)
        } + remarked.first(.host) { linkHosts.remark(on: recovery.link) }
            + remarked.first(.inside) { insideLinks.remark(on: recovery.link) }
    }
}
