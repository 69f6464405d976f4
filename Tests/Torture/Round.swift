// One round: a campaign from its first run to its last, with everything that its plan has in store.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Synchronization
import TestSupport
import Model

/// What a round needs besides its plan.
package struct RoundSetting: Sendable {
    /// The latchstring to torture.
    package var binary: String
    /// `FakeClock.sharedObject`; nil for none, and then the clock does not jump.
    package var clockObject: String?

    package init(binary: String, clockObject: String? = FakeClock.sharedObject) {
        self.binary = binary
        self.clockObject = clockObject
    }
}

/// What came of a round.
package struct RoundResult: Sendable {
    package var plan: RoundPlan
    package var tally: Tally
    package var violations: [Violation]
    /// Where its campaign is; nil where all was well, and it is gone.
    package var folder: String?
}

/// A round at work.
package final class Round: Sendable {
    let plan: RoundPlan
    let setting: RoundSetting
    let folder: String
    let simulator: IdentitySimulator
    let watch: RequestWatch
    let clock: FakeClock?
    let notes = Mutex(RoundNotes())
    /// What the roster has beside each ID.
    let emails: [String: String]

    var rosterPath: String { "\(folder)/people.csv" }
    var campaignFolder: String { "\(folder)/reports/people" }

    /// Runs that are not meddled with, after which everybody has to be done.
    static let finishingRunsMax = 8
    /// How long a process may take.
    static let patience: Duration = .seconds(240)

    /// Lives through a round.
    ///
    /// - Throws: what keeps a round from taking place at all.
    package static func run(_ plan: RoundPlan, _ setting: RoundSetting) async throws -> RoundResult {
        let round = try await Round(plan, setting)
        let evidence: Evidence
        var nights: NightsEvidence?
        do {
            evidence = try await round.live()
            if let plan = plan.nights { nights = try await round.live(plan) }
            try await round.simulator.stop()
        } catch {
            try? await round.simulator.stop()
            throw error
        }
        let notes = round.notes.withLock { $0 }
        let ofNights = notes.runs.dropFirst(evidence.runs.count)
        let violations =
            notes.violations + evidence.violations() + (nights?.violations() ?? [])
            + ofNights.requestViolations() + ofNights.claimViolations(max: plan.concurrency.claimedMax)
        if violations.isEmpty { try FileManager.default.removeItem(atPath: round.folder) }
        return RoundResult(
            plan: plan,
            tally: notes.tally + Tally(evidence, nights, notes.runs, round.simulator.statistics()),
            violations: violations,
            folder: violations.isEmpty ? nil : round.folder
        )
    }

    private init(_ plan: RoundPlan, _ setting: RoundSetting) async throws {
        self.plan = plan
        self.setting = setting
        let unique = "latchstring-torture-\(plan.seed)-\(UUID().uuidString.prefix(8))"
        folder = FileManager.default.temporaryDirectory.appending(path: unique).path
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: attributes
        )
        let clockFolder = folder
        clock = try setting.clockObject.map { try FakeClock(sharedObject: $0, folder: clockFolder) }
        emails = Dictionary(
            uniqueKeysWithValues: plan.roster.identities.enumerated()
                .map { ($0.element.text, PlannedRoster.email(at: $0.offset)) }
        )
        let watch = RequestWatch()
        self.watch = watch
        var configuration = SimulatorConfiguration()
        configuration.seed = plan.seed
        configuration.identities = .listed(plan.roster.known)
        configuration.faults = try FaultPlan(plan.faults)
        configuration.latency = plan.latency
        // With one, requests are counted in the order of the server's own numbers.
        configuration.threads = 1
        configuration.script = { request in
            watch.requestReceived(request)
            return nil
        }
        simulator = try await IdentitySimulator.startOnLastingPorts(configuration)
    }

    private func live() async throws -> Evidence {
        for run in plan.runs {
            try jumpClock(run.clockJump)
            try await perform(run)
        }
        var untouched = PlannedRun(identities: plan.roster.count, clockJump: 0, events: [])
        untouched.options = plan.firstOptions
        var isDone = false
        for _ in 0..<Self.finishingRunsMax where !isDone {
            try await perform(untouched)
            let figures = notes.withLock { $0.atRest }
            isDone = figures.pending + figures.inDoubt == 0 && figures.failed <= plan.roster.unknown.count
        }
        if !isDone {
            note(.unfinished, "not done after \(Self.finishingRunsMax) runs that nothing disturbed")
        }
        await outputs("export")
        await outputs("report")
        let outputs = lookAtOutputs()
        note(outputs.violationsAtRest())
        return evidence(outputs)
    }

    private func evidence(_ outputs: OutputFolder) -> Evidence {
        let notes = notes.withLock { $0 }
        return Evidence(
            plan: plan,
            issued: issued,
            arrivals: watch.arrivals,
            runs: notes.runs,
            exported: outputs.table("invitations.csv")?.invitations ?? [],
            failed: Set((outputs.table("failures.csv")?.rows ?? []).compactMap { $0["identity_id"] }),
            end: notes.atRest
        )
    }

    /// The server's log so far.
    var issued: [IssuedCode] {
        simulator.issued().map { record in
            IssuedCode(
                request: record.request,
                identity: record.identity,
                code: record.recoveryCode ?? "",
                link: record.recoveryLink,
                // Exports have whole seconds.
                expiresAt: "\(record.expiresAt.prefix(19))Z",
                wasSpoilt: record.fault != nil
            )
        }
    }

    func note(_ rule: Violation.Rule, _ detail: String) { note([Violation(rule, detail)]) }

    func note(_ violations: [Violation]) { notes.withLock { $0.violations += violations } }

    func jumpClock(_ seconds: Int) throws {
        guard let clock, seconds != 0 else { return }
        try clock.jump(seconds)
        notes.withLock { $0.tally.clockJumps += 1 }
    }
}

/// What a round has found out so far.
struct RoundNotes: Sendable {
    var violations: [Violation] = []
    var tally = Tally()
    var runs: [RunAccount] = []
    /// What `status` told when no process was at work the last time.
    var atRest = SummaryFigures()
    /// Every line that was ever seen in an export, by identity.
    var committed: [String: InvitationLine] = [:]
    /// Who has activated, and after how many requests the night after that began; nil where it has not yet.
    var activated: [IdentityID: Int?] = [:]
    /// How often somebody has activated.
    var activations: UInt64 = 0
    /// The SHA-256 of every batch that was ever recorded as written, by number.
    var batches: [Int: String] = [:]
}
