// Reads identities and sessions one by one, and sessions in pages: what a list of identities does not tell.

import HTTPTransport
package import Model

/// What one request for an identity or for sessions came to.
package struct ReadReply<Value: Sendable>: Sendable {
    package let outcome: ReadOutcome<Value>
    package let wasSent: Bool
    /// Whether anything that answers HTTP was there.
    package let wasAnswered: Bool
    /// What the answer said about the server's limits; nil where it said nothing, and where there was none.
    package let limits: LimitAnnouncement?

    package init(
        _ outcome: ReadOutcome<Value>,
        wasSent: Bool,
        wasAnswered: Bool,
        limits: LimitAnnouncement? = nil
    ) {
        self.outcome = outcome
        self.wasSent = wasSent
        self.wasAnswered = wasAnswered
        self.limits = limits
    }
}

package enum ReadOutcome<Value: Sendable>: Sendable {
    case found(Value)
    /// Worth retrying; after `holdFor` where the server says so.
    case transient(Failure, holdFor: Duration?)
    /// To be asked again at once, with another credential.
    case again
    /// To be asked again at once: the server left the request unread.
    case unread(Failure)
    /// The same for every identity.
    case fatal(FatalAnswer)
}

/// What tells more of identities than their list does.
package protocol IdentityReading: Sendable {
    /// The identity with the times of its credentials; nil where the server has none.
    func identity(_ id: IdentityID, onSend: (@Sendable () -> Void)?) async -> ReadReply<ShownIdentity?>
    /// The sessions of one identity, the latest of them where there are many.
    func sessions(of id: IdentityID, onSend: (@Sendable () -> Void)?) async -> ReadReply<[ShownSession]>
    /// A page of the sessions of all identities, the latest first; nil asks for the first page.
    func sessions(page token: String?, onSend: (@Sendable () -> Void)?) async -> ReadReply<SessionPage>
}

/// Asks a server of the Kratos family.
///
/// Facts: Ory Kratos v26.2, recordings 21 to 28. One identity comes with its credentials' times and without
/// their secrets, as long as `include_credential` is not asked for. Sessions name their identity only with
/// `expand=identity`. Both lists have sessions that have ended, until the server clears them away.
package struct IdentityReader: IdentityReading {
    /// The largest answer that is read, in bytes.
    package static let answerSizeMax = 16 << 20
    /// Sessions in a page.
    package static let pageSize = 500

    private let connection: ServerConnection
    private let reading: AnswerClassifier

    package init(_ connection: ServerConnection) {
        self.connection = connection
        reading = AnswerClassifier(connection, method: .code)
    }

    package func identity(_ id: IdentityID, onSend: (@Sendable () -> Void)?) async -> ReadReply<
        ShownIdentity?
    > {
        await get("\(connection.provider.identitiesPath)/\(id.text)", onSend: onSend) { response in
            if response.status == 404 { return isUnknown(response) ? .some(.none) : nil }
            guard let identity = ShownIdentity(body: response.body), identity.listed.id == id else {
                return nil
            }
            return identity
        }
    }

    package func sessions(of id: IdentityID, onSend: (@Sendable () -> Void)?) async -> ReadReply<
        [ShownSession]
    > {
        let query = [(name: "page_size", value: String(Self.pageSize))]
        let path = "\(connection.provider.identitiesPath)/\(id.text)/sessions"
        return await get(path, query, onSend: onSend) { response in
            if response.status == 404 { return isUnknown(response) ? [] : nil }
            return ShownSession.list(in: response.body)
        }
    }

    package func sessions(page token: String?, onSend: (@Sendable () -> Void)?) async -> ReadReply<
        SessionPage
    > {
        var query = [(name: "expand", value: "identity"), (name: "page_size", value: "\(Self.pageSize)")]
        if let token { query.append((name: "page_token", value: token)) }
        return await get(connection.provider.sessionsPath, query, onSend: onSend) { response in
            guard response.status == 200, let sessions = ShownSession.list(in: response.body) else {
                return nil
            }
            return SessionPage(sessions: sessions, next: LinkHeader.nextPageToken(in: response.headers))
        }
    }

    /// Whether it is an answer of the server itself, and not of a path that nobody serves.
    private func isUnknown(_ response: HTTPResponse) -> Bool {
        ErrorAnswer(body: response.body)?.mentions("Unable to locate the resource") == true
    }

    /// - Parameter read: takes an answer of 200 or 404; nil where it cannot be read.
    private func get<Value: Sendable>(
        _ path: String,
        _ query: [(name: String, value: String)] = [],
        onSend: (@Sendable () -> Void)?,
        _ read: (HTTPResponse) -> Value?
    ) async -> ReadReply<Value> {
        let token = connection.credential.token
        var request = connection.request(.get, path, query: query, token: token, onSend: onSend)
        request.answerBytesMax = Self.answerSizeMax
        do {
            let response = try await connection.send(request)
            return ReadReply(
                await outcome(of: response, path, token, read),
                wasSent: true,
                wasAnswered: true,
                limits: LimitHeaders.announcement(in: response.headers, now: connection.now())
            )
        } catch {
            let outcome: ReadOutcome<Value> =
                switch reading.silence(error) {
                case .fatal(let answer): .fatal(answer)
                case .transient(let failure, _): .transient(failure, holdFor: nil)
                case .unread(let failure): .unread(failure)
                }
            return ReadReply(outcome, wasSent: error.wasSent, wasAnswered: false)
        }
    }

    private func outcome<Value: Sendable>(
        of response: HTTPResponse,
        _ path: String,
        _ token: BearerToken?,
        _ read: (HTTPResponse) -> Value?
    ) async -> ReadOutcome<Value> {
        switch response.status {
        case 200, 404:
            if !response.isBodyTruncated, let value = read(response) {
                connection.credential.accepted(token)
                return .found(value)
            }
            guard response.status == 200 else { break }
            return .transient(
                Failure(
                    kind: .unreadableAnswer,
                    httpStatus: 200,
                    errorID: nil,
                    reason: "an answer that cannot be read"
                ),
                holdFor: nil
            )
        case 401:
            if await connection.credential.hasOther(than: token) { return .again }
        default: break
        }
        switch reading.outcome(of: response, now: connection.now()) {
        case .transient(let failure, _, let hold) where failure.kind != .gatewayError:
            return .transient(failure, holdFor: hold)
        case .fatal(let answer) where answer.code != .notKratos && answer.code != .wrongURL:
            return .fatal(answer)
        default:
            return .fatal(
                FatalAnswer(
                    .lookupRefused,
                    "\(connection.server) answered \(response.status) to a request for what became of an "
                        + "identity: \(reading.reason(response))",
                    advice: "check \(.server) and \(.provider)"
                )
            )
        }
    }
}
