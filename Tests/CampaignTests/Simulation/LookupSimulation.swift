// A world for looking up: the same clock, weather and crashes as a campaign's, a list of identities, and a
// real ledger.

import Providers
import Ledger
import Pacing
import TestSupport
import Model

@testable import Campaign
@testable import Work

/// Runs that look a campaign's identities up, until one of them has come to its end; all of it follows from
/// the seed.
final class LookupSimulation {
    typealias Machine = StageMachine<[ListedIdentity]>

    enum Event {
        case begins
        case connects(Request)
        case arrives(Request)
        case ends(Request, LookupReply)
        case commitEnds(process: Int)
        case isKilled(process: Int)
        case isInterrupted(process: Int)
    }

    /// A request from its permission to its end.
    struct Request {
        let process: Int
        let number: Int
        let job: StageJob
        /// Whether it only asks if the server understands the question.
        let isProbe: Bool
    }

    /// A run's process, until it ends or is killed.
    struct Process {
        let number: Int
        let run: RunID
        let options: StageOptions
        let origin: Duration
        let lookups: LookupQueue
        /// Identities that were due when it began.
        let due: Int
        var machine: Machine
        var inFlight: [Int: Request] = [:]
        var commit: StageCommit<[ListedIdentity]>?
        var wakeUp: Duration?
        var isProbed = false
        var sent = 0
        /// Failures that were not the rate's.
        var failures = 0
        var lastGood: Duration
        /// Until when the server wants an identity not to be asked for, by its claim.
        var waits: [Int64: Duration] = [:]
        var wasAskedToStop = false
    }

    /// What happened in sum.
    struct Outcome {
        var requests = 0
        var kills = 0
        var shrunk = 0
        var stops: [String: Int] = [:]
    }

    let seed: UInt64
    var random: SeededGenerator
    var list: SimulatedList
    let rates: [Rate]
    let calm: Duration
    let crashMean: Duration?
    let folder: TemporaryFolder
    var ledger: any Ledger

    private(set) var now: Duration = .zero
    var queue = EventQueue<Duration, Event>()
    var process: Process?
    var processes = 0
    var isDone = false
    var outcome = Outcome()
    var trace = SimulationTrace()
    var arrivals = ArrivalLog()
    var events = 0

    private static let start = Timestamp(milliseconds: 1_795_218_417_250)
    private static let eventsMax = 500_000

    init(seed: UInt64) throws {
        self.seed = seed
        var random = SeededGenerator(seed: seed &+ 77_000)
        calm = .seconds(random.one(of: 600.0, 3600, 20_000))
        crashMean = random.one(of: nil, calm / 4, calm / 12)
        let seconds = random.one(of: 1, 60)
        let rate = Rate(count: Int.random(in: 1...5, using: &random), window: .seconds(seconds))
        rates = random.one(of: [], [rate])
        let mean = Duration.seconds(random.one(of: 20.0, 120, 600))
        list = SimulatedList(forecast: Forecast(until: calm, mean: mean, using: &random), using: &random)
        self.random = random
        folder = try TemporaryFolder()
        ledger = try CampaignSimulation.openLedger(in: folder)
    }

    var wallClock: Timestamp { Self.start.advanced(by: now) }

    func run() throws -> Outcome {
        do {
            let roster = try ledger.beginRoster(name: "roster", at: wallClock)
            let entries = list.characters.indices.map { number in
                RosterEntry.identity(.numbered(number + 1), line: number + 1, columns: [])
            }
            _ = try ledger.enrol(entries, idColumn: "id", columnNames: [], into: roster)
            queue.insert(.begins, at: .zero)
            while !isDone { try step() }
        } catch {
            throw SimulationFailure("look-ups, seed \(seed), after \(now): \(error)\n\(trace)")
        }
        return outcome
    }

    private func step() throws {
        events += 1
        try require(events < Self.eventsMax, "it never ends")
        if let wakeUp = process?.wakeUp, wakeUp <= queue.nextKey ?? wakeUp {
            now = max(now, wakeUp)
            process?.wakeUp = nil
            try proceed { $0.tick(at: $1) }
        } else if let (time, event) = queue.removeFirst() {
            now = time
            try happen(event)
        } else {
            try require(false, "nothing will ever happen again")
        }
        try checkAlways()
    }

    private func happen(_ event: Event) throws {
        switch event {
        case .begins: try begin()
        case .connects(let request): connect(request)
        case .arrives(let request): try arrive(request)
        case .ends(let request, let reply): try end(request, reply)
        case .commitEnds(let number): if process?.number == number { try endCommit() }
        case .isKilled(let number): if process?.number == number, now < calm { try kill() }
        case .isInterrupted(let number):
            guard process?.number == number else { return }
            process?.wasAskedToStop = true
            try proceed { $0.requestStop(.signal("sigint"), at: $1) }
        }
    }

    // MARK: - Runs

    private func begin() throws {
        processes += 1
        arrivals.runBegins()
        ledger = try CampaignSimulation.openLedger(in: folder)
        let run = try ledger.beginRun(
            RunStart(startedAt: wallClock, process: "\(processes)", version: "0", retryFailed: false)
        )
        let lookups = LookupQueue(ledger, run: run, columns: [], maxIdentities: nil)
        let isLast = now >= calm
        let options = StageOptions(
            pacing: PacingOptions(
                rates: rates,
                concurrency: .fixed(random.one(of: 1, 1, 3)),
                giveUpAfter: isLast ? .seconds(600) : random.one(of: .seconds(60), .seconds(600))
            ),
            attemptsMax: isLast ? 20 : Int.random(in: 1...20, using: &random),
            claimsPerRequest: 1
        )
        let origin = now - random.some(.zero, .seconds(20))
        var admission = Admission(options.pacing)
        let earlier = try lookups.requests(since: Admission.memoryBegins(wallClock))
        admission.remember(earlier, elapsed: now - origin, now: wallClock)
        var machine = Machine(
            options: options,
            traits: LookupStage.traits,
            admission: admission,
            refusalsSoFar: nil,
            random: SeededGenerator(seed: random.next())
        )
        machine.idleWorkers = .max / 2
        process = Process(
            number: processes,
            run: run,
            options: options,
            origin: origin,
            lookups: lookups,
            due: try ledger.dueCount(retryingFailed: false),
            machine: machine,
            lastGood: now
        )
        if let crashMean {
            queue.insert(.isKilled(process: processes), at: now + random.exponential(crashMean))
        }
        if !isLast, random.chance(0.1) {
            queue.insert(.isInterrupted(process: processes), at: now + random.exponential(calm / 20))
        }
        trace.note(now, "run begins", processes)
        try proceed { $0.committerCame(at: $1) }
    }

    private func kill() throws {
        guard let dead = process else { return }
        trace.note(now, "killed", dead.number)
        outcome.kills += 1
        if let commit = dead.commit, random.chance(0.5) { _ = try write(commit, dead) }
        process = nil
        queue.insert(.begins, at: now + random.some(.milliseconds(20), .seconds(30)))
    }

    private func finish() throws {
        guard var ended = process else { return }
        process = nil
        let end = ended.machine.conclude().end
        trace.note(now, "run ends", ended.number)
        outcome.stops[end.stop?.code ?? "done", default: 0] += 1
        outcome.requests += ended.sent
        if ended.machine.batchSize < IdentityLookup.batchMax { outcome.shrunk += 1 }
        try check(end, of: ended)
        try ledger.finishRun(
            ended.run,
            progress: RunProgress(),
            stoppedBecause: end.stop?.code,
            at: wallClock
        )
        isDone = end.stop == nil
        if !isDone { queue.insert(.begins, at: now + random.exponential(.seconds(60))) }
    }

    // MARK: - Requests and commits

    private func proceed(_ event: (inout Machine, Duration) -> Machine.Actions) throws {
        guard var current = process else { return }
        let elapsed = now - current.origin
        let actions = event(&current.machine, elapsed)
        process = current
        for job in actions.starts { try start(job) }
        if let commit = actions.commit {
            process?.commit = commit
            queue.insert(
                .commitEnds(process: processes),
                at: now + random.some(.milliseconds(1), .milliseconds(20))
            )
        }
        guard actions.phase != .over else { return try finish() }
        try planWakeUp()
    }

    private func start(_ job: StageJob) throws {
        let request = Request(
            process: processes,
            number: events * 8 + (process?.inFlight.count ?? 0),
            job: job,
            isProbe: process?.isProbed == false
        )
        try checkStart(request)
        process?.inFlight[request.number] = request
        try process?.lookups.noteRequest(at: wallClock)
        trace.note(now, "starts", request.number, job.work.claims.count)
        queue.insert(.connects(request), at: now + random.some(.zero, .milliseconds(20)))
    }

    private func connect(_ request: Request) {
        guard process?.number == request.process else { return }
        if let (reply, after) = list.refusal(at: now) {
            return queue.insert(.ends(request, reply), at: now + after)
        }
        process?.sent += 1
        if let origin = process?.origin { process?.machine.sent(request.job, at: now - origin) }
        let delay = random.chance(0.05) ? Duration.milliseconds(900) : .milliseconds(30)
        queue.insert(.arrives(request), at: now + random.some(.zero, delay))
    }

    private func arrive(_ request: Request) throws {
        arrivals.arrives(at: now)
        for rate in rates {
            let count = arrivals.count(within: rate.window, until: now)
            try require(count <= rate.count, "\(count) requests arrived in \(rate.window), of \(rate)")
        }
        let ids = request.isProbe ? [] : request.job.work.claims.map(\.identityID)
        let (reply, after) = list.answer(for: ids, at: now)
        queue.insert(.ends(request, reply), at: now + after)
    }

    private func end(_ request: Request, _ reply: LookupReply) throws {
        guard process?.number == request.process else { return }
        trace.note(now, "ends", request.number, request.job.work.claims.count)
        process?.inFlight[request.number] = nil
        let attempt: Attempt<[ListedIdentity]> =
            request.isProbe ? Attempt(probing: reply) : Attempt(reply)
        switch attempt.outcome {
        case .again: process?.isProbed = true
        // Only what came before it gave up.
        case .done: if process?.machine.stop == nil { process?.lastGood = now }
        case .retry(let failure, _, let hold) where failure.kind == .rateLimited:
            for claim in request.job.work.claims { process?.waits[claim.sequence] = now + (hold ?? .zero) }
        case .retry: process?.failures += 1
        default: break
        }
        let wallClock = wallClock
        try proceed { $0.finished(request.job, attempt, at: $1, now: wallClock) }
    }

    private func endCommit() throws {
        guard let current = process, let commit = current.commit else { return }
        process?.commit = nil
        let claims = try write(commit, current)
        trace.note(now, "committed", commit.results.count, claims.count)
        try proceed { machine, elapsed in
            // The committer is back at once.
            machine.isCommitterIdle = true
            return machine.committed(commit, claims, at: elapsed)
        }
    }

    private func write(_ commit: StageCommit<[ListedIdentity]>, _ process: Process) throws -> [Claim] {
        try process.lookups.commit(
            commit.results,
            progress: commit.progress,
            claiming: commit.claiming,
            at: wallClock
        ).claims
    }

    /// The next look at the clock, on the ticker's beat.
    private func planWakeUp() throws {
        guard let process else { return }
        let machine = process.machine
        let elapsed = now - process.origin
        var times = [machine.nextStart, machine.pool.retries.map(\.due).min()].compactMap(\.self)
        if !machine.claims.results.isEmpty, process.commit == nil {
            times.append(machine.claims.resultsSince + Machine.commitDelay)
        }
        try require(
            !times.isEmpty || !process.inFlight.isEmpty || process.commit != nil,
            "it waits for nothing, with \(machine.claims.open) claims"
        )
        let tick: Duration = .milliseconds(10)
        let time = max(min(times.min() ?? .seconds(Int64.max / 4), elapsed + .seconds(20)), elapsed + tick)
        let beats = (time / tick).rounded(.up)
        self.process?.wakeUp = process.origin + tick * Int(beats)
    }

    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(SimulationFailure) {
        guard holds else { throw SimulationFailure(what()) }
    }
}
