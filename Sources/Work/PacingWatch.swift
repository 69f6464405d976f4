// What changes about the pace of a run, told by comparing one look with the one before.

import Pacing
import Model

/// Compares looks at what holds a run up, and tells what has changed.
///
/// It is asked with every tick, so what changes often is told once a second at most.
struct PacingWatch {
    private var limits: [Rate]?
    private var limitsToldAt: Duration?
    private var concurrency: Int?
    private var concurrencyToldAt: Duration?
    private var outageSince: Duration?
    private var heldUntil: Duration = .zero

    private static let interval: Duration = .seconds(1)
    /// A wait that grows by less is the same wait.
    private static let holdStep: Duration = .milliseconds(100)

    /// What has changed since the last look.
    mutating func changes(_ report: PacingReport, at now: Duration) -> [StageEvent] {
        var events: [StageEvent] = []
        if let since = report.outageSince, outageSince == nil {
            outageSince = since
            events.append(.outageBegan(failingFor: now - since))
        } else if report.outageSince == nil, let since = outageSince {
            outageSince = nil
            events.append(.outageEnded(after: now - since))
        }
        if report.heldUntil > now, report.heldUntil >= heldUntil + Self.holdStep {
            heldUntil = report.heldUntil
            events.append(.paused(heldUntil - now))
        }
        if isNews(report.limitInForce, than: limits, toldAt: limitsToldAt, now) {
            // Without limits there is nothing to tell until there are some.
            if limits != nil || !report.limitInForce.isEmpty {
                events.append(.limitChanged(report.limitInForce))
            }
            (limits, limitsToldAt) = (report.limitInForce, now)
        }
        if isNews(report.concurrency, than: concurrency, toldAt: concurrencyToldAt, now) {
            events.append(.concurrencyChanged(report.concurrency))
            (concurrency, concurrencyToldAt) = (report.concurrency, now)
        }
        return events
    }

    private func isNews<T: Equatable>(_ value: T, than told: T?, toldAt: Duration?, _ now: Duration) -> Bool {
        value != told && toldAt.map { now - $0 >= Self.interval } ?? true
    }
}
