// Stages as the engine runs them: all with one type of value, which it never looks at.

import Ledger
import Model

/// What attempts of any stage bring.
///
/// The engine is generic, and generic code is only fast where the compiler knows the types: a module that
/// names a type of its own cannot have this one's code made for it. So there is one engine, for this type.
typealias AnyValue = any Sendable

/// A stage whose values are of any type.
struct ErasedStage<Base: Stage>: Stage {
    let base: Base

    init(_ base: Base) { self.base = base }

    var traits: StageTraits { base.traits }
    var executor: (any TaskExecutor)? { base.executor }

    func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<AnyValue> {
        let attempt = await base.attempt(claims, attemptsBefore: attemptsBefore, onSend: onSend)
        return Attempt(
            attempt.outcome.erased,
            contact: attempt.contact,
            requestID: attempt.requestID,
            limits: attempt.limits,
            remarks: attempt.remarks
        )
    }
}

extension Outcome {
    fileprivate var erased: Outcome<AnyValue> {
        switch self {
        case .done(let value): .done(value)
        case .failed(let failure): .failed(failure)
        case .retry(let failure, let mayBeDone, let holdFor):
            .retry(failure, mayBeDone: mayBeDone, holdFor: holdFor)
        case .again: .again
        case .unread(let failure): .unread(failure)
        case .tooLong(let answer): .tooLong(answer)
        case .stop(let reason): .stop(reason)
        }
    }
}

/// A queue for values of any type; those that it is given have come from a stage of its own type.
final class ErasedQueue<Base: StageQueue>: StageQueue {
    private let base: Base

    init(_ base: Base) { self.base = base }

    func commit(
        _ results: [StageResult<AnyValue>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        try base.commit(typed(results), progress: progress, claiming: claiming, at: time)
    }

    func takeLate(_ results: [StageResult<AnyValue>], at time: Timestamp) throws -> Committed {
        try base.takeLate(typed(results), at: time)
    }

    func keep(
        _ results: [StageResult<AnyValue>],
        unsent: [Claim],
        progress: RunProgress,
        at time: Timestamp
    ) throws {
        try base.keep(typed(results), unsent: unsent, progress: progress, at: time)
    }

    private func typed(_ results: [StageResult<AnyValue>]) -> [StageResult<Base.Value>] {
        results.map { result in
            StageResult(
                claims: result.claims,
                outcome: typed(result.outcome),
                isAmbiguous: result.isAmbiguous,
                requestID: result.requestID
            )
        }
    }

    private func typed(_ outcome: StageResult<AnyValue>.Outcome) -> StageResult<Base.Value>.Outcome {
        switch outcome {
        case .done(let value):
            guard let value = value as? Base.Value else {
                preconditionFailure("a runner's stage and queue have values of one type")
            }
            return .done(value)
        case .failed(let failure): return .failed(failure)
        case .tryingAgain(let failure): return .tryingAgain(failure)
        case .dueAgain(let failure): return .dueAgain(failure)
        }
    }

    var renewInterval: Duration? { base.renewInterval }
    func renew(at time: Timestamp) throws { try base.renew(at: time) }
    func release(_ claims: [Claim]) throws { try base.release(claims) }
    func requeueRefused() throws { try base.requeueRefused() }
    func requests(since time: Timestamp) throws -> [RequestsInSecond] { try base.requests(since: time) }
    func refusalsOnly() throws -> [FailureRecord]? { try base.refusalsOnly() }
    var resultsKept: Int { base.resultsKept }
    func discardKept() { base.discardKept() }
    func closeKept() { base.closeKept() }
}
