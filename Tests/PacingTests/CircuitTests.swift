import Pacing
import TestSupport
import Testing

@Suite struct CircuitTests {
    private static func opened(seed: UInt64 = 1) -> (Circuit, SeededGenerator) {
        var (circuit, random) = (Circuit(failuresMin: 5), SeededGenerator(seed: seed))
        for second in 0..<5 {
            _ = circuit.mayStart(at: .seconds(second))
            circuit.ended(ok: false, at: .seconds(second), using: &random)
        }
        return (circuit, random)
    }

    private static let usual = String(repeating: "+", count: 100)

    /// Results in order, and whether it is open after the last: `+` is a good one.
    @Test(
        arguments: [
            ("----", false), ("-----", true), ("+----", false), ("+--------", false), ("+---------", true),
            ("++++++++++", false), ("-+-+-+-+-+-+", false), (usual + "-----------------", false),
            (usual + "------------------", true),
        ] as [(String, Bool)]
    )
    func opensWhenNearlyEverythingFails(results: String, isOpen: Bool) {
        var (circuit, random) = (Circuit(failuresMin: 5), SeededGenerator(seed: 1))
        for (second, result) in results.enumerated() {
            #expect(circuit.mayStart(at: .seconds(second)) == .go)
            circuit.ended(ok: result == "+", at: .seconds(second), using: &random)
        }
        #expect(circuit.isOpen == isOpen)
        #expect(circuit.openSince == (isOpen ? .seconds(results.count - 1) : nil))
    }

    @Test func aFewFailuresAtTheStartAreNoOutage() {
        var (circuit, random) = (Circuit(), SeededGenerator(seed: 1))
        for second in 0..<20 {
            #expect(!circuit.isOpen)
            _ = circuit.mayStart(at: .seconds(second))
            circuit.ended(ok: false, at: .seconds(second), using: &random)
        }
        #expect(circuit.isOpen)
    }

    @Test func whileItIsOpenSingleProbesGoAtGrowingIntervals() throws {
        var (circuit, random) = Self.opened()
        var now = Duration.seconds(4)
        var waits: [Duration] = []
        for _ in 0..<8 {
            guard case .wait(let until) = circuit.mayStart(at: now) else {
                Issue.record("it goes at once")
                return
            }
            waits.append(until - now)
            now = until
            #expect(circuit.mayStart(at: now) == .probe)
            // Nobody goes beside it.
            #expect(circuit.mayStart(at: now + .seconds(1)) == .wait(until: now + .milliseconds(1050)))
            now += .seconds(2)
            circuit.ended(ok: false, at: now, using: &random)
            #expect(circuit.state == .open)
        }
        let wholes = [1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) }
        for (wait, whole) in zip(waits, wholes) {
            #expect(wait >= whole / 2 && wait <= whole, "\(wait) of \(whole)")
        }
        #expect(circuit.openSince == .seconds(4))
    }

    @Test func threeGoodProbesCloseItByAndBy() {
        var (circuit, random) = Self.opened()
        let now = Duration.seconds(10)
        for number in 1...3 {
            #expect(circuit.mayStart(at: now) == .probe, "probe \(number)")
            #expect(circuit.isOpen)
            circuit.ended(ok: true, at: now, using: &random)
        }
        #expect(!circuit.isOpen)
        #expect(circuit.state == .closing)
        #expect(circuit.openSince == .seconds(4))
        // Rounds of twice as many, until everything goes.
        var allowed: [Int] = []
        while circuit.state == .closing {
            var started = 0
            while started < 1000, circuit.mayStart(at: now) == .go { started += 1 }
            allowed.append(started)
            for _ in 0..<started { circuit.ended(ok: true, at: now, using: &random) }
        }
        #expect(allowed == [3, 6, 12, 24, 48, 96, 192])
        #expect(circuit.openSince == nil)
    }

    @Test func whatFailsWhileItClosesOpensItAgainAndTheOutageGoesOn() {
        var (circuit, random) = Self.opened()
        for _ in 0..<3 {
            _ = circuit.mayStart(at: .seconds(10))
            circuit.ended(ok: true, at: .seconds(10), using: &random)
        }
        for _ in 0..<5 {
            _ = circuit.mayStart(at: .seconds(11))
            circuit.ended(ok: false, at: .seconds(11), using: &random)
        }
        #expect(circuit.isOpen)
        #expect(circuit.openSince == .seconds(4))
        guard case .wait(let until) = circuit.mayStart(at: .seconds(11)) else {
            Issue.record("it goes at once")
            return
        }
        // The wait goes on growing.
        #expect(until >= .seconds(12) && until <= .seconds(13))
    }

    @Test func aProbeThatDidNotGoOutIsMadeAgain() {
        var (circuit, _) = Self.opened()
        #expect(circuit.mayStart(at: .seconds(10)) == .probe)
        circuit.withdrawn()
        #expect(circuit.mayStart(at: .seconds(10)) == .probe)
        // And one that never ends stands in the way for two minutes.
        #expect(circuit.mayStart(at: .seconds(129)) != .probe)
        #expect(circuit.mayStart(at: .seconds(130)) == .probe)
    }

    /// A client of four workers through a day of outages: few requests fail, and the server is used again
    /// soon.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func aDayOfOutages(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var circuit = Circuit()
        var events = EventQueue<Duration, Bool>()
        var (now, inFlight, good, failed) = (Duration.zero, 0, 0, 0)
        var lastGood = Duration.zero
        let day = Duration.seconds(86_400)
        // Ten minutes of every two hours.
        func isOut(_ time: Duration) -> Bool { time.components.seconds % 7200 >= 6600 }
        while now < day {
            var again: Duration?
            while inFlight < 4 {
                let decision = circuit.mayStart(at: now)
                if case .wait(let until) = decision {
                    #expect(until > now, "seed \(seed)")
                    again = until
                    break
                }
                inFlight += 1
                let latency = Duration.milliseconds(Int.random(in: 500...1500, using: &random))
                events.insert(!isOut(now), at: now + latency)
            }
            if let again, again < events.nextKey ?? again + .seconds(1) {
                now = again
                continue
            }
            guard let (time, isGood) = events.removeFirst() else {
                Issue.record("it makes no progress: seed \(seed)")
                return
            }
            now = time
            inFlight -= 1
            if isGood { good += 1 } else { failed += 1 }
            if isGood {
                let second = now.components.seconds % 7200
                // Back within a probe's longest wait, and the probes themselves.
                if now - lastGood > .seconds(60) { #expect(second < 45, "seed \(seed): \(now)") }
                lastGood = now
            }
            circuit.ended(ok: isGood, at: now, using: &random)
        }
        // Each of the 12 outages costs what opens the circuit, and a probe each 15 to 30 s.
        #expect(failed < 12 * 90, "seed \(seed): \(failed) failed")
        let possible = 86_400.0 * 4 * 11 / 12
        #expect(Double(good) > 0.97 * possible, "seed \(seed): \(good) good")
    }
}
