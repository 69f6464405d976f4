// What the line about a run's progress says.

import Campaign
import Ledger
import Pacing
import Vocabulary

/// One look at a run, in words: how far it is, how fast, and what holds it up.
struct ProgressLine {
    private let progress: RunProgress
    private let total: Int
    private let pacing: PacingReport
    private let elapsed: Duration
    private let now: Duration

    private static let cells = 20

    /// - Parameters:
    ///   - elapsed: since issuing began.
    ///   - now: by the time source's elapsed time.
    init(_ progress: RunProgress, of total: Int, pacing: PacingReport, elapsed: Duration, now: Duration) {
        self.progress = progress
        self.total = total
        self.pacing = pacing
        self.elapsed = elapsed
        self.now = now
    }

    private var done: Int { progress.issued + progress.failed }
    private var rate: Double { Double(done) / max(elapsed.inSeconds, 0.001) }

    /// What matters most comes first: a narrow terminal cuts the rest.
    var text: String {
        let shown = rate < 100 ? "\((rate * 10).rounded() / 10)" : "\(Int(rate.rounded()))"
        let counts = "\(done) of \(total), \(progress.failed) failed"
        if let trouble { return "\(counts); \(trouble)" }
        var text = "\(counts), \(shown)/s, \(holdUp)"
        if rate > 0, done < total {
            text += ", \(Duration.seconds(Double(total - done) / rate).inWords) left"
        }
        return text
    }

    /// With a bar in front, where the terminal is wide enough.
    func withBar(width: Int) -> String {
        let filled = total > 0 ? min(Self.cells, done * Self.cells / total) : Self.cells
        let bar =
            "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: Self.cells - filled))] "
        let text = text
        return bar.count + text.count <= width ? bar + text : text
    }

    /// Why nothing goes on, where nothing does.
    private var trouble: String? {
        if let since = pacing.outageSince {
            return "nearly every request has failed for \((now - since).inWords): probing the server"
        }
        guard pacing.heldUntil > now + .seconds(1) else { return nil }
        return "the server asks to wait \((pacing.heldUntil - now).inWords)"
    }

    /// What the run waits for.
    private var holdUp: String {
        let limits = pacing.limitInForce.map(\.description).joined(separator: ", ")
        return switch pacing.limitedBy {
        case .operator: "limited to \(limits)"
        case .server: limits.isEmpty ? "limited by the server" : "limited by the server to \(limits)"
        case .concurrency: "\(pacing.concurrency) at a time"
        }
    }
}
