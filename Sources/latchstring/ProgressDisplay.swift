// How far a run is: one line that redraws on a terminal, else a line a minute.

import Campaign
import Ledger
import Pacing
import Vocabulary

/// Shows the progress of a run on stderr.
struct ProgressDisplay: Sendable {
    let console: Console
    let time: TimeSource
    /// As many identities are taken at most.
    let identitiesMax: Int

    static let redraw: Duration = .milliseconds(250)
    static let line: Duration = .seconds(60)

    /// Shows how far the issuer is until the task is cancelled.
    func run(_ issuer: Issuer) async {
        guard !console.isQuiet else { return }
        let start = time.elapsed()
        let hasTerminal = Console.hasTerminal
        while true {
            do {
                try await time.sleep(time.elapsed() + (hasTerminal ? Self.redraw : Self.line))
            } catch {
                break
            }
            let progress = line(issuer, since: start)
            let text = hasTerminal ? progress.withBar(width: Console.width - 1) : progress.text
            if hasTerminal {
                console.progress("\r\u{1b}[K" + String(text.prefix(max(10, Console.width - 1))))
            } else {
                console.note(text)
            }
        }
        if hasTerminal { console.progress("\r\u{1b}[K") }
    }

    /// How far the issuer is now, having begun then.
    func line(_ issuer: Issuer, since start: Duration) -> ProgressLine {
        let now = time.elapsed()
        return ProgressLine(
            issuer.progress,
            of: min(issuer.due, identitiesMax),
            pacing: issuer.pacing,
            elapsed: now - start,
            now: now
        )
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

    mutating func show(_ text: @autoclosure () -> String) {
        let now = time.elapsed()
        guard now - shownAt >= (hasTerminal ? ProgressDisplay.redraw : ProgressDisplay.line) else { return }
        shownAt = now
        if hasTerminal { console.progress("\r\u{1b}[K\(text())") } else { console.note(text()) }
    }

    func clear() {
        if hasTerminal { console.progress("\r\u{1b}[K") }
    }
}
