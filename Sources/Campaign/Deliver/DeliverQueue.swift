// The ledger as mailing sees it.

package import Ledger
package import Model
import Synchronization
package import Work

/// What mailing has come to so far.
package struct DeliverTally: Hashable, Sendable {
    package var sent = 0
    /// Of them, those that may have been sent before.
    package var sentAgain = 0
    /// Mails that the relay has put off, each time.
    package var putOff = 0
    /// Mails that may have been sent.
    package var inDoubt = 0
    package var failed = 0
    /// Who could not be written to, by reason.
    package var leftOut: [DeliveryReason: Int] = [:]
    /// New invitations that were passed by, and why.
    package var passedBy: [LeftOutReason: Int] = [:]
    /// Links that are relative, and stayed so.
    package var relativeLinks = 0

    package init() {}
}

/// When a mail is tried again that a relay has put off, and for how long.
package struct PutOffRule: Hashable, Sendable {
    /// A greylisting relay wants minutes.
    package var delayMin: Duration = .seconds(300)
    package var delayMax: Duration = .seconds(4 * 3600)
    /// From its first claim on.
    package var giveUpAfter: Duration

    package init(giveUpAfter: Duration) { self.giveUpAfter = giveUpAfter }

    /// How long it is left alone after it was put off so many times before.
    package func delay(timesPutOff: Int) -> Duration { min(delayMax, delayMin * (1 << min(timesPutOff, 16))) }

    /// - Returns: nil where it is not tried again.
    package func due(
        timesPutOff: Int,
        firstAt: Timestamp,
        expiresAt: Timestamp,
        remainingMin: Duration,
        now: Timestamp
    ) -> Timestamp? {
        let due = now.advanced(by: delay(timesPutOff: timesPutOff))
        guard due <= firstAt.advanced(by: giveUpAfter), due < expiresAt.advanced(by: .zero - remainingMin)
        else { return nil }
        return due
    }
}

/// Claims invitations for their mails, makes letters of them, and records what became of them.
package final class DeliverQueue: StageQueue {
    private struct State {
        /// The last new invitation that was looked at.
        var last: Int64 = 0
        /// By sequence, those that are claimed.
        var claimed: [Int64: Held] = [:]
        var tally = DeliverTally()
        /// Mails that the run has begun.
        var mails = 0
        var desk: LetterDesk
    }

    /// A claim, and what its results depend on.
    private struct Held {
        let claim: DeliveryClaim
        var address: String?
        /// Whether a mail of it may have been sent.
        var isInDoubt: Bool
    }

    private let store: any DeliveryStore
    private let run: DeliveryRunID
    private let scope: DeliveryScope
    private let rule: PutOffRule
    private let letters: LetterBook
    package let renewInterval: Duration?
    private let onPutOff: @Sendable (IdentityID, DeliveryReply, Timestamp) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - desk: is called on the queue's thread alone.
    ///   - renewInterval: how often to renew the run's lease; nil for never.
    ///   - onPutOff: told of every mail that is put off.
    package init(
        _ store: any DeliveryStore,
        run: DeliveryRunID,
        _ scope: DeliveryScope,
        _ rule: PutOffRule,
        desk: sending LetterDesk,
        letters: LetterBook,
        renewInterval: Duration? = nil,
        onPutOff: @escaping @Sendable (IdentityID, DeliveryReply, Timestamp) -> Void = { _, _, _ in }
    ) {
        self.store = store
        self.run = run
        self.scope = scope
        self.rule = rule
        self.letters = letters
        self.renewInterval = renewInterval
        self.onPutOff = onPutOff
        state = Mutex(State(desk: desk))
    }

    package var tally: DeliverTally { state.withLock(\.tally) }

    package func commit(
        _ results: [StageResult<MailEnd>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        try state.withLock { state in
            state.mails = progress.requests
            var records = results.flatMap { record($0, state, at: time) }
            var claims: [Claim] = []
            repeat {
                let found = try commit(records, claiming: claiming - claims.count, state, at: time)
                note(records, &state)
                records = []
                state.last = found.last
                state.tally.passedBy.merge(found.leftOut, uniquingKeysWith: +)
                for claim in found.claims {
                    if let leftOut = try take(claim, &state) {
                        records.append(leftOut)
                    } else {
                        claims.append(claim.claim)
                    }
                }
                guard found.hasMore, claims.count < claiming else { break }
            } while true
            if !records.isEmpty {
                try store.recordDeliveries(records, run: run, mails: state.mails, at: time)
                note(records, &state)
            }
            return Committed(claims: claims)
        }
    }

    private func commit(
        _ records: [DeliveryResult],
        claiming: Int,
        _ state: State,
        at time: Timestamp
    ) throws -> DeliveryClaims {
        guard claiming > 0 else {
            try store.recordDeliveries(records, run: run, mails: state.mails, at: time)
            return DeliveryClaims(last: state.last)
        }
        return try store.recordDeliveries(
            records,
            run: run,
            mails: state.mails,
            claiming: claiming,
            scope,
            after: state.last,
            at: time
        )
    }

    /// - Returns: what is recorded where there is no letter.
    private func take(_ claim: DeliveryClaim, _ state: inout State) throws -> DeliveryResult? {
        var held = Held(claim: claim, isInDoubt: claim.claim.wasInDoubt)
        defer { state.claimed[claim.claim.sequence] = held }
        switch try state.desk.letter(for: claim.row) {
        case .success(let letter):
            held.address = letter.address
            letters[claim.claim.sequence] = letter
            state.tally.relativeLinks = state.desk.relativeLinks
            return nil
        case .failure(let refusal):
            held.address = refusal.address
            let outcome: DeliveryResult.Outcome =
                held.isInDoubt
                ? .failed(refusal.reason, DeliveryReply(text: refusal.text))
                : .leftOut(refusal.reason, refusal.text)
            return DeliveryResult(claim: claim.claim, outcome: outcome, address: refusal.address)
        }
    }

    package func takeLate(_ results: [StageResult<MailEnd>], at time: Timestamp) throws -> Committed {
        try state.withLock { state in
            let records = results.flatMap { record($0, state, at: time) }
            try store.takeLateDeliveries(records, run: run, at: time)
            note(records, &state)
            return Committed()
        }
    }

    package func renew(at time: Timestamp) throws { try store.renewDeliveries(run, at: time) }

    package func release(_ claims: [Claim]) throws { try store.releaseDeliveries(claims, run: run) }

    package func requeueRefused() throws { try store.requeueRefusedDeliveries() }

    package func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try store.deliveryRequests(since: time)
    }

    package func refusalsOnly() throws -> [FailureRecord]? { try store.deliveryRefusalsOnly() }
}

// MARK: - Results

extension DeliverQueue {
    private func record(
        _ result: StageResult<MailEnd>,
        _ state: State,
        at time: Timestamp
    ) -> [DeliveryResult] {
        result.claims.map { claim in
            let held = state.claimed[claim.sequence]
            var record = DeliveryResult(
                claim: claim,
                outcome: .dueAgain,
                mayBeSent: result.isAmbiguous,
                address: held?.address
            )
            switch result.outcome {
            case .done(.sent(let reply)): record.outcome = .sent(reply)
            case .done(.later(let reply)): record.outcome = putOff(reply, held, at: time)
            case .done(.inDoubt(let text)):
                record.mayBeSent = true
                record.outcome = .inDoubt(DeliveryReply(text: text), due: time)
            case .done(.leftOut(let reason, let text)): record.outcome = .leftOut(reason, text)
            case .failed(let failure) where failure.isPermanent:
                let isRefusal = failure.kind == .rejectedByServer
                record.outcome = .failed(isRefusal ? .refused : .unsendable, failure.reply)
            case .failed(let failure):
                let isInDoubt = result.isAmbiguous || held?.isInDoubt == true
                if isInDoubt {
                    let delay = rule.delay(timesPutOff: held?.claim.timesPutOff ?? 0)
                    record.outcome = .inDoubt(failure.reply, due: time.advanced(by: delay))
                } else {
                    record.outcome = putOff(failure.reply, held, at: time)
                }
            case .tryingAgain(let failure): record.outcome = .tryingAgain(failure.reply)
            case .dueAgain: record.outcome = .dueAgain
            }
            return record
        }
    }

    private func putOff(
        _ reply: DeliveryReply,
        _ held: Held?,
        at time: Timestamp
    ) -> DeliveryResult.Outcome {
        guard let held else { return .dueAgain }
        let due = rule.due(
            timesPutOff: held.claim.timesPutOff,
            firstAt: held.claim.firstAt,
            expiresAt: held.claim.row.invitation.expiresAt,
            remainingMin: scope.remainingMin,
            now: time
        )
        return due.map { .later(reply, due: $0) } ?? .failed(.gaveUp, reply)
    }

    /// What is in the ledger by now.
    private func note(_ records: [DeliveryResult], _ state: inout State) {
        for record in records {
            let sequence = record.claim.sequence
            if case .tryingAgain = record.outcome {
                if record.mayBeSent { state.claimed[sequence]?.isInDoubt = true }
                continue
            }
            let held = state.claimed.removeValue(forKey: sequence)
            letters[sequence] = nil
            switch record.outcome {
            case .sent:
                state.tally.sent += 1
                if held?.isInDoubt == true { state.tally.sentAgain += 1 }
            case .later(let reply, let due):
                state.tally.putOff += 1
                onPutOff(record.claim.identityID, reply, due)
            case .inDoubt: state.tally.inDoubt += 1
            case .failed: state.tally.failed += 1
            case .leftOut(let reason, _): state.tally.leftOut[reason, default: 0] += 1
            case .dueAgain, .tryingAgain: break
            }
        }
    }
}

extension FailureRecord {
    fileprivate var reply: DeliveryReply {
        DeliveryReply(
            code: failure.httpStatus.flatMap { (100...999).contains($0) ? $0 : nil },
            enhanced: failure.errorID,
            text: failure.reason
        )
    }
}
