// Against simulated servers: near the optimum within seconds, and there for good.

import Pacing
import Testing
import Model

@Suite struct ConcurrencyLimitTests {
    /// A server, and the most that any limit gets out of it.
    static let servers: [(name: String, world: ClosedLoop, best: Double)] = [
        ("rollback journal", ClosedLoop(shape: .rollbackJournal), 254),
        ("write-ahead log", ClosedLoop(shape: .writeAheadLog), 666),
        ("PostgreSQL", ClosedLoop(shape: .postgreSQL), 1044),
        ("1 lane", ClosedLoop(shape: .lanes(1, serviceTime: .milliseconds(4))), 250),
        ("2 lanes", ClosedLoop(shape: .lanes(2, serviceTime: .milliseconds(5))), 400),
        ("8 lanes", ClosedLoop(shape: .lanes(8, serviceTime: .milliseconds(10))), 800),
        (
            "2 lanes, 20 ms away",
            ClosedLoop(shape: .lanes(2, serviceTime: .milliseconds(5)), roundTrip: .milliseconds(20)), 400
        ),
        (
            "8 lanes, 20 ms away",
            ClosedLoop(shape: .lanes(8, serviceTime: .milliseconds(10)), roundTrip: .milliseconds(20)), 800
        ),
    ]

    @Test(arguments: servers.indices, [1, 2, 3] as [UInt64])
    func keepsNearlyAllOfTheBestThroughput(server: Int, seed: UInt64) {
        var (name, world, best) = Self.servers[server]
        world.noise = .even
        world.seed = seed
        let outcome = world.adaptive(seconds: 60)
        let reached = outcome.perSecond(from: 0, to: 60) / best
        #expect(reached >= 0.95, "\(name), seed \(seed): \(reached), limits \(outcome.limitsBySecond)")
        let settled = outcome.perSecond(from: 5, to: 20) / best
        #expect(
            settled >= 0.95,
            "\(name), seed \(seed): \(settled) from 5 s on, limits \(outcome.limitsBySecond)"
        )
    }

    /// A window of seconds and the levels that are near the optimum.
    @Test(arguments: [(0, 1...3), (1, 4...12), (2, 6...12), (3, 1...3), (4, 2...4), (5, 6...16)])
    func settlesAtALevelThatFits(server: Int, levels: ClosedRange<Int>) {
        var (name, world, _) = Self.servers[server]
        world.noise = .even
        let outcome = world.adaptive(seconds: 30)
        // Trials above and below are short.
        let late = outcome.limits[100...].sorted()
        let (usual, high) = (late[late.count / 2], late[late.count * 19 / 20])
        #expect(levels.contains(usual), "\(name): \(usual), limits \(outcome.limitsBySecond)")
        #expect(high <= 2 * levels.upperBound, "\(name): \(high), limits \(outcome.limitsBySecond)")
    }

    @Test(arguments: [ServerShape.writeAheadLog, .postgreSQL])
    func aRoundTripOfTwentyMillisecondsIsFilled(shape: ServerShape) {
        let world = ClosedLoop(shape: shape, noise: .even, roundTrip: .milliseconds(20))
        let best = [16, 24, 32, 48].map { world.fixed($0, seconds: 6).perSecond(from: 1, to: 6) }.max() ?? 0
        let outcome = world.adaptive(seconds: 60)
        #expect(outcome.perSecond(from: 0, to: 60) >= 0.95 * best, "limits \(outcome.limitsBySecond)")
    }

    @Test func sixtyFourLanesAreFilled() {
        let world = ClosedLoop(shape: .lanes(64, serviceTime: .milliseconds(20)), noise: .even)
        let outcome = world.adaptive(seconds: 20)
        #expect(outcome.perSecond(from: 5, to: 20) >= 0.95 * 3200, "limits \(outcome.limitsBySecond)")
    }

    @Test(arguments: [256, 100, 1])
    func aServerThatNeverGetsSlowerGetsTheMost(max: Int) {
        let world = ClosedLoop(shape: .lanes(10_000, serviceTime: .milliseconds(20)), noise: .even)
        let outcome = world.adaptive(seconds: 10, max: max)
        #expect(outcome.limits[50] == max, "limits \(outcome.limitsBySecond)")
        #expect(outcome.limits.allSatisfy { (1...max).contains($0) })
        #expect(outcome.perSecond(from: 5, to: 10) >= 0.95 * Double(max) * 50)
    }

    @Test(arguments: [4, 200, 900])
    func doesNotGrowWhileARateIsTheBottleneck(milliseconds: Int) {
        var world = ClosedLoop(shape: .lanes(1000, serviceTime: .milliseconds(milliseconds)), noise: .even)
        world.rates = [Rate(count: 8, window: .seconds(1))]
        let outcome = world.adaptive(seconds: 120)
        // What 8 a second keep in flight, and a step or two more.
        let needed = Swift.max(1, Int((8 * Double(milliseconds) / 1000).rounded(.up)))
        #expect((outcome.limits.max() ?? 0) <= 3 * needed, "limits \(outcome.limitsBySecond)")
        // A request counts until a window's length after its answer.
        let possible = 8 / (1 + Double(milliseconds) / 1000)
        let reached = outcome.perSecond(from: 60, to: 120)
        #expect(reached >= 0.95 * possible, "\(reached) of \(possible), limits \(outcome.limitsBySecond)")
    }

    @Test(arguments: [(8, 2), (2, 8), (8, 32), (32, 4)])
    func findsAServerAgainThatChanged(before: Int, after: Int) {
        var world = ClosedLoop(shape: .lanes(before, serviceTime: .milliseconds(10)), noise: .even)
        world.change = (.seconds(20), .lanes(after, serviceTime: .milliseconds(10)))
        let outcome = world.adaptive(seconds: 50)
        let best = Double(after) * 100
        let late = outcome.perSecond(from: 42, to: 50)
        #expect(late >= 0.95 * best, "\(late) of \(best), limits \(outcome.limitsBySecond)")
        #expect(
            (outcome.limits.last ?? 0) <= Swift.max(before, 4 * after),
            "limits \(outcome.limitsBySecond)"
        )
    }

    @Test func backsOffInAnOutageAndComesBackWithinSeconds() {
        var world = ClosedLoop(shape: .postgreSQL, noise: .even)
        world.outage = .seconds(10)..<Duration.seconds(15)
        let outcome = world.adaptive(seconds: 25)
        #expect(outcome.limits[110...145].allSatisfy { $0 == 1 }, "limits \(outcome.limitsBySecond)")
        let after = outcome.perSecond(from: 20, to: 25)
        #expect(after >= 0.95 * 1044, "\(after), limits \(outcome.limitsBySecond)")
    }

    @Test func aServerThatFailsWithTooManyInItIsSpared() {
        var world = ClosedLoop(shape: .lanes(10_000, serviceTime: .milliseconds(20)), noise: .even)
        world.inServerMax = 20
        let outcome = world.adaptive(seconds: 60)
        let good = outcome.perSecond(from: 5, to: 60)
        #expect(good >= 0.7 * 20 * 50, "\(good), limits \(outcome.limitsBySecond)")
        let failed = 1 - Double(outcome.good.reduce(0, +)) / Double(outcome.sent)
        #expect(failed < 0.05, "\(failed) failed, limits \(outcome.limitsBySecond)")
    }

    @Test func faultsThatComeWhateverTheLevelDontSlowItDown() {
        var world = ClosedLoop(shape: .postgreSQL, noise: .even)
        world.faultPart = 0.02
        let outcome = world.adaptive(seconds: 30)
        #expect(outcome.perSecond(from: 5, to: 30) >= 0.93 * 1044, "limits \(outcome.limitsBySecond)")
    }

    @Test func answersThatSayNothingChangeNothing() {
        var limit = ConcurrencyLimit()
        for number in 0..<10_000 {
            let now = Duration.milliseconds(number)
            limit.started(at: now)
            limit.ended(latency: .milliseconds(1), outcome: .other, at: now + .milliseconds(1))
        }
        #expect(limit.limit == 1)
    }
}

extension ClosedLoop.Outcome {
    /// For the report of a failure.
    fileprivate var limitsBySecond: [Int] {
        stride(from: 9, to: limits.count, by: 10).map { limits[$0] }
    }
}
