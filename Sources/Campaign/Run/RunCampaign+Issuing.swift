// From a roster to answers: enrolment, look-ups and issuing, beside or after one another.

import IdentityAPI
import Ledger
import Pacing
import Roster
import Synchronization
import Vocabulary

extension RunCampaign {
    /// How often it is told how far the run is.
    private static let progressInterval: Duration = .milliseconds(250)

    /// Issues while the roster is still being enrolled.
    func enrolAndIssue(_ roster: RosterFile?, _ work: Work) async throws -> (Enrolment?, IssuingEnd) {
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: RunProgress(), isEnrolling: roster != nil)
        guard let roster else { return (nil, await issue(issuer, work, doneBefore: doneBefore)) }
        async let enrolling = enrol(roster, work, for: issuer)
        let end = await issue(issuer, work, doneBefore: doneBefore)
        do {
            return (try await enrolling, end)
        } catch {
            tellUnrecorded(end)
            throw error
        }
    }

    /// Enrols for an issuer, which is stopped where the roster or the ledger breaks.
    private func enrol(_ roster: RosterFile, _ work: Work, for issuer: Issuer) async throws -> Enrolment? {
        defer { issuer.enrolmentEnded() }
        let feeding = events.adding { event in
            switch event {
            case .enrolling(_, let newlyDue): issuer.enrolled(newlyDue)
            case .enrolled(let enrolment): issuer.enrolled(enrolment.takenUp)
            default: break
            }
        }
        do {
            return try await enrol(roster, work, telling: feeding)
        } catch let error as RosterError {
            control.requestStop(.roster("\(error)"))
            return nil
        } catch {
            control.requestStop(.ledger("\(error)"))
            throw error
        }
    }

    /// One after the other: nothing is issued before everybody is looked up.
    func enrolVerifyIssue(_ roster: RosterFile?, _ work: Work) async throws -> (Enrolment?, IssuingEnd) {
        var enrolment: Enrolment?
        if let roster {
            events.emit(.step(.enrolling))
            do {
                enrolment = try await enrol(roster, work, telling: events)
            } catch let error as RosterError {
                return (nil, IssuingEnd(stop: .roster("\(error)")))
            }
        }
        if let reason = control.stop { return (enrolment, IssuingEnd(stop: reason)) }
        let verified = try await verify(work)
        guard verified.stop == nil else { return (enrolment, verified) }
        let doneBefore = try await doneBefore(work)
        let issuer = try await issuer(work, after: verified.progress, isEnrolling: false)
        return (enrolment, await issue(issuer, work, doneBefore: doneBefore))
    }

    private func enrol(
        _ roster: RosterFile,
        _ work: Work,
        telling events: RunEvents
    ) async throws -> Enrolment? {
        let enrolment = try await Enroller(
            ledger: work.ledger,
            queue: queue,
            options: request.roster?.options ?? RosterOptions(),
            time: time
        )
        .enrol(
            roster.reader,
            name: roster.path,
            size: roster.size,
            fileFingerprint: roster.fingerprint,
            run: work.run,
            control: control,
            events: events
        )
        if enrolment != nil, let note = roster.laterColumnNote { events.emit(.rosterNote(note)) }
        return enrolment
    }

    /// Looks everybody up who is due.
    private func verify(_ work: Work) async throws -> IssuingEnd {
        let (ledger, run, connection) = (work.ledger, work.run, work.connection)
        let verifier = try await queue.perform { [queue, request, time, control, events] in
            try Verifier(
                ledger: ledger,
                queue: queue,
                run: run,
                columns: request.lookup?.columns ?? [],
                maxIdentities: request.maxIdentities,
                rates: request.lookup?.rates ?? [],
                share: request.pacing.share,
                attemptsMax: request.attemptsMax,
                lookingUp: IdentityLookup(connection, columns: request.lookup?.columns ?? []),
                time: time,
                control: control,
                events: events
            )
        }
        events.emit(.step(.lookingUp))
        let verification = try await control.cancelling {
            var verifier = verifier
            return try await verifier.verify()
        }
        var progress = RunProgress()
        progress.failed = try await queue.perform { try ledger.latestRun()?.progress.failed ?? 0 }
        // Nil: the wait for its turn was cut short.
        guard let verification else { return IssuingEnd(stop: control.stop, progress: progress) }
        events.emit(.lookedUp(verification))
        let passed = verification.lookedUp - progress.failed
        if let bound = request.maxFailures, verification.stop == nil,
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
        let options = IssuingOptions(
            pacing: request.pacing,
            attemptsMax: request.attemptsMax,
            maxIdentities: request.maxIdentities,
            maxFailures: request.maxFailures,
            expiresIn: request.wish.expiresIn
        )
        return try await queue.perform { [queue, request, context, control] in
            try Issuer(
                ledger: work.ledger,
                queue: queue,
                run: work.run,
                options: options,
                progress: progress,
                due: work.ledger.dueCount(of: work.run),
                isEnrolling: isEnrolling,
                spill: request.folder.reserveSpill(
                    for: work.start,
                    claimsMax: min(options.claimedMax, options.maxIdentities ?? .max)
                ),
                issuing: RecoveryAPI(work.connection, request.wish),
                secrets: work.secrets,
                time: context.time,
                random: context.random(),
                control: control,
                telling: { context.events.emit(.stage($0)) }
            )
        }
    }

    /// Identities that have ended already: issued, or failed and not tried again.
    private func doneBefore(_ work: Work) async throws -> Int {
        // Counting takes a while where there are millions: only where somebody looks.
        guard !request.isQuiet else { return 0 }
        return try await queue.perform { [time] in
            let counts = try work.ledger.counts(now: time.wallClock())
            let others = counts.pending + counts.claimed + counts.inDoubt
            let failedAndDue = try max(0, work.ledger.dueCount(retryingFailed: false) - others)
            return counts.issued + max(0, counts.failed - failedAndDue)
        }
    }

    private func issue(_ issuer: Issuer, _ work: Work, doneBefore: Int) async -> IssuingEnd {
        events.emit(.step(.issuing))
        let meter = ProgressMeter(
            issuer,
            doneBefore: doneBefore,
            identitiesMax: request.maxIdentities ?? .max,
            time: time
        )
        self.meter.set(meter)
        defer { self.meter.set(nil) }
        let telling = Task { await tellProgress(meter, work.connection.credential) }
        let end = await issuer.issue()
        telling.cancel()
        await telling.value
        return end
    }

    /// Tells how far the run is, and of keys that were renewed, until the task is cancelled.
    private func tellProgress(_ meter: ProgressMeter, _ credential: Credential) async {
        var renewals = credential.renewals
        while true {
            events.emit(.progress(meter.figures()))
            let isOver = (try? await time.sleep(time.elapsed() + Self.progressInterval)) == nil
            if credential.renewals > renewals {
                renewals = credential.renewals
                events.emit(.keyRenewed(times: renewals))
            }
            if isOver { return }
        }
    }
}

/// The meter of the run, while it issues.
final class CurrentMeter: Sendable {
    private let meter = Mutex<ProgressMeter?>(nil)

    func set(_ meter: ProgressMeter?) { self.meter.withLock { $0 = meter } }

    /// How far the run is now; nil while it does not issue.
    func figures() -> ProgressFigures? { meter.withLock { $0 }?.figures() }
}
