// How far a run is, on a terminal and without one.

import Campaign
import TestSupport
import Testing
import Model

@testable import latchstring

@Suite struct ProgressDisplayTests {
    private let scene: CommandScene

    init() throws { scene = try CommandScene() }

    private func display(hasTerminal: Bool) -> ProgressDisplay {
        let streams = scene.terminal.streams(hasTerminal: hasTerminal)
        return ProgressDisplay(Console(streams: streams), time: scene.time)
    }

    private func figures(done: Int) -> ProgressFigures {
        var figures = ProgressFigures()
        (figures.done, figures.total) = (done, 100)
        return figures
    }

    @Test func onATerminalTheLineIsDrawnOverAndTakenAwayAtTheEnd() {
        let display = display(hasTerminal: true)
        display.tell(.step(.issuing))
        display.tell(.progress(figures(done: 1)))
        #expect(scene.terminal.error.isEmpty, "a run that is over at once shows nothing")
        scene.clock.advance(by: .milliseconds(250))
        display.tell(.progress(figures(done: 10)))
        #expect(scene.terminal.error.contains("10 of 100"))
        display.tell(.step(.writingOutputs))
        #expect(scene.terminal.error.hasSuffix("\r\u{1b}[K"))
    }

    @Test func withoutATerminalThereIsALineAMinute() {
        let display = display(hasTerminal: false)
        display.tell(.step(.issuing))
        for second in 0..<150 {
            display.tell(.progress(figures(done: second)))
            scene.clock.advance(by: .seconds(1))
        }
        #expect(scene.terminal.error.split(separator: "\n").count == 2)
    }

    @Test func enrolmentIsShownWhereItIsTheStepAndNotBesideIssuing() {
        let display = display(hasTerminal: false)
        display.tell(.step(.issuing))
        scene.clock.advance(by: .seconds(100))
        display.tell(.lookingUp(Verification()))
        #expect(scene.terminal.error.isEmpty)
    }

    @Test func whoeverAsksIsTold() {
        let display = display(hasTerminal: false)
        display.tell(.step(.issuing))
        display.tell(.progress(figures(done: 42)))
        display.tell(.progressAsked)
        #expect(scene.terminal.error.contains("42 of 100"))
    }
}
