// From a roster to answers: enrolment, look-ups and issuing, beside or after one another.

import Campaign
import IdentityAPI
import Ledger
import Pacing
import Roster
import Vocabulary
import Work

extension RunJob {
    /// Issues while the roster is still being enrolled.
    func enrolAndIssue(
        _ roster: RosterFile?,
        _ work: Work
    ) async throws -> (Enrolment?, StageEnd) {
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: RunProgress(), isEnrolling: roster != nil)
        guard let roster else { return (nil, await issue(issuer, doneBefore: doneBefore)) }
        async let enrolling = enrol(roster, work, for: issuer)
        let end = await issue(issuer, doneBefore: doneBefore)
        do {
            return (try await enrolling, end)
        } catch {
            tellUnrecorded(end)
            throw error
        }
    }

    /// Enrols for an issuer, which is stopped where the roster or the ledger breaks.
    private func enrol(
        _ roster: RosterFile,
        _ work: Work,
        for issuer: Issuer
    ) async throws -> Enrolment? {
        defer { issuer.enrolmentEnded() }
        var due = 0
        do {
            let enrolment = try await enrol(roster, work, shouldStop: { issuer.isStopping }) { counts in
                issuer.enrolled(counts.enrolledNew + counts.knownDue - due)
                due = counts.enrolledNew + counts.knownDue
            }
            if let takenUp = enrolment?.takenUp { issuer.enrolled(takenUp) }
            return enrolment
        } catch let error as RosterError {
            issuer.requestStop(.roster(CommandFailure(describing: error).sentence))
            return nil
        } catch {
            issuer.requestStop(.ledger("\(error)"))
            throw error
        }
    }

    /// One after the other: nothing is issued before everybody is looked up.
    func enrolVerifyIssue(
        _ roster: RosterFile?,
        _ work: Work
    ) async throws -> (Enrolment?, StageEnd) {
        var enrolment: Enrolment?
        if let roster {
            var display = StepDisplay(console: console, time: context.time)
            defer { display.clear() }
            do {
                enrolment = try await enrol(roster, work, shouldStop: { stopSignal.stop != nil }) { counts in
                    let text =
                        "\(counts.rowsRead.grouped) rows read, \(counts.enrolledNew.grouped) identities new"
                    progressOnRequest.tell { text }
                    display.show(text)
                }
            } catch let error as RosterError {
                return (nil, StageEnd(stop: .roster(CommandFailure(describing: error).sentence)))
            }
        }
        if let reason = stopSignal.stop { return (enrolment, StageEnd(stop: reason)) }
        let verified = try await verify(work)
        guard verified.stop == nil else { return (enrolment, verified) }
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: verified.progress, isEnrolling: false)
        return (enrolment, await issue(issuer, doneBefore: doneBefore))
    }

    private func enrol(
        _ roster: RosterFile,
        _ work: Work,
        shouldStop: () -> Bool,
        onProgress: (EnrolmentCounts) -> Void
    ) async throws -> Enrolment? {
        let enrolment = try await Enroller(
            ledger: work.ledger,
            queue: queue,
            options: settings.roster?.options ?? RosterOptions(),
            time: context.time
        )
        .enrol(
            roster.reader,
            name: roster.path,
            size: roster.size,
            fileFingerprint: roster.fingerprint,
            run: work.run,
            shouldStop: shouldStop,
            onProgress: onProgress
        )
        if enrolment != nil, let note = roster.laterColumnNote { console.note(note) }
        return enrolment
    }

    /// Looks everybody up who is due.
    private func verify(_ work: Work) async throws -> StageEnd {
        let (ledger, run, connection) = (work.ledger, work.run, work.connection)
        let verifier = try await queue.perform { [queue, settings, context, stopSignal] in
            try Verifier(
                ledger: ledger,
                on: queue,
                run: run,
                columns: settings.issue.columns,
                maxIdentities: settings.issue.maxIdentities,
                options: StageOptions(
                    lookingUp: settings.issue,
                    attemptsMax: settings.attemptsMax,
                    giveUpAfter: settings.pacing.giveUpAfter
                ),
                lookingUp: IdentityLookup(connection, columns: settings.issue.columns),
                stopSignal: stopSignal,
                time: context.time
            )
        }
        let text: @Sendable () -> String = {
            "\(verifier.verification.lookedUp.grouped) identities looked up"
        }
        progressOnRequest.tell(text)
        let shown = Task { [console, context] in
            var display = StepDisplay(console: console, time: context.time)
            defer { display.clear() }
            while (try? await context.time.sleep(context.time.elapsed() + ProgressDisplay.redraw)) != nil {
                display.show(text())
            }
        }
        defer { shown.cancel() }
        let verification = try await verifier.verify()
        shown.cancel()
        await shown.value
        var progress = RunProgress()
        progress.failed = try await queue.perform { try ledger.latestRun()?.progress.failed ?? 0 }
        // A signal cuts it short: there is nothing to tell yet.
        if case .signal = verification.stop { return StageEnd(stop: verification.stop, progress: progress) }
        RunReport.note(verification, console)
        let passed = verification.lookedUp - progress.failed
        if let bound = settings.maxFailures, verification.stop == nil,
            bound.isExceeded(failed: progress.failed, issued: passed)
        {
            return StageEnd(
                stop: .exceeded(bound, failed: progress.failed, issued: passed),
                progress: progress
            )
        }
        return StageEnd(stop: verification.stop, progress: progress)
    }

    private func issuer(
        _ work: Work,
        after progress: RunProgress,
        isEnrolling: Bool
    ) async throws -> Issuer {
        let time = context.time
        let options = StageOptions(
            pacing: settings.pacing,
            attemptsMax: settings.attemptsMax,
            maxIdentities: settings.issue.maxIdentities,
            maxFailures: settings.maxFailures,
            deadline: deadline
        )
        return try await queue.perform { [queue, settings, console, stopSignal] in
            let wish = settings.issue.wish
            let spill = try settings.folder.reserveSpill(
                for: work.start,
                claimsMax: min(options.claimedMax, options.maxIdentities ?? .max)
            )
            return try Issuer(
                IssueStage(
                    RecoveryAPI(work.connection, wish),
                    secrets: work.secrets,
                    expiresIn: wish.expiresIn,
                    key: work.start.key,
                    time: time
                ),
                queue: IssueQueue(work.ledger, run: work.run, spill: spill),
                on: queue,
                options: options,
                progress: progress,
                due: work.ledger.dueCount(of: work.run),
                isEnrolling: isEnrolling,
                stopSignal: stopSignal,
                time: time
            ) { event in
                if case .remark(let remark) = event { console.note("warning: \(remark.text.inOptions)") }
            }
        }
    }

    /// Identities that have ended already: issued, or failed and not tried again.
    private func doneBefore(_ work: Work) async throws -> Int {
        // Counting takes a while where there are millions: only where somebody looks.
        guard !console.isQuiet else { return 0 }
        return try await queue.perform { [context] in
            let counts = try work.ledger.counts(now: context.time.wallClock())
            let others = counts.pending + counts.claimed + counts.inDoubt
            let failedAndDue = try max(0, work.ledger.dueCount(retryingFailed: false) - others)
            return counts.issued + max(0, counts.failed - failedAndDue)
        }
    }

    private func issue(_ issuer: Issuer, doneBefore: Int) async -> StageEnd {
        let meter = ProgressMeter(
            issuer,
            doneBefore: doneBefore,
            identitiesMax: settings.issue.maxIdentities ?? .max,
            time: context.time
        )
        let display = ProgressDisplay(console: console, time: context.time, meter: meter)
        progressOnRequest.tell { display.line().text }
        let shown = Task { await display.run() }
        let end = await issuer.run()
        shown.cancel()
        await shown.value
        return end
    }
}
