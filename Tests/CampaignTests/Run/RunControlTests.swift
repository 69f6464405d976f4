// Stopping a run, from whatever side.

import Campaign
import Pacing
import TestSupport
import Testing
import Model
import Work

@Suite struct RunControlTests {
    private let clock = ManualClock()

    @Test func theFirstReasonStays() {
        let control = RunControl(time: clock.time)
        #expect(control.stop == nil)
        control.requestStop(.maxDuration)
        control.requestStop(.signal("sigint"))
        #expect(control.stop == .maxDuration)
    }

    @Test func theLedgersReasonOutweighsTheOthers() {
        let control = RunControl(time: clock.time)
        control.requestStop(.signal("sigint"))
        control.requestStop(.ledger("damaged"))
        control.requestStop(.ledger("full"))
        #expect(control.stop == .ledger("damaged"))
    }

    @Test func thatTheRunIsLostOutweighsASignalAndNotTheLedger() {
        let control = RunControl(time: clock.time)
        control.requestStop(.signal("sigint"))
        control.requestStop(.fenced("taken for lost"))
        #expect(control.stop == .fenced("taken for lost"))
        control.requestStop(.ledger("damaged"))
        control.requestStop(.fenced("taken for lost"))
        #expect(control.stop == .ledger("damaged"))
    }

    @Test func aSignalCountsOnceAlsoAfterAnotherReason() {
        let control = RunControl(time: clock.time)
        control.requestStop(.maxDuration)
        #expect(control.requestStop(bySignal: "sigint"))
        #expect(!control.requestStop(bySignal: "sigterm"))
        #expect(control.signal == "sigint")
        #expect(control.stop == .maxDuration)
    }

    @Test func whoeverWaitsIsTold() async {
        let control = RunControl(time: clock.time)
        async let first = control.untilStopped()
        async let second = control.untilStopped()
        control.requestStop(.signal("sigterm"))
        #expect(await first == .signal("sigterm"))
        #expect(await second == .signal("sigterm"))
        #expect(await control.untilStopped() == .signal("sigterm"), "also afterwards")
    }

    @Test func waitingEndsWithItsTask() async {
        let control = RunControl(time: clock.time)
        let waiting = Task { await control.untilStopped() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(control.stop == nil)
    }

    @Test func workIsCancelledByAStop() async throws {
        let control = RunControl(time: clock.time)
        let time = clock.time
        async let work: Bool? = control.cancelling {
            try await time.sleep(.seconds(3600))
            return true
        }
        #expect(await clock.untilAsleep(1))
        control.requestStop(.maxDuration)
        #expect(try await work == nil)
        #expect(try await RunControl(time: time).cancelling { 7 } == 7)
    }

    @Test func theDeadlineStopsTheRun() async {
        let control = RunControl(time: clock.time, durationMax: .seconds(90))
        #expect(control.deadline == .seconds(90))
        async let kept: Void = control.keepDeadline()
        #expect(await clock.untilAsleep(1))
        clock.advance(to: .seconds(89))
        #expect(control.stop == nil)
        clock.advance(to: .seconds(90))
        await kept
        #expect(control.stop == .maxDuration)
    }

    @Test func withoutADeadlineThereIsNothingToKeep() async {
        let control = RunControl(time: clock.time)
        await control.keepDeadline()
        #expect(control.stop == nil)
    }
}
