// One run in a simulation: the stage machine, and what the tasks around it would be at.

import Providers
import Ledger
import Pacing
import Model

@testable import Campaign
@testable import Work

/// A request from its permission to its end.
struct SimulatedRequest {
    /// The number of the process that sends it.
    let process: Int
    let number: Int
    let job: StageJob

    /// The identity's number in the order of enrolment, from 0.
    var identity: Int { Int(job.claim.sequence) - 1 }
}

/// A run's process, until it ends or is killed.
struct SimulatedProcess {
    /// What an identity met with in this run.
    struct Encounters {
        var single = 0
        var inPhases: [Int: Int] = [:]
    }

    let number: Int
    let run: RunID
    /// Whether it is to do all that is left.
    let isLast: Bool
    let options: StageOptions
    /// When it is told to stop, in its own time; nil for never.
    let deadline: Duration?
    /// The operator's limits, less what is left to others.
    let limits: [Rate]
    /// The time on the world's clock when its own began.
    let origin: Duration
    var state: IssueMachine

    /// By the number of the request.
    var inFlight: [Int: SimulatedRequest] = [:]
    var commit: IssueCommit?
    /// When it is to be woken, on the world's clock.
    var wakeUp: Duration?
    /// Times in a row that it was woken for nothing while requests were in flight.
    var fruitless = 0

    // What happened so far.
    var sent = 0
    var sentAndEnded = 0
    var encounters: [Int: Encounters] = [:]
    /// The phases of the weather in which it knew of an outage.
    var noticed: Set<Int> = []
    var hasUsefulAnswer = false
    var goodsInARow = 0
    var lastGood: Duration = .zero
    /// When the circuit was certainly closed for good.
    var lastManyGoods: Duration = .zero
    var lastStart: Duration = .zero
    /// Until when the server wants nobody to ask.
    var heldUntil: Duration = .zero
    /// Until when it wants an identity not to be asked for.
    var waits: [Int: Duration] = [:]
    /// When the refusals end that came with nothing accepted in between.
    var refusals: [Duration] = []
    var wasAskedToStop = false
    var commitsFailed = 0

    /// So many good answers in a row close a circuit, whatever state it is in, and end an outage.
    static let goodsToClose = 26
    /// So many refusals in a row are those of a limit.
    static let refusalsInRow = 3
    /// How often a process looks what time it is, when nothing else wakes it.
    static let heartbeat: Duration = .seconds(20)
    private static let tick: Duration = .milliseconds(10)

    func elapsed(_ now: Duration) -> Duration { now - origin }

    mutating func tell(
        _ event: (inout IssueMachine, Duration) -> IssueMachine.Actions,
        at elapsed: Duration
    ) -> IssueMachine.Actions {
        event(&state, elapsed)
    }

    mutating func send(_ job: StageJob, at now: Duration) {
        if state.admission.needsSendTimes { state.sent(job, at: elapsed(now)) }
        sent += 1
    }

    /// When it has something to do by itself, in its own time; nil where only an event can change anything.
    func ownTime(_ wait: Duration?) -> Duration? {
        var times = [wait, state.pool.retries.map(\.due).min()]
        if state.stop == nil { times.append(deadline) }
        if !state.claims.results.isEmpty, commit == nil, !state.claims.hasFailed {
            times.append(state.claims.resultsSince + IssueMachine.commitDelay)
        }
        return times.compactMap(\.self).min()
    }

    /// Plans the next look at the clock, on the ticker's beat.
    mutating func planWakeUp(_ wait: Duration?, at now: Duration) {
        let elapsed = elapsed(now)
        var time = min(ownTime(wait) ?? .seconds(Int64.max / 4), elapsed + Self.heartbeat)
        // While requests are in flight their ends matter; to ask again ever so often would only cost time.
        if !inFlight.isEmpty {
            fruitless = min(fruitless + 1, 7)
            time = max(time, min(elapsed + Self.tick * (1 << fruitless), elapsed + .seconds(1)))
        }
        let beats = (max(time, elapsed + .milliseconds(1)) / Self.tick).rounded(.up)
        wakeUp = origin + Self.tick * Int(beats)
    }
}
