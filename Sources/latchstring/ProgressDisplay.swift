// How far a run is: one line that redraws on a terminal, else a line a minute.

import Campaign
import Pacing
import Vocabulary

/// Shows the progress of a run on stderr.
struct ProgressDisplay: Sendable {
    let console: Console
    let time: TimeSource
    let meter: ProgressMeter

    static let redraw: Duration = .milliseconds(250)
    static let line: Duration = .seconds(60)

    /// How far the run is now.
    func line() -> ProgressLine { ProgressLine(meter.figures()) }

    /// Shows how far the run is until the task is cancelled; when quiet it only follows it.
    func run() async {
        let hasTerminal = Console.hasTerminal
        var shownAt = time.elapsed()
        while true {
            do {
                try await time.sleep(time.elapsed() + Self.redraw)
            } catch {
                break
            }
            // Also where it is not shown: the rate comes of looking often.
            let progress = line()
            if hasTerminal {
                console.progress("\r\u{1b}[K" + progress.text(columns: Console.width - 1))
            } else if time.elapsed() - shownAt >= Self.line {
                shownAt += Self.line
                console.note(progress.text)
            }
        }
        if hasTerminal { console.progress("\r\u{1b}[K") }
    }
}

/// Shows how far the steps before issuing are, in the same way.
struct StepDisplay {
    private let console: Console
    private let time: TimeSource
    private let hasTerminal = Console.hasTerminal
    private var shownAt: Duration

    init(console: Console, time: TimeSource) {
        self.console = console
        self.time = time
        shownAt = time.elapsed()
    }

    /// - Parameter text: the most important part first; those at its end are left out where the terminal is narrow.
    mutating func show(_ text: @autoclosure () -> String) {
        let now = time.elapsed()
        guard now - shownAt >= (hasTerminal ? ProgressDisplay.redraw : ProgressDisplay.line) else { return }
        shownAt = now
        if hasTerminal {
            console.progress("\r\u{1b}[K" + ProgressLine.fitting(text(), columns: Console.width - 1))
        } else {
            console.note(text())
        }
    }

    func clear() {
        if hasTerminal { console.progress("\r\u{1b}[K") }
    }
}
