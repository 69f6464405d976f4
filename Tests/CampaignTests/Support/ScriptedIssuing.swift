// A server in a closure, which counts what it is asked.

import Providers
import Synchronization
import Model

final class ScriptedIssuing: CodeIssuing {
    private struct State {
        var asked: [IdentityID: Int] = [:]
        var requests = 0
        var sent = 0
        var inFlight = 0
        var inFlightMax = 0
        var codes: [IdentityID: [String]] = [:]
        var requestIDs: [IdentityID: [String]] = [:]
    }

    private let state = Mutex(State())
    private let script: @Sendable (_ identity: IdentityID, _ timesBefore: Int) async -> IssueReply

    init(_ script: @escaping @Sendable (IdentityID, _ timesBefore: Int) async -> IssueReply) {
        self.script = script
    }

    var requests: Int { state.withLock { $0.requests } }
    /// Those that went out.
    var sent: Int { state.withLock { $0.sent } }
    var inFlightMax: Int { state.withLock { $0.inFlightMax } }
    func asked(_ identity: IdentityID) -> Int { state.withLock { $0.asked[identity] ?? 0 } }
    func codes(_ identity: IdentityID) -> [String] { state.withLock { $0.codes[identity] ?? [] } }

    /// Those that its requests had, in their order.
    func requestIDs(_ identity: IdentityID) -> [String] { state.withLock { $0.requestIDs[identity] ?? [] } }

    func issue(
        for identity: IdentityID,
        requestID: String,
        onSend: (@Sendable () -> Void)?
    ) async -> IssueReply {
        let timesBefore = state.withLock { state in
            state.requests += 1
            state.requestIDs[identity, default: []].append(requestID)
            state.inFlight += 1
            state.inFlightMax = max(state.inFlightMax, state.inFlight)
            defer { state.asked[identity, default: 0] += 1 }
            return state.asked[identity] ?? 0
        }
        let reply = await script(identity, timesBefore)
        if reply.wasSent { onSend?() }
        state.withLock { state in
            state.inFlight -= 1
            if reply.wasSent { state.sent += 1 }
            if case .issued(let recovery) = reply.outcome {
                state.codes[identity, default: []].append(recovery.code)
            }
        }
        return reply
    }
}

extension IssueReply {
    private init(
        _ outcome: IssueOutcome,
        wasSent: Bool = true,
        wasAnswered: Bool = true,
        limits: LimitAnnouncement? = nil
    ) {
        self.init(
            outcome: outcome,
            requestID: "request",
            wasSent: wasSent,
            wasAnswered: wasAnswered,
            limits: limits
        )
    }

    private static func failure(_ kind: FailureKind, _ reason: String = "words") -> Failure {
        Failure(kind: kind, httpStatus: nil, errorID: nil, reason: reason)
    }

    static func issued(
        _ code: String = "000000",
        expiresAt: String? = nil,
        limits: LimitAnnouncement? = nil
    ) -> IssueReply {
        let recovery = IssuedCode(code: code, link: "/r?flow=1", expiresAtText: expiresAt)
        return IssueReply(.issued(recovery), limits: limits)
    }

    static let unknownIdentity = IssueReply(.permanent(failure(.unknownIdentity)))
    static func refused(_ reason: String = "refused") -> IssueReply {
        IssueReply(.permanent(failure(.rejectedByServer, reason)))
    }

    static let serverError = IssueReply(.transient(failure(.serverError), isAmbiguous: false, holdFor: nil))
    static func unavailable(holdFor hold: Duration) -> IssueReply {
        IssueReply(.transient(failure(.serverError), isAmbiguous: false, holdFor: hold))
    }
    static func rateLimited(holdFor hold: Duration?) -> IssueReply {
        IssueReply(.transient(failure(.rateLimited), isAmbiguous: false, holdFor: hold))
    }

    /// Sent, and no answer came.
    static let lost = IssueReply(
        .transient(failure(.connection), isAmbiguous: true, holdFor: nil),
        wasAnswered: false
    )
    /// Sent, and no answer came in time.
    static let timeout = IssueReply(
        .transient(failure(.timeout), isAmbiguous: true, holdFor: nil),
        wasAnswered: false
    )
    /// Sent, and the answer makes no sense.
    static let unreadable = IssueReply(
        .transient(failure(.unreadableAnswer), isAmbiguous: true, holdFor: nil)
    )
    /// Nothing could be sent.
    static let unreached = IssueReply(
        .transient(failure(.connection, "refused"), isAmbiguous: false, holdFor: nil),
        wasSent: false,
        wasAnswered: false
    )
    static func fatal(_ code: FatalAnswer.Code, wasSent: Bool = true) -> IssueReply {
        IssueReply(.fatal(FatalAnswer(code, "sentence")), wasSent: wasSent, wasAnswered: wasSent)
    }
}
