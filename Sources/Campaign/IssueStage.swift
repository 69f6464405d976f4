// Issuing as a stage: one code or link for each identity.

package import Providers
package import Ledger
package import Pacing
package import Model
package import Work

/// Asks a server for one code or link, and makes of it what the ledger keeps.
package struct IssueStage: Stage {
    private let issuing: any CodeIssuing
    private let secrets: any SecretKeeping
    private let expiresIn: Duration
    private let key: RunKey
    private let time: TimeSource

    /// Each request makes a code of its own.
    package static let traits = StageTraits(repeated: .adds) { reason, tries in
        "the server cannot be reached (\(reason)), after \(tries) tries: check that it runs and that "
            + "\(.server) names it"
    }
    package var traits: StageTraits { Self.traits }

    /// The thread of the requests, unless what is kept of codes takes long to make.
    package var executor: (any TaskExecutor)? { secrets.takesLong ? nil : issuing.executor }

    /// - Parameters:
    ///   - secrets: what is kept of codes and links; beyond it nothing sees them.
    ///   - key: the run's, which its requests' IDs are made from.
    ///   - expiresIn: the validity asked for, from which an absent expiry is reckoned.
    package init(
        _ issuing: any CodeIssuing,
        secrets: any SecretKeeping,
        expiresIn: Duration,
        key: RunKey = .random(),
        time: TimeSource
    ) {
        self.issuing = issuing
        self.secrets = secrets
        self.expiresIn = expiresIn
        self.key = key
        self.time = time
    }

    package func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<IssuedInvitation> {
        let identity = claims[0].identityID
        let requestID = key.requestID(for: identity, attempt: claims[0].attempts + attemptsBefore + 1)
        let reply = await issuing.issue(for: identity, requestID: requestID, onSend: onSend)
        return attempt(reply, for: identity, at: time.wallClock())
    }

    /// What a reply comes to; of its code nothing is left but what the ledger keeps.
    func attempt(
        _ reply: IssueReply,
        for identity: IdentityID,
        at now: Timestamp
    ) -> Attempt<IssuedInvitation> {
        Attempt(
            outcome(reply, for: identity, at: now),
            contact: Contact(wasSent: reply.wasSent, wasAnswered: reply.wasAnswered),
            requestID: reply.requestID,
            limits: reply.limits,
            remarks: reply.remarks.map { StageRemark(kind: "\($0.kind)", text: $0.wording) }
        )
    }

    private func outcome(
        _ reply: IssueReply,
        for identity: IdentityID,
        at now: Timestamp
    ) -> Outcome<IssuedInvitation> {
        switch reply.outcome {
        case .issued(let recovery):
            guard let secret = secrets.secret(of: recovery, for: identity) else {
                // It could not be kept: the server has a code that nobody will have.
                let reason = "the code could not be encrypted"
                let failure = Failure(kind: .unreadableAnswer, httpStatus: nil, errorID: nil, reason: reason)
                return .retry(failure, mayBeDone: true, holdFor: nil)
            }
            let reckoned = now.advanced(by: expiresIn)
            return .done(
                IssuedInvitation(
                    secret: secret,
                    expiresAtText: recovery.expiresAtText ?? reckoned.rfc3339,
                    expiresAt: recovery.expiresAt ?? reckoned,
                    requestID: reply.requestID,
                    issuedAt: now,
                    serverIssuedAt: reply.issuedAt
                )
            )
        case .permanent(let failure): return .failed(failure)
        case .transient(let failure, let mayBeDone, let holdFor):
            return .retry(failure, mayBeDone: mayBeDone, holdFor: holdFor)
        case .again(let failure): return reply.wasAnswered ? .again : .unread(failure)
        case .fatal(let answer): return .stop(.fatal(answer))
        }
    }
}
