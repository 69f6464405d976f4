// What must hold while identities are looked up, and when that is done.

import Providers
import Ledger
import Pacing
import TestSupport
import Model

@testable import Campaign
@testable import Work

extension LookupSimulation {
    /// After each event: every claim is somewhere, once, and nothing is beyond its bounds.
    func checkAlways() throws(SimulationFailure) {
        guard let process else { return }
        let machine = process.machine
        let concurrency = process.options.pacing.concurrency.max
        try require(machine.inFlight == process.inFlight.count, "\(machine.inFlight) in flight, it thinks")
        try require(process.inFlight.count <= concurrency, "\(process.inFlight.count) are in flight")
        try require(
            machine.claims.open <= IdentityLookup.batchMax * concurrency,
            "\(machine.claims.open) are claimed at a time"
        )
        let waiting = machine.pool.works.map(\.claims.count) + machine.lastTries.all.map(\.work.claims.count)
        let asked = process.inFlight.values.map(\.job.work.claims.count)
        let ending = machine.claims.ending + (process.commit?.ending ?? 0)
        let sum = (waiting + asked).reduce(ending, +)
        try require(sum == machine.claims.open, "of \(machine.claims.open) claims \(sum) are somewhere")
    }

    /// Before a request starts.
    func checkStart(_ request: Request) throws(SimulationFailure) {
        guard let process else { return }
        let claims = request.job.work.claims
        try require(process.machine.stop == nil, "a request after the stop")
        let isBatch = (1...process.machine.batchSize).contains(claims.count)
        try require(isBatch, "\(claims.count) are asked for")
        let until = claims.compactMap { process.waits[$0.sequence] }.max() ?? .zero
        try require(now >= until, "a request \(until - now) before the server wants it")
        let others = process.inFlight.values.flatMap(\.job.work.claims)
        try require(Set(others).isDisjoint(with: claims), "one is asked for twice at a time")
    }

    /// What a run leaves.
    func check(_ end: StageEnd, of process: Process) throws {
        try checkLedger(isWhole: end.stop == nil)
        try require(process.inFlight.isEmpty && process.commit == nil, "it ends while something is under way")
        let verification = process.lookups.verification
        let failed = verification.unknown + verification.inactive
        try require(verification.lookedUp == verification.passed + failed, "\(verification) does not add up")
        try require(try ledger.latestRun()?.progress.failed == failed, "another count is in the ledger")
        // Halved until it fits, and never more.
        let size = process.machine.batchSize
        let isNeeded = size == IdentityLookup.batchMax || size * 2 > list.idsMax
        try require(isNeeded, "it asks for \(size) at a time")
        switch end.stop {
        case nil:
            let lookedUp = verification.lookedUp
            try require(lookedUp == process.due, "\(lookedUp) of \(process.due) looked up")
        case .signal: try require(process.wasAskedToStop, "nobody asked it to stop")
        case .outage:
            let giveUpAfter = process.options.pacing.giveUpAfter ?? .zero
            try require(now - process.lastGood >= giveUpAfter, "it gave up soon after the server was well")
        case .fatal(let answer) where answer.code == .unreachable:
            let tries = min(process.options.attemptsMax, ConnectionCheck.triesToReach)
            try require(process.failures >= tries, "it stopped after \(process.failures) failures")
        default: throw SimulationFailure("it stopped for \(end.stop?.code ?? "")")
        }
    }

    /// Nobody fails who is there and active; in the end everybody fails who is not.
    private func checkLedger(isWhole: Bool) throws {
        var failures: [Int: String] = [:]
        try ledger.forEachFailure { failures[$0.identityID.number - 1] = $0.failure.kind.rawValue }
        for (number, character) in list.characters.enumerated() {
            let expected = character.failureKind?.rawValue
            let isRight = failures[number] == expected || !isWhole && failures[number] == nil
            try require(
                isRight,
                "identity \(number) is \(character), and failed by \(failures[number] ?? "nothing")"
            )
        }
        let counts = try ledger.counts(now: wallClock)
        try require(counts.failed == failures.count, "\(counts.failed) have failed, it counts")
        try require(
            counts.identities == counts.failed + counts.pending && counts.issued == 0,
            "\(counts) does not add up"
        )
    }
}

// MARK: - The server

/// What a server's list says of an identity.
enum ListedCharacter: Hashable, Sendable {
    case active, inactive, unknown

    var failureKind: FailureKind? {
        switch self {
        case .active: nil
        case .inactive: .inactiveIdentity
        case .unknown: .unknownIdentity
        }
    }
}

/// Lists identities as its weather allows, and as many at a time as something on the way lets through.
struct SimulatedList {
    let characters: [ListedCharacter]
    let idsMax: Int
    var forecast: Forecast
    private let faultShare: Double
    private var random: SeededGenerator

    init(forecast: Forecast, using random: inout SeededGenerator) {
        self.forecast = forecast
        let count = Int.random(in: 1...2500, using: &random)
        var characters = [ListedCharacter](repeating: .active, count: count)
        for index in characters.indices where random.chance(0.1) {
            characters[index] = random.one(of: .inactive, .unknown)
        }
        self.characters = characters
        idsMax = random.one(of: 1000, 1000, 37, 120, 3)
        faultShare = random.one(of: 0, 0.02, 0.1)
        self.random = SeededGenerator(seed: random.next())
    }

    /// The end of an attempt to connect that comes to nothing; nil where it succeeds.
    mutating func refusal(at now: Duration) -> (LookupReply, after: Duration)? {
        guard case .refusing = forecast.weather(at: now) else { return nil }
        return (.failed(.connection, wasSent: false), random.some(.milliseconds(1), .milliseconds(500)))
    }

    /// - Parameter ids: empty for a question that nobody is meant by.
    mutating func answer(for ids: [IdentityID], at now: Duration) -> (LookupReply, after: Duration) {
        let after = random.some(.milliseconds(3), .milliseconds(200))
        switch forecast.weather(at: now) {
        case .healthy, .refusing: break
        case .slow: return (listing(ids), random.some(.milliseconds(300), .seconds(8)))
        case .losing: return (.failed(.connection, wasAnswered: false), after)
        case .failing: return (.failed(.serverError), after)
        case .silent: return (.failed(.timeout, wasAnswered: false), SimulatedServer.patience)
        case .storming(let hold): return (.failed(.rateLimited, holdFor: hold), after)
        }
        if now < forecast.calm, random.chance(faultShare) {
            let kind = random.one(of: FailureKind.serverError, .unreadableAnswer, .timeout)
            return (.failed(kind, wasAnswered: kind != .timeout), after)
        }
        return (listing(ids), after)
    }

    private func listing(_ ids: [IdentityID]) -> LookupReply {
        guard ids.count <= idsMax else {
            let answer = FatalAnswer(.lookupRefused, "414")
            return LookupReply(outcome: .tooLong(answer), wasSent: true, wasAnswered: true)
        }
        let found = ids.compactMap { id -> ListedIdentity? in
            let character = characters[id.number - 1]
            guard character != .unknown else { return nil }
            return ListedIdentity(
                id: id,
                isActive: character == .active,
                hasRecoveryAddress: true,
                columns: []
            )
        }
        return LookupReply(outcome: .found(found), wasSent: true, wasAnswered: true)
    }
}

extension LookupReply {
    fileprivate static func failed(
        _ kind: FailureKind,
        holdFor hold: Duration? = nil,
        wasSent: Bool = true,
        wasAnswered: Bool = true
    ) -> LookupReply {
        let failure = Failure(kind: kind, httpStatus: nil, errorID: nil, reason: "words")
        return LookupReply(
            outcome: .transient(failure, holdFor: hold),
            wasSent: wasSent,
            wasAnswered: wasSent && wasAnswered
        )
    }
}
