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
}

extension CodeIssuing {
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
    private let path: String
    private let query: [(name: String, value: String)]
    private let bodyEnd: String
    private let linkHosts = LinkHosts()
    private let insideLinks: InsideLinks

    package init(_ connection: ServerConnection, _ issueRequest: IssueRequest) {
        self.connection = connection
        self.issueRequest = issueRequest
        insideLinks = InsideLinks(server: connection.server)
        reading = AnswerClassifier(connection, method: issueRequest.method)
        path = connection.provider.issuePath(issueRequest.method)
        query = issueRequest.returnTo.map { [("return_to", $0)] } ?? []
        bodyEnd = issueRequest.bodyEnd(for: connection.provider)
    }

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
        connection.request(
            .post,
            path,
            query: query,
            headers: [
                HTTPHeader(name: "Content-Type", value: "application/json"),
                HTTPHeader(name: "X-Request-ID", value: requestID),
            ],
            body: Array("{\"identity_id\":\"\(identity.text)\(bodyEnd)".utf8),
            token: token,
            onSend: onSend
        )
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
            if let remark = ExpiryRemark(asked: issueRequest.expiresIn, recovery, response, now: now) {
                remarks.append(.expiry(remark))
            }
            if let remark = linkHosts.remark(on: recovery.link) { remarks.append(remark) }
            if let remark = insideLinks.remark(on: recovery.link) { remarks.append(remark) }
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
}
