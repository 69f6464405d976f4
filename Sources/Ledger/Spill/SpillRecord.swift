// One record of a spill file, as it stands there.

import Foundation
import Vocabulary

/// What is written to a spill file piece by piece; JSON between a length, a checksum and the next one.
enum SpillRecord: Codable {
    case origin(SpillOrigin)
    case seal(Seal)
    case answer(Answer)
    /// A claim for which nothing was sent.
    case unsent(Claimed)
    case progress(Progress)

    struct Seal: Codable {
        let number: Int64
        let publicKey: Data
        let encapsulatedKey: Data
    }

    struct Claimed: Codable {
        let identity: String
        let sequence: Int64
        let wasInDoubt: Bool
    }

    struct Answer: Codable {
        let claim: Claimed
        let isAmbiguous: Bool
        let outcome: Outcome
    }

    enum Outcome: Codable {
        case issued(Invitation)
        case failed(Failure)
        case tryingAgain(Failure)
        case dueAgain(Failure?)
    }

    struct Invitation: Codable, CustomStringConvertible, CustomReflectable {
        var code: String?
        var link: String?
        var seal: Int64?
        var sealed: Data?
        let expiresAtText: String
        let expiresAtMilliseconds: Int64
        let requestID: String
        let issuedAtMilliseconds: Int64

        /// Without its secrets.
        var description: String { "invitation \(requestID)" }
        var customMirror: Mirror { Mirror(self, children: ["requestID": requestID]) }
    }

    struct Failure: Codable {
        let kind: String
        let isPermanent: Bool
        let httpStatus: Int?
        let errorID: String?
        let reason: String
        let requestID: String
        let atMilliseconds: Int64
    }

    struct Progress: Codable {
        let requests: Int
        let retries: Int
        let issued: Int
        let failed: Int
        let ambiguousAttempts: Int
        let rateLimitedAnswers: Int
        let limitInForce: String?
        let limitedBy: String?
        let atMilliseconds: Int64
    }
}

// MARK: - Into records

extension SpillRecord.Answer {
    init(_ result: AttemptResult) {
        claim = SpillRecord.Claimed(result.claim)
        isAmbiguous = result.isAmbiguous
        outcome =
            switch result.outcome {
            case .issued(let invitation): .issued(SpillRecord.Invitation(invitation))
            case .failed(let failure): .failed(SpillRecord.Failure(failure))
            case .tryingAgain(let failure): .tryingAgain(SpillRecord.Failure(failure))
            case .dueAgain(let failure): .dueAgain(failure.map(SpillRecord.Failure.init))
            }
    }

    /// Nil where its identity is none.
    var result: AttemptResult? {
        guard let claim = claim.value else { return nil }
        let outcome: AttemptResult.Outcome
        switch self.outcome {
        case .issued(let invitation):
            guard let invitation = invitation.value else { return nil }
            outcome = .issued(invitation)
        case .failed(let failure): outcome = .failed(failure.value)
        case .tryingAgain(let failure): outcome = .tryingAgain(failure.value)
        case .dueAgain(let failure): outcome = .dueAgain(failure?.value)
        }
        return AttemptResult(claim: claim, outcome: outcome, isAmbiguous: isAmbiguous)
    }
}

extension SpillRecord.Claimed {
    init(_ claim: Claim) {
        identity = claim.identityID.text
        sequence = claim.sequence
        wasInDoubt = claim.wasInDoubt
    }

    /// Nil where its identity is none.
    var value: Claim? {
        IdentityID(identity).map { Claim(sequence: sequence, identityID: $0, wasInDoubt: wasInDoubt) }
    }
}

extension SpillRecord.Invitation {
    init(_ invitation: IssuedInvitation) {
        switch invitation.secret {
        case .plain(let code, let link): (self.code, self.link) = (code, link)
        case .sealed(let seal, let bytes): (self.seal, sealed) = (seal.number, Data(bytes))
        case .purged: break
        }
        expiresAtText = invitation.expiresAtText
        expiresAtMilliseconds = invitation.expiresAt.milliseconds
        requestID = invitation.requestID
        issuedAtMilliseconds = invitation.issuedAt.milliseconds
    }

    /// Nil where it has no secret at all.
    var value: IssuedInvitation? {
        let secret: InvitationSecret
        if let code, let link {
            secret = .plain(code: code, link: link)
        } else if let seal, let sealed {
            secret = .sealed(SealID(number: seal), [UInt8](sealed))
        } else {
            return nil
        }
        return IssuedInvitation(
            secret: secret,
            expiresAtText: expiresAtText,
            expiresAt: Timestamp(milliseconds: expiresAtMilliseconds),
            requestID: requestID,
            issuedAt: Timestamp(milliseconds: issuedAtMilliseconds)
        )
    }
}

extension SpillRecord.Failure {
    /// What a server says is cut to so many characters, for the room that is reserved is counted.
    private static let textLengthMax = 1000

    init(_ failure: FailureRecord) {
        func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(Self.textLengthMax)) }
        kind = failure.kind
        isPermanent = failure.isPermanent
        httpStatus = failure.httpStatus
        errorID = failure.errorID.map(cut)
        reason = cut(failure.reason)
        requestID = failure.requestID
        atMilliseconds = failure.at.milliseconds
    }

    var value: FailureRecord {
        FailureRecord(
            kind: kind,
            isPermanent: isPermanent,
            httpStatus: httpStatus,
            errorID: errorID,
            reason: reason,
            requestID: requestID,
            at: Timestamp(milliseconds: atMilliseconds)
        )
    }
}

extension SpillRecord.Progress {
    init(_ progress: RunProgress, at time: Timestamp) {
        requests = progress.requests
        retries = progress.retries
        issued = progress.issued
        failed = progress.failed
        ambiguousAttempts = progress.ambiguousAttempts
        rateLimitedAnswers = progress.rateLimitedAnswers
        limitInForce = progress.limitInForce
        limitedBy = progress.limitedBy
        atMilliseconds = time.milliseconds
    }

    var value: RunProgress {
        var progress = RunProgress()
        (progress.requests, progress.retries) = (requests, retries)
        (progress.issued, progress.failed) = (issued, failed)
        (progress.ambiguousAttempts, progress.rateLimitedAnswers) = (ambiguousAttempts, rateLimitedAnswers)
        (progress.limitInForce, progress.limitedBy) = (limitInForce, limitedBy)
        return progress
    }
}
