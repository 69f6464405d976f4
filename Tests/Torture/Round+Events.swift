// What befalls a run: signals, other processes, the clock, the server.

import Glibc
import IdentitySimulator
import Programs
import Synchronization

extension Round {
    /// Returns whether the moment of an event has come before the run was over.
    ///
    /// A signal without delay goes out on the server's own thread, in the middle of a request.
    func comes(
        _ moment: PlannedEvent.Moment,
        after arrived: Int,
        due: Int,
        for action: PlannedEvent.Action,
        _ victim: Victim
    ) async -> Bool {
        if moment.isAfterReading, await !watch.reading() { return false }
        if moment.share > 0 {
            let count = arrived + max(1, Int(Double(due) * moment.share))
            if moment.delay == .zero, case .kill(let killing) = action {
                watch.when(count) { victim.send(killing.signal) }
            }
            guard await watch.reached(count) else { return false }
        }
        guard moment.delay > .zero else { return true }
        return (try? await Task.sleep(for: moment.delay)) != nil
    }

    func carryOut(
        _ action: PlannedEvent.Action,
        on victim: Victim,
        _ course: Course
    ) async throws {
        switch action {
        case .kill(let killing): try await kill(victim, killing)
        case .secondRun: try await secondRun(course)
        case .status:
            _ = await figures()
            notes.withLock { $0.tally.looksMeanwhile += 1 }
        case .report:
            await outputs("report")
            notes.withLock { $0.tally.looksMeanwhile += 1 }
        case .export(let time): try await export(killedAfter: time, course)
        case .handOver(let time): try await handOver(killedAfter: time, course)
        case .activate(let share): activate(share: share)
        case .clockJump(let seconds): try jumpClock(seconds)
        case .restart(let time): try await restart(downFor: time, course)
        }
    }

    private func kill(_ victim: Victim, _ killing: PlannedEvent.Killing) async throws {
        // It may have gone out on the server's thread already; a second one of its kind changes nothing for
        // the dead.
        if victim.signals.isEmpty { victim.send(killing.signal) }
        guard case .interruptTwice(let apart) = killing else { return }
        // Two that are pending together would be one.
        try await Task.sleep(for: apart)
        victim.send(SIGINT)
    }

    /// Another run of the same campaign is told off, as long as the first is at work.
    private func secondRun(_ course: Course) async throws {
        let second = try await latchstring(runArguments(course.options))
        notes.withLock { $0.tally.secondRuns += 1 }
        if second.status == 11 {
            guard !second.stderr.contains("is in use by") else { return }
            return note(.twoRuns, "a second run does not say why it ends: \(second.stderr.suffix(600))")
        }
        let hasFirstEnded = course.facts.withLock { facts in
            facts.wasJoined = true
            return facts.hasEnded
        }
        if !hasFirstEnded {
            note(
                .twoRuns,
                "a second run ends with \(second.status) while the first is on: \(second.stderr.suffix(600))"
            )
        }
        note(
            course.facts.withLock { ExpectedExit(signals: [], $0) }
                .violations(status: second.status, words: second.stderr)
        )
    }

    private func export(killedAfter time: Duration?, _ course: Course) async throws {
        notes.withLock { $0.tally.exportsMeanwhile += 1 }
        guard let time else { return await outputs("export") }
        let exporter = Victim()
        let killer = Task {
            try await Task.sleep(for: time)
            exporter.send(SIGKILL)
        }
        let export = try await latchstring(campaignArguments("export")) { exporter.started($0) }
        exporter.ended()
        killer.cancel()
        if export.status == -Int(SIGKILL) {
            course.facts.withLock { $0.hasHalfExport = true }
            notes.withLock { $0.tally.exportsKilled += 1 }
        } else {
            noteEnd(of: "export", export)
        }
        lookAtOutputs()
    }

    /// Another process hands over, unless the run does so now.
    private func handOver(killedAfter time: Duration?, _ course: Course) async throws {
        course.facts.withLock { $0.hasHandedOver = true }
        let exporter = Victim()
        let killer = Task {
            guard let time else { return }
            try await Task.sleep(for: time)
            exporter.send(SIGKILL)
        }
        let export = try await latchstring(campaignArguments("export") + ["--new"]) { exporter.started($0) }
        exporter.ended()
        killer.cancel()
        notes.withLock { $0.tally.batchesMeanwhile += 1 }
        let isInUse = export.status == 11 && export.stderr.contains("are in use by")
        guard export.status != -Int(SIGKILL), !isInUse else { return }
        noteEnd(of: "export --new", export)
    }

    private func restart(downFor time: Duration, _ course: Course) async throws {
        let isDown = course.facts.withLock { facts in
            defer { (facts.wasCut, facts.isDown) = (true, true) }
            return facts.isDown
        }
        guard !isDown else { return }
        try await simulator.goDown()
        try await Task.sleep(for: time)
        try await simulator.comeBack()
        course.facts.withLock { $0.isDown = false }
        notes.withLock { $0.tally.restarts += 1 }
    }
}

extension ExpectedExit {
    init(signals: [Int32], _ course: Course.Facts) {
        self.init(
            signals: signals,
            serverBrokeDown: course.wasCut,
            batchesWereInUse: course.hasHandedOver
        )
    }
}

extension PlannedEvent.Killing {
    /// The first signal.
    var signal: Int32 {
        switch self {
        case .kill: SIGKILL
        case .terminate: SIGTERM
        case .interrupt, .interruptTwice: SIGINT
        }
    }
}
