// From a roster to answers: enrolment, look-ups and issuing, beside or after one another.

import Campaign
import IdentityAPI
import Ledger
import OutputFiles
import Pacing
import Roster
import Vocabulary

extension RunJob {
    /// Issues while the roster is still being enrolled.
    func enrolAndIssue(
        _ roster: RosterFile?,
        _ work: Work
    ) async throws -> (Enrolment?, IssuingEnd) {
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: RunProgress(), isEnrolling: roster != nil)
        stopSwitch.onStop { issuer.requestStop(.signal($0)) }
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
            issuer.requestStop(.roster("\(error)"))
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
    ) async throws -> (Enrolment?, IssuingEnd) {
        var enrolment: Enrolment?
        if let roster {
            var display = StepDisplay(console: console, time: context.time)
            defer { display.clear() }
            do {
                enrolment = try await enrol(roster, work, shouldStop: { shouldStop() != nil }) { counts in
                    let text =
                        "\(counts.rowsRead.grouped) rows read, \(counts.enrolledNew.grouped) identities new"
                    progressOnRequest.tell { text }
                    display.show(text)
                }
            } catch let error as RosterError {
                return (nil, IssuingEnd(stop: .roster("\(error)")))
            }
        }
        if let reason = shouldStop() { return (enrolment, IssuingEnd(stop: reason)) }
        let verified = try await verify(work)
        guard verified.stop == nil else { return (enrolment, verified) }
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: verified.progress, isEnrolling: false)
        stopSwitch.onStop { issuer.requestStop(.signal($0)) }
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

    /// Why the steps before issuing are to stop.
    private var shouldStop: @Sendable () -> StopReason? {
        { [stopSwitch, ledgerWatch, deadline, time = context.time] in
            if let damage = ledgerWatch.damage { return .ledger(damage) }
            if let signal = stopSwitch.signal { return .signal(signal) }
            return deadline.map { time.elapsed() >= $0 } == true ? .maxDuration : nil
        }
    }

    /// Looks everybody up who is due.
    private func verify(_ work: Work) async throws -> IssuingEnd {
        let (ledger, run, connection) = (work.ledger, work.run, work.connection)
        let verifier = try await queue.perform { [queue, settings, context, shouldStop] in
            try Verifier(
                ledger: ledger,
                queue: queue,
                run: run,
                columns: settings.issue.columns,
                maxIdentities: settings.issue.maxIdentities,
                rates: settings.issue.readRates,
                share: settings.issue.share,
                attemptsMax: settings.attemptsMax,
                lookingUp: IdentityLookup(connection, columns: settings.issue.columns),
                time: context.time,
                shouldStop: shouldStop
            )
        }
        progressOnRequest.tell { "looking identities up" }
        let verification = try await stopSwitch.cancelling { [console, context, progressOnRequest] in
            var verifier = verifier
            var display = StepDisplay(console: console, time: context.time)
            defer { display.clear() }
            return try await verifier.verify { looked in
                let text = "\(looked.lookedUp.grouped) identities looked up"
                progressOnRequest.tell { text }
                display.show(text)
            }
        }
        var progress = RunProgress()
        // Nil: the wait for its turn was cut short.
        progress.failed = try await queue.perform { try ledger.latestRun()?.progress.failed ?? 0 }
        guard let verification else {
            return IssuingEnd(stop: stopSwitch.signal.map(StopReason.signal), progress: progress)
        }
        RunReport.note(verification, console)
        let passed = verification.lookedUp - progress.failed
        if let bound = settings.maxFailures, verification.stop == nil,
            bound.isExceeded(failed: progress.failed, issued: passed)
        {
            return IssuingEnd(
                stop: .exceeded(bound, failed: progress.failed, issued: passed),
                progress: progress
            )
        }
        return IssuingEnd(stop: verification.stop, progress: progress)
    }

    private func issuer(
        _ work: Work,
        after progress: RunProgress,
        isEnrolling: Bool
    ) async throws -> Issuer {
        let time = context.time
        let options = IssuingOptions(
            pacing: settings.pacing,
            attemptsMax: settings.attemptsMax,
            maxIdentities: settings.issue.maxIdentities,
            maxFailures: settings.maxFailures,
            deadline: deadline,
            expiresIn: settings.issue.wish.expiresIn
        )
        return try await queue.perform { [queue, settings, console] in
            try Issuer(
                ledger: work.ledger,
                queue: queue,
                run: work.run,
                options: options,
                progress: progress,
                due: work.ledger.dueCount(of: work.run),
                isEnrolling: isEnrolling,
                spill: settings.folder.reserveSpill(
                    for: work.start,
                    claimsMax: min(options.claimedMax, options.maxIdentities ?? .max)
                ),
                issuing: RecoveryAPI(work.connection, settings.issue.wish),
                secrets: work.secrets,
                time: time,
                onRemark: { console.note("warning: \($0)") }
            )
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

    private func issue(_ issuer: Issuer, doneBefore: Int) async -> IssuingEnd {
        ledgerWatch.onDamage { issuer.requestStop(.ledger($0)) }
        let meter = ProgressMeter(
            issuer,
            doneBefore: doneBefore,
            identitiesMax: settings.issue.maxIdentities ?? .max,
            time: context.time
        )
        let display = ProgressDisplay(console: console, time: context.time, meter: meter)
        progressOnRequest.tell { display.line().text }
        let shown = Task { await display.run() }
        let end = await issuer.issue()
        shown.cancel()
        await shown.value
        return end
    }
}
