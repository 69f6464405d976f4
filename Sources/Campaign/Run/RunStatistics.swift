// A run's figures and notable events: from its event stream into its time series.

import Ledger
import Pacing
import Synchronization
import Model
import Work

/// Counts what a run tells, in the bucket of its time, and hands over each bucket whose time has passed.
///
/// It subscribes to the run's events, some thousand a second: an event costs a lock and a few additions. It
/// writes nothing itself; what it hands to its recorder goes into the ledger with the run's next commit or
/// renewal. A process that is killed loses the bucket in hand.
final class RunStatistics: Sendable {
    /// A figure that may change often: a change is noted once for each bucket at most.
    private struct Level {
        let kind: NotableEvent.Kind
        let name: String
        var value: String?
        var noted: String?
        var changedAt = Timestamp(milliseconds: 0)

        mutating func change(to value: String, at time: Timestamp) {
            (self.value, changedAt) = (value, time)
        }

        mutating func note(in recorder: RunRecorder) {
            guard let value, value != noted else { return }
            noted = value
            recorder.note(NotableEvent(kind, at: changedAt, details: [name: value]))
        }
    }

    private struct State {
        var bucket: RunBucket
        var isEmpty = true
        var isIssuing = false
        var hasAttempted = false
        var limit: String?
        var limits = Level(kind: .limitLearnt, name: "limits")
        var concurrency = Level(kind: .concurrencyLevel, name: "concurrency")
    }

    /// What is handed over waits here for the ledger.
    let recorder = RunRecorder()
    private let time: TimeSource
    private let state: Mutex<State>

    init(time: TimeSource) {
        self.time = time
        state = Mutex(State(bucket: RunBucket(at: time.wallClock())))
    }

    func hear(_ event: RunEvent) {
        switch event {
        case .stage(let event): hear(event)
        case .progress, .lookingUp: passTime()
        case .step(.issuing): state.withLock { $0.isIssuing = true }
        case .locked(let waited): note(.lock, ["waited_seconds": Self.seconds(waited)])
        case .keyRenewed(let times): note(.keyRenewed, ["times": "\(times)"])
        default: break
        }
    }

    /// The run ends: whatever there is is handed over.
    ///
    /// - Parameter stop: the word for why it stopped early; nil where it did not.
    func end(stop: String?) {
        if let stop { note(.stop, ["reason": stop]) }
        let now = time.wallClock()
        state.withLock { handOver(&$0, now) }
    }

    private func hear(_ event: StageEvent) {
        switch event {
        case .attempted(let figures, let failed): count(figures, failed)
        case .committed(let figures): if figures.done > 0 { count(issued: figures.done) }
        case .outageBegan(let duration): note(.outageBegan, ["failing_seconds": Self.seconds(duration)])
        case .outageEnded(let duration): note(.outageEnded, ["failing_seconds": Self.seconds(duration)])
        case .limitChanged(let rates): note(rates)
        case .concurrencyChanged(let count):
            let now = time.wallClock()
            state.withLock { $0.concurrency.change(to: "\(count)", at: now) }
        case .identityFailed, .remark, .paused, .commitFailed, .stopped: break
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        "\((duration / .milliseconds(1)).rounded() / 1000)"
    }
}

// MARK: - Figures

extension RunStatistics {
    private func count(_ attempt: AttemptFigures, _ failed: FailedAttempt?) {
        count { state in
            state.hasAttempted = true
            if attempt.contact != .notSent {
                state.bucket.requests += 1
                if attempt.isRetry { state.bucket.retries += 1 }
            }
            if attempt.contact == .answered { state.bucket.latency.record(attempt.took) }
            state.bucket.inFlight = max(state.bucket.inFlight, attempt.inFlight)
            guard let kind = failed?.kind else { return }
            state.bucket.failures[kind, default: 0] += 1
            if kind == FailureKind.rateLimited.rawValue { state.bucket.rateLimitedAnswers += 1 }
        }
    }

    /// Of looking up, what is done is nothing that is issued.
    private func count(issued: Int) {
        count { state in if state.isIssuing { state.bucket.issued += issued } }
    }

    private func count(_ body: (inout State) -> Void) {
        let now = time.wallClock()
        state.withLock { state in
            handOverIfOver(&state, now)
            state.isEmpty = false
            body(&state)
        }
    }

    private func passTime() {
        let now = time.wallClock()
        state.withLock { handOverIfOver(&$0, now) }
    }

    private func handOverIfOver(_ state: inout State, _ now: Timestamp) {
        // Before its begin, too: the clock may have been set back.
        if state.bucket.isOver(at: now) || now < state.bucket.begin { handOver(&state, now) }
    }

    private func handOver(_ state: inout State, _ now: Timestamp) {
        state.limits.note(in: recorder)
        state.concurrency.note(in: recorder)
        if !state.isEmpty { recorder.add(state.bucket) }
        state.bucket = RunBucket(at: now)
        state.bucket.limitInForce = state.limit
        state.isEmpty = true
    }
}

// MARK: - Notable events

extension RunStatistics {
    private func note(_ kind: NotableEvent.Kind, _ details: [String: String]) {
        recorder.note(NotableEvent(kind, at: time.wallClock(), details: details))
    }

    private func note(_ limits: [Rate]) {
        let now = time.wallClock()
        let limit = limits.isEmpty ? nil : limits.inWords
        state.withLock { state in
            state.limit = limit
            state.bucket.limitInForce = limit
            state.limits.change(to: limit ?? "none", at: now)
            // What holds before the first answer is what the operator wants.
            if !state.hasAttempted { state.limits.noted = state.limits.value }
        }
    }
}
