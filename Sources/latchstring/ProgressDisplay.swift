// How far a run is: one line that redraws on a terminal, else a line a minute.

import Campaign
import Ledger
import Pacing
import Synchronization
import Model
import Work

/// Shows how far a run is, and tells it whenever it is asked; a subscriber of a run's events.
final class ProgressDisplay: Sendable {
    private struct State {
        var step = RunStep.readingRoster
        /// How far it is; the parts at the end are left out where the terminal is narrow.
        var text = "looking at the roster"
        var line: ProgressLine?
        var shownAt: Duration
        /// Whether a line stands on the terminal that is to be drawn over.
        var isDrawn = false
    }

    private let console: Console
    private let time: TimeSource
    private let state: Mutex<State>

    private static let redraw: Duration = .milliseconds(200)
    private static let minute: Duration = .seconds(60)
    private static let clearing = "\r\u{1b}[K"

    init(_ console: Console, time: TimeSource) {
        self.console = console
        self.time = time
        state = Mutex(State(shownAt: time.elapsed()))
    }

    func tell(_ event: RunEvent) {
        switch event {
        case .step(let step): begin(step)
        case .waitingForLock(let holder, _): state.withLock { $0.text = "waiting for \(holder)" }
        case .enrolling(let counts, _):
            show(.enrolling) {
                $0.text = "\(counts.rowsRead.grouped) rows read, \(counts.enrolledNew.grouped) identities new"
            }
        case .planning(let plan): show(.readingRoster) { $0.text = "\(plan.rowsRead.grouped) rows read" }
        case .lookingUp(let looked):
            show(.lookingUp) { $0.text = "\(looked.lookedUp.grouped) identities looked up" }
        case .delivering(let tally): show(.delivering) { $0.text = tally.progress }
        case .waitingForMails(let until):
            show(.delivering) { $0.text = "waiting until \(until.rfc3339) for mails that were put off" }
        case .progress(let figures): show(.issuing) { $0.line = ProgressLine(figures) }
        case .progressAsked: console.told(state.withLock { $0.line?.text ?? $0.text })
        case .rosterNote, .lookedUp, .synced, .reissuing, .outlastsValidity, .stage(.remark), .unrecorded,
            .ledgerRescued, .ledgerNotRescued, .ended, .delivered, .failed:
            clear()
        default: break
        }
    }

    /// Takes the line from the terminal.
    func clear() {
        let wasDrawn = state.withLock { state in
            defer { state.isDrawn = false }
            return state.isDrawn
        }
        if wasDrawn { console.progress(Self.clearing) }
    }

    private func begin(_ step: RunStep) {
        clear()
        state.withLock { state in
            state.step = step
            state.line = nil
            state.shownAt = time.elapsed()
            switch step {
            case .readingRoster: state.text = "looking at the roster"
            case .openingLedger: state.text = "looking at the ledger"
            case .enrolling, .issuing: break
            case .delivering: state.text = "sending mails"
            case .lookingUp: state.text = "looking identities up"
            case .writingOutputs: state.text = "writing the outputs"
            }
        }
    }

    /// Notes how far a step is, and shows it when it is time to: what comes beside that step is not shown.
    private func show(_ step: RunStep, _ note: (inout State) -> Void) {
        let now = time.elapsed()
        let hasTerminal = console.streams.hasTerminal
        let shown = state.withLock { state -> (text: String, line: ProgressLine?)? in
            guard state.step == step else { return nil }
            note(&state)
            guard now - state.shownAt >= (hasTerminal ? Self.redraw : Self.minute) else { return nil }
            state.shownAt = now
            if hasTerminal { state.isDrawn = true }
            return (state.text, state.line)
        }
        guard let (text, line) = shown else { return }
        guard hasTerminal else { return console.note(line?.text ?? text) }
        let columns = console.streams.columns() - 1
        let fitting = line?.text(columns: columns) ?? ProgressLine.fitting(text, columns: columns)
        console.progress(Self.clearing + fitting)
    }
}

extension DeliverTally {
    fileprivate var progress: String {
        var text = "\(sent.grouped) mails sent"
        if putOff > 0 { text += ", \(putOff.grouped) put off" }
        if failed > 0 { text += ", \(failed.grouped) failed" }
        let left = leftOut.values.reduce(0, +)
        if left > 0 { text += ", \(left.grouped) left out" }
        return text
    }
}
