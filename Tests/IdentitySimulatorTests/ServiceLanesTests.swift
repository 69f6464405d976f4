// The arithmetic of the service: who waits for how long, and what comes of it for throughput.

import Testing

@testable import IdentitySimulator

@Suite struct ServiceLanesTests {
    private static let millisecond: Int64 = 1_000_000

    @Test func whoComesFirstIsServedFirst() throws {
        var lanes = try #require(ServiceLanes(ServiceShape(time: .milliseconds(10), lanes: 2)))
        // Rows of arrivals and ends, in milliseconds.
        let rows: [(Int64, Int64)] = [
            (0, 10), (1, 11), (2, 20), (3, 21), (4, 30), (29, 39), (40, 50), (40, 50), (40, 60),
        ]
        for (arrival, end) in rows {
            let told = lanes.arrive(at: arrival * Self.millisecond, chance: 0.5)
            #expect(told == end * Self.millisecond, "at \(arrival) ms")
        }
    }

    @Test func withoutATimeThereAreNoLanes() {
        #expect(ServiceLanes(ServiceShape(lanes: 8, contention: 1)) == nil)
    }

    @Test(arguments: [(0.0, 8.0), (0.5, 10.0), (0.75, 11.0)])
    func chanceMovesATimeWithinItsJitter(_ chance: Double, _ milliseconds: Double) throws {
        let shape = ServiceShape(time: .milliseconds(10), jitter: 0.2)
        var lanes = try #require(ServiceLanes(shape))
        let end = lanes.arrive(at: 5, chance: chance)
        #expect(abs(Double(end - 5) - milliseconds * 1e6) < 2)
    }

    @Test func busyLanesShareAndWaitingOnesCrowd() throws {
        let shape = ServiceShape(time: .milliseconds(10), lanes: 2, sharing: 0.5, contention: 0.4)
        var lanes = try #require(ServiceLanes(shape))
        let ends = (0..<4).map { _ in lanes.arrive(at: 0, chance: 0.5) / 10_000 }
        // Alone 10 ms; beside another 15; one in three waiting 15 × (1 + 0.4 / 3); half of them 15 × 1.2.
        #expect(ends == [1000, 1500, 1000 + 1700, 1500 + 1800])
    }

    /// Requests a second of so many clients that ask again as soon as they are answered.
    private func throughput(_ shape: ServiceShape, clients: Int) throws -> Double {
        var lanes = try #require(ServiceLanes(shape))
        let hash = SeededHash(seed: 1)
        var ends: [Int64] = []
        let requests = 4000
        for number in 0..<requests {
            var now: Int64 = 0
            if ends.count == clients {
                let first = try #require(ends.indices.min { ends[$0] < ends[$1] })
                now = ends.remove(at: first)
            }
            ends.append(lanes.arrive(at: now, chance: hash.fraction(.service, UInt64(number))))
        }
        return Double(requests) / (Double(try #require(ends.max())) / 1e9)
    }

    @Test(arguments: [
        (ServicePreset.postgresql, [(1, 527.0), (8, 1044), (32, 968), (128, 987)]),
        (.sqliteWAL, [(1, 510), (8, 666), (32, 597), (128, 590)]),
        (.sqlite, [(1, 254), (8, 216), (32, 213), (128, 206)]),
    ])
    func aPresetIsAsFastAsWhatWasMeasured(_ preset: ServicePreset, _ rows: [(Int, Double)]) throws {
        for (clients, measured) in rows {
            let simulated = try throughput(preset.shape, clients: clients)
            #expect(abs(simulated / measured - 1) < 0.04, "\(simulated) a second with \(clients) in flight")
        }
    }

    @Test(arguments: [(ServicePreset.postgresql, 8), (.sqliteWAL, 8), (.sqlite, 1)])
    func aPresetIsBestWhereItSaysSoAndFallsPastIt(_ preset: ServicePreset, _ best: Int) throws {
        let levels = [1, 2, 4, 8, 16, 32, 64, 128]
        let rates = try levels.map { try throughput(preset.shape, clients: $0) }
        let most = try #require(rates.max())
        #expect(rates.firstIndex(of: most) == levels.firstIndex(of: best))
        #expect(rates.dropFirst(rates.firstIndex(of: most) ?? 0).last.map { $0 < 0.96 * most } == true)
    }

    @Test func plainLanesGainUpToTheirNumberAndNothingPastIt() throws {
        let shape = ServiceShape(time: .milliseconds(8), lanes: 8)
        for (clients, expected) in [(1, 125.0), (4, 500), (8, 1000), (9, 1000), (256, 1000)] {
            #expect(abs(try throughput(shape, clients: clients) / expected - 1) < 0.003)
        }
    }
}
