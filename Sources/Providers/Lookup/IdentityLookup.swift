// Looks identities up, many at a time, before anything is issued for them.

import Foundation
import HTTPTransport
package import Model

/// What looks identities up; the campaign's other side of the network.
package protocol IdentityLookingUp: Sendable {
    /// Whether the server understands a question for identities by their IDs: an old one answers with its
    /// first ones.
    func probe(onSend: (@Sendable () -> Void)?) async -> LookupReply
    /// Asks for the identities with these IDs, at most `IdentityLookup.batchMax`.
    func lookUp(_ ids: [IdentityID], onSend: (@Sendable () -> Void)?) async -> LookupReply
}

/// What one look-up came to, whether it went out, and what came along.
package struct LookupReply: Sendable {
    package let outcome: LookupOutcome
    package let wasSent: Bool
    /// Whether anything that answers HTTP was there.
    package let wasAnswered: Bool
    /// What the answer said about the server's limits; nil where it said nothing, and where there was none.
    package let limits: LimitAnnouncement?

    package init(
        outcome: LookupOutcome,
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

package enum LookupOutcome: Sendable {
    /// The identities that there are; the others don't exist.
    case found([ListedIdentity])
    /// Something on the way takes no request or no answer as long: ask for fewer.
    case tooLong(FatalAnswer)
    /// Worth retrying; after `holdFor` where the server says so.
    case transient(Failure, holdFor: Duration?)
    /// To be asked again at once, with another credential.
    case again
    /// To be asked again at once: the server left the request unread.
    case unread(Failure)
    /// The same for every identity.
    case fatal(FatalAnswer)
}

/// Asks a server's list of identities for some of them by their IDs.
///
/// Facts: Ory Kratos v26.2, `identity/handler.go`: `ids` is repeated, at most 500 of them; unknown ones are
/// left out of the answer; of more than `page_size` found only that many come back. Servers without `ids`
/// ignore it.
package struct IdentityLookup: IdentityLookingUp {
    /// The most that a server takes in one request.
    package static let batchMax = 500
    /// The largest answer that is read, in bytes: 500 identities with 128 KiB each.
    package static let answerSizeMax = 64 << 20

    private let connection: ServerConnection
    private let reading: AnswerClassifier
    private let paths: [ColumnPath]
    private let withoutLookups: Wording

    /// - Parameter instead: what to do where the server cannot be asked like that.
    package init(
        _ connection: ServerConnection,
        columns: [LookedUpColumn],
        instead: Wording = "run without \(.verify) and \(.columns)"
    ) {
        withoutLookups = instead
        self.connection = connection
        reading = AnswerClassifier(connection, method: .code)
        paths = columns.map(\.path)
    }

    package func probe(onSend: (@Sendable () -> Void)?) async -> LookupReply {
        // Nobody has it: whoever gets an identity for it was not understood.
        return await lookUp([.random()], onSend: onSend)
    }

    package func lookUp(_ ids: [IdentityID], onSend: (@Sendable () -> Void)?) async -> LookupReply {
        let token = connection.credential.token
        var request = connection.request(
            .get,
            connection.provider.identitiesPath,
            query: [("page_size", String(Self.batchMax))] + ids.map { ("ids", $0.text) },
            token: token,
            onSend: onSend
        )
        request.answerBytesMax = Self.answerSizeMax
        do {
            let response = try await connection.send(request)
            return LookupReply(
                outcome: await outcome(of: response, ids, token),
                wasSent: true,
                wasAnswered: true,
                limits: LimitHeaders.announcement(in: response.headers, now: connection.now())
            )
        } catch {
            return LookupReply(outcome: outcome(of: error), wasSent: error.wasSent, wasAnswered: false)
        }
    }

    private func outcome(of response: HTTPResponse, _ ids: [IdentityID], _ token: BearerToken?) async
        -> LookupOutcome
    {
        switch response.status {
        case 200: return found(response, ids, token)
        case 400, 413, 414, 431:
            switch reading.outcome(of: response, now: connection.now()) {
            case .fatal(let answer) where answer.isOfTheWay: return .fatal(answer)
            // A gateway's 400 may be about the length; with a single identity it is not.
            case .transient(let failure, _, let hold) where response.status == 400 && ids.count == 1:
                return .transient(failure, holdFor: hold)
            default: return .tooLong(refusal(response))
            }
        case 401:
            if await connection.credential.hasOther(than: token) { return .again }
        default: break
        }
        switch reading.outcome(of: response, now: connection.now()) {
        case .transient(let failure, _, let hold) where failure.kind != .gatewayError:
            return .transient(failure, holdFor: hold)
        case .fatal(let answer) where answer.code != .notKratos && answer.code != .wrongURL:
            return .fatal(answer)
        default: return .fatal(refusal(response))
        }
    }

    private func found(_ response: HTTPResponse, _ ids: [IdentityID], _ token: BearerToken?) -> LookupOutcome
    {
        // Fewer identities make a shorter answer, too.
        if response.isBodyTruncated { return .tooLong(tooLarge) }
        guard let identities = ListedIdentity.list(in: response.body, columns: paths) else {
            return .transient(
                Failure(
                    kind: .unreadableAnswer,
                    httpStatus: response.status,
                    errorID: nil,
                    reason: "an answer that is no list of identities"
                ),
                holdFor: nil
            )
        }
        connection.credential.accepted(token)
        let asked = Set(ids)
        guard identities.allSatisfy({ asked.contains($0.id) }) else {
            return .fatal(
                FatalAnswer(
                    .lookupUnsupported,
                    "\(connection.server) is too old to look identities up by their IDs (it answers with "
                        + "others than those asked for; Ory Kratos can since v1.1)",
                    advice: "\(withoutLookups), or upgrade it"
                )
            )
        }
        var seen: Set<IdentityID> = []
        let found = identities.filter { seen.insert($0.id).inserted }
        // Something on the way changed the page's size: the rest is not unknown, but on the next page.
        if found.count < asked.count, LinkHeader.hasNextPage(in: response.headers) {
            return .tooLong(pageTooSmall)
        }
        return .found(found)
    }

    private var pageTooSmall: FatalAnswer {
        FatalAnswer(
            .lookupRefused,
            "\(connection.server) answers look-ups with pages too small for a single identity",
            advice: withoutLookups
        )
    }

    private func outcome(of error: TransportError) -> LookupOutcome {
        switch reading.silence(error) {
        case .fatal(let answer): .fatal(answer)
        case .transient(let failure, _): .transient(failure, holdFor: nil)
        case .unread(let failure): .unread(failure)
        }
    }

    private var tooLarge: FatalAnswer {
        FatalAnswer(
            .lookupRefused,
            "\(connection.server)\(connection.provider.identitiesPath) answered a look-up with more than "
                + "\(Self.answerSizeMax >> 20) MiB",
            advice: "check \(.server), or \(withoutLookups)"
        )
    }

    /// A refusal of the list itself.
    private func refusal(_ response: HTTPResponse) -> FatalAnswer {
        FatalAnswer(
            .lookupRefused,
            "\(connection.server)\(connection.provider.identitiesPath) answered \(response.status) to a "
                + "look-up of identities: \(reading.reason(response))",
            advice: "check \(.server) and \(.provider), or \(withoutLookups)"
        )
    }
}

extension FatalAnswer {
    /// Whether it is about what stands between here and the server.
    fileprivate var isOfTheWay: Bool {
        [.plainHTTP, .clientCertificateRefused, .proxyRefused, .gatewayRefused].contains(code)
    }
}
