// The nights of a round: people activate, runs learn of it, issue anew and hand over, and are killed.

import Foundation
import IdentitySimulator
import Model
import Programs
import Synchronization
import TestSupport

extension Round {
    private static let hourSeconds = 3600
    private static let daySeconds = 24 * hourSeconds

    /// Lives through the nights, and hands over the rest.
    func live(_ plan: NightsPlan) async throws -> NightsEvidence {
        for (number, night) in zip(1..., plan.nights) {
            try await dawn(number, activating: night.activating)
            let before = notes.withLock { (generations: $0.committed.mapValues(\.generation), $0.runs.count) }
            for run in night.runs {
                var run = run
                run.options += plan.options(hoursOfValidity: 24 * number + night.validityHours)
                try await perform(run, due: due(night.reissue))
            }
            noteReissues(night, since: before.generations, runsBefore: before.1)
        }
        let number = plan.nights.count + 1
        try await dawn(number, activating: 0)
        var last = PlannedRun(identities: self.plan.roster.count, clockJump: 0, events: [])
        last.options = ["--sync", "--reissue", "expired"] + plan.options(hoursOfValidity: 24 * number + 24)
        var isDone = false
        for _ in 0..<Self.finishingRunsMax where !isDone {
            try await perform(last, due: due(.expired))
            let figures = notes.withLock { $0.atRest }
            isDone = figures.pending + figures.inDoubt == 0 && due(.expired) == 0
        }
        return try await rest(plan)
    }

    /// The next night's time begins: whoever has activated by now is to get no other code.
    private func dawn(_ number: Int, activating share: Double) async throws {
        try clock?.set(number * Self.daySeconds)
        activate(share: share)
        let arrived = watch.count
        notes.withLock { notes in
            for (identity, last) in notes.activated where last == nil {
                notes.activated[identity] = .some(arrived)
            }
            notes.tally.nights += 1
        }
    }

    /// Has a share of those with a code that was exported set a password.
    func activate(share: Double) {
        let chosen = notes.withLock { notes in
            notes.activations += 1
            var random = SeededGenerator(seed: plan.seed &+ notes.activations)
            let chosen = notes.committed.keys.sorted().compactMap(IdentityID.init)
                .filter { notes.activated[$0] == nil && random.chance(share) }
            for identity in chosen { notes.activated[identity] = .some(nil) }
            notes.tally.activated += chosen.count
            return chosen
        }
        for identity in chosen { simulator.setPassword(of: identity) }
    }

    /// For how many the next run issues anew, as far as can be told from what was exported.
    private func due(_ reissue: PlannedNight.Reissue) -> Int {
        let times = plan.nights?.reissueMax ?? 0
        let deadline: Date =
            switch reissue {
            case .expired: now
            case .expiring(let hours): now.addingTimeInterval(Double(hours * Self.hourSeconds))
            case .all: .distantFuture
            }
        return notes.withLock { notes in
            notes.committed.values.count { line in
                line.generation <= times && (Self.expiry(of: line) ?? .distantPast) <= deadline
                    && IdentityID(line.identity).map { notes.activated[$0] == nil } ?? false
            }
        }
    }

    /// Nobody gets two for one reissue; a run that has come to its end may be followed by another one of all.
    private func noteReissues(
        _ night: PlannedNight,
        since before: [String: Int],
        runsBefore: Int
    ) {
        let (lines, runs) = notes.withLock { ($0.committed, $0.runs.dropFirst(runsBefore)) }
        let ended = runs.count { !$0.wasKilled || $0.wasJoined }
        let timesMax = night.reissue == .all ? 2 * ended + 1 : 1
        for (identity, generation) in before {
            guard let line = lines[identity], line.generation > generation + timesMax else { continue }
            note(
                .generations,
                "\(identity) went from generation \(generation) to \(line.generation) in a night"
            )
        }
    }

    /// Hands over whoever is left, and takes everything down.
    private func rest(_ plan: NightsPlan) async throws -> NightsEvidence {
        await outputs("export")
        await outputs("report")
        let outputs = lookAtOutputs()
        note(outputs.violationsAtRest())
        if plan.purgeAfterHours != nil { noteSecretsLeft() }
        let unfinished = Set(await batchList()?.batches.filter { !$0.isWritten }.map(\.batch) ?? [])
        let before = Set(notes.withLock { $0.batches.keys })
        try await exportNew()
        await lookAtBatches()
        let after = Set(notes.withLock { $0.batches.keys })
        try await exportNew()
        let batches = await lookAtBatches()
        if Set(batches.map(\.entry.batch)) != after {
            note(
                .handedOverTwice,
                "another export --new has made another batch: \(batches.map(\.entry.batch))"
            )
        }
        let end = await figures() ?? SummaryFigures()
        let (activated, now) = (notes.withLock { $0.activated }, now)
        return NightsEvidence(
            plan: plan,
            roster: self.plan.roster,
            issued: issued,
            activated: activated.compactMapValues(\.self),
            exported: outputs.table("invitations.csv")?.invitations ?? [],
            isValid: { (Self.expiry(of: $0) ?? .distantPast) > now },
            batches: batches,
            chosenLast: after.subtracting(before).subtracting(unfinished),
            notHandedOver: await batchList()?.notHandedOver ?? 0,
            end: end
        )
    }

    private func exportNew() async throws {
        let export = try await latchstring(campaignArguments("export") + ["--new"])
        noteEnd(of: "export --new", export)
    }

    // MARK: - Looking

    /// The time by the processes' clock.
    var now: Date { clock?.now ?? Date() }

    static func expiry(of line: InvitationLine) -> Date? { try? Date(line.expiresAt, strategy: .iso8601) }

    /// Whether a run may have purged it.
    func mayBePurged(_ line: InvitationLine) -> Bool {
        guard let hours = plan.nights?.purgeAfterHours else { return false }
        let deadline = now.addingTimeInterval(-Double(hours * Self.hourSeconds))
        return (Self.expiry(of: line) ?? .distantFuture) <= deadline
    }

    /// What `handovers` lists; nil where there is no campaign yet.
    private func batchList() async -> BatchList? {
        do {
            let run = try await latchstring(campaignArguments("handovers") + ["--json"])
            noteEnd(of: "handovers", run)
            guard run.status == 0 else { return nil }
            let list = BatchList(json: run.stdout)
            if list == nil { note(.fileNotWhole, "what handovers prints") }
            return list
        } catch {
            note(.exit, "handovers cannot be run: \(error)")
            return nil
        }
    }

    /// Reads and judges the batches that are recorded as written, while nothing is at work.
    @discardableResult
    func lookAtBatches() async -> [HandedBatch] {
        guard plan.nights != nil else { return [] }
        let batches = await batchList()?.batches.filter(\.isWritten).map { HandedBatch($0) } ?? []
        let known = notes.withLock { $0.batches }
        note(batches.violations() + batches.violations(since: known))
        notes.withLock { notes in
            notes.tally.batches += batches.count { known[$0.entry.batch] == nil }
            for batch in batches { notes.batches[batch.entry.batch] = batch.sha256 }
        }
        return batches
    }

    /// Looks for links in the bytes of the ledger's files that ought to be purged.
    private func noteSecretsLeft() {
        let due = Set(
            issued.filter { code in
                let line = InvitationLine(
                    identity: code.identity.text,
                    code: code.code,
                    link: code.link,
                    expiresAt: code.expiresAt,
                    email: ""
                )
                return mayBePurged(line)
            }.compactMap { $0.link.split(separator: "flow=").last.map(String.init) }
        )
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            guard let bytes = FileManager.default.contents(atPath: "\(campaignFolder)/\(name)") else {
                continue
            }
            let left = String(decoding: bytes, as: UTF8.self).split(separator: "flow=").dropFirst()
                .filter { due.contains(String($0.prefix(36))) }
            if !left.isEmpty { note(.secretLeft, "\(left.count) links that expired are left in \(name)") }
        }
    }
}
