// One run of a round: the process, what befalls it, and a look at what it leaves.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Synchronization
import TestSupport

extension Round {
    /// Runs `latchstring run` and does to it what is planned, then takes stock.
    ///
    /// - Parameter due: how many requests for a code it is going to send, as far as can be told; nil for one
    ///   for everybody who has none.
    func perform(_ planned: PlannedRun, due expected: Int? = nil) async throws {
        try grow(to: planned.identities)
        let victim = Victim()
        let course = Course(options: planned.options)
        let arrivedBefore = watch.count
        let before = notes.withLock { $0.atRest }
        // Failed identities may be asked for again, some more than once.
        let due = max(1, expected ?? planned.identities - before.issued)
        let run = try await withThrowingTaskGroup(of: Void.self) { group in
            for event in planned.events {
                group.addTask {
                    guard
                        await self.comes(
                            event.moment,
                            after: arrivedBefore,
                            due: due,
                            for: event.action,
                            victim
                        )
                    else { return }
                    // Not cancelled with the wait for it: what has begun is brought to its end.
                    try await Task { try await self.carryOut(event.action, on: victim, course) }.value
                }
            }
            group.addTask { await self.loseHope(victim) }
            let run = try await self.latchstring(runArguments(planned.options)) { victim.started($0) }
            victim.ended()
            course.facts.withLock { $0.hasEnded = true }
            watch.forgetPlans()
            group.cancelAll()
            try await group.waitForAll()
            return run
        }
        try await simulator.settled()
        try await takeStock(run, victim, course.facts.withLock { $0 }, since: arrivedBefore, before)
    }

    func runArguments(_ further: [String]) -> [String] {
        ["run", rosterPath, "--server", simulator.adminURL, "--output-dir", "\(folder)/reports"]
            + plan.options + further
    }

    private func grow(to identities: Int) throws {
        let text = plan.roster.text(holding: identities)
        let rows = notes.withLock { notes in
            defer { notes.tally.rosterRows = text.utf8.count { $0 == UInt8(ascii: "\n") } - 1 }
            return notes.tally.rosterRows
        }
        try put(text, intoFile: rosterPath)
        let added = notes.withLock { $0.tally.rosterRows } - rows
        if rows > 0, added > 0 { notes.withLock { $0.tally.rowsAdded += added } }
    }

    /// Starts latchstring by the round's clock, and waits for its end.
    func latchstring(_ arguments: [String], started: @Sendable (Int32) -> Void = { _ in }) async throws -> Run
    {
        try await Program.run(
            arguments,
            binary: setting.binary,
            environment: clock?.environment ?? [:]
        ) { started($0) }
    }

    /// Ends a run that does not end.
    private func loseHope(_ victim: Victim) async {
        guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
        note(.unfinished, "a run has not ended in \(Self.patience)")
        victim.send(SIGKILL)
    }

    /// Looks at what a run has left, when nothing is at work any more.
    private func takeStock(
        _ run: Run,
        _ victim: Victim,
        _ course: Course.Facts,
        since arrivedBefore: Int,
        _ before: SummaryFigures
    ) async throws {
        let isKilled = ExpectedExit.isKilled(status: run.status, words: run.stderr)
        let expected = ExpectedExit(signals: victim.signals, course)
        note(expected.violations(status: run.status, words: run.stderr))
        let outputs = lookAtOutputs()
        let isAtRest = !isKilled && !course.wasJoined
        if isAtRest, !course.hasHalfExport { note(outputs.violationsAtRest()) }
        await self.outputs("export")
        await lookAtBatches()
        let after = await figures() ?? SummaryFigures()
        let arrived = watch.count
        notes.withLock { notes in
            notes.atRest = after
            notes.runs.append(
                RunAccount(
                    number: notes.runs.count + 1,
                    requests: arrived > arrivedBefore ? arrivedBefore + 1...arrived : nil,
                    wasKilled: isKilled,
                    wasCut: course.wasCut,
                    wasJoined: course.wasJoined,
                    before: before,
                    after: after,
                    summary: isAtRest ? outputs.summary : nil
                )
            )
            notes.tally.count(victim.signals, endedBy: run.status)
        }
    }
}
