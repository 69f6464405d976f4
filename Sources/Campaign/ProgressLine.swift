// What the line about a run's progress says, in as many columns as there are.

package import Model

/// One look at a run.
package struct ProgressFigures: Sendable {
    /// Identities that have ended, in this run and in those before.
    package var done = 0
    /// Identities in all, as far as they are known.
    package var total = 0
    /// Of those that ended in this run.
    package var failed = 0
    /// Whether the roster is still being read, so that the total grows.
    package var isTotalGrowing = false
    /// Identities a second; nil before anything is known.
    package var perSecond: Double?
    /// Nil where nobody can tell.
    package var timeLeft: Duration?
    package var limits: [Rate] = []
    package var limitedBy = LimitedBy.concurrency
    /// How many requests may be in flight.
    package var concurrency = 1
    /// For how long nearly everything has failed; nil where it does not.
    package var outage: Duration?
    /// How long the server still asks everybody to wait; nil where it does not.
    package var hold: Duration?

    package init() {}
}

/// How far a run is, how fast, what holds it up and how long it takes: whole parts, of which the least
/// important are left out where the line has no room for them.
package struct ProgressLine: Sendable {
    private struct Part {
        let text: String
        /// Said instead where there is no room for all of it.
        var short: String?
        /// What is least is left out first.
        let importance: Int
    }

    private let parts: [Part]
    /// In percent.
    private let share: Int

    private static let cells = 20

    package init(_ figures: ProgressFigures) {
        let (done, total) = (figures.done, max(figures.done, figures.total))
        share = total > 0 ? Int(Double(done) / Double(total) * 100) : 100
        var parts = [
            Part(text: "\(share)%", importance: 9),
            Part(
                text: "\(done.grouped) of \(total.grouped)\(figures.isTotalGrowing ? " so far" : "")",
                importance: 7
            ),
        ]
        if figures.failed > 0 { parts.append(Part(text: "\(figures.failed.grouped) failed", importance: 5)) }
        if let trouble = Self.trouble(figures) {
            parts.append(trouble)
        } else {
            if let rate = figures.perSecond { parts.append(Part(text: Self.words(rate), importance: 4)) }
            parts.append(Part(text: Self.holdUp(figures), importance: 3))
            if let left = figures.timeLeft, done < total {
                let least = figures.isTotalGrowing ? "at least " : ""
                parts.append(Part(text: "\(least)\(left.inWords) left", importance: 6))
            }
        }
        self.parts = parts
    }

    /// All of it, without a bar.
    package var text: String { parts.map(\.text).joined(separator: ", ") }

    /// As much as fits into so many columns, with a bar behind the percentage where there is room for
    /// everything.
    package func text(columns: Int) -> String {
        let filled = min(Self.cells, share * Self.cells / 100)
        let bar =
            "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: Self.cells - filled))]"
        let rest = parts.dropFirst().map(\.text).joined(separator: ", ")
        let whole = "\(parts[0].text) \(bar) \(rest)"
        if whole.count <= columns { return whole }
        if text.count <= columns { return text }
        var parts = parts.map { Part(text: $0.short ?? $0.text, importance: $0.importance) }
        while true {
            let line = parts.map(\.text).joined(separator: ", ")
            if line.count <= columns { return line }
            guard let least = parts.indices.min(by: { parts[$0].importance < parts[$1].importance }) else {
                return ""
            }
            parts.remove(at: least)
        }
    }

    /// Why nothing goes on, where nothing does.
    private static func trouble(_ figures: ProgressFigures) -> Part? {
        if let outage = figures.outage {
            let text = "nearly every request has failed for \(outage.inWords): probing the server"
            return Part(text: text, short: "outage for \(outage.inWords)", importance: 8)
        }
        return figures.hold.map {
            Part(text: "the server asks to wait \($0.inWords)", short: "waiting \($0.inWords)", importance: 8)
        }
    }

    /// What the run waits for.
    private static func holdUp(_ figures: ProgressFigures) -> String {
        let limits = figures.limits.map(\.description).joined(separator: " and ")
        return switch figures.limitedBy {
        case .operator: "limited to \(limits)"
        case .server: limits.isEmpty ? "limited by the server" : "limited by the server to \(limits)"
        case .concurrency: "\(figures.concurrency.grouped) at a time"
        }
    }

    private static func words(_ perSecond: Double) -> String {
        perSecond < 100 ? "\((perSecond * 10).rounded() / 10)/s" : "\(Int(perSecond.rounded()).grouped)/s"
    }
}

extension ProgressLine {
    /// The parts of a text, with commas between them, that fit into so many columns; those at its end are
    /// left out.
    package static func fitting(_ text: String, columns: Int) -> String {
        var parts = text.split(separator: ", ")
        while !parts.isEmpty, parts.joined(separator: ", ").count > columns { parts.removeLast() }
        return parts.joined(separator: ", ")
    }
}
