// From a roster to answers: enrolment, look-ups and issuing, beside or after one another.

import Providers
import Ledger
import Pacing
import Roster
import Synchronization
import Model
import Work

extension RunCampaign {
    /// How often it is told how far the run is.
    private static let progressInterval: Duration = .milliseconds(250)

    /// Issues while the roster is still being enrolled.
    func enrolAndIssue(_ roster: RosterFile?, _ work: Work) async throws -> (Enrolment?, StageEnd) {
        let doneBefore = try await doneBefore(work)
        let due = try await due(work)
        let issuer = try await issuer(work, after: RunProgress(), isEnrolling: roster != nil)
        guard let roster else {
            tellWhetherCodesLast(due)
            return (nil, await issue(issuer, work, doneBefore: doneBefore))
        }
        async let enrolling = enrol(roster, work, for: issuer, dueBefore: due)
        let end = await issue(issuer, work, doneBefore: doneBefore)
        do {
            return (try await enrolling, end)
        } catch {
            tellUnrecorded(end)
            throw error
        }
    }

    /// Enrols for an issuer, which is stopped where the roster or the ledger breaks.
    ///
    /// - Parameter dueBefore: how many identities were due before.
    private func enrol(
        _ roster: RosterFile,
        _ work: Work,
        for issuer: StageRunner,
        dueBefore: Int
    ) async throws -> Enrolment? {
        defer { issuer.enrolmentEnded() }
        let due = Mutex(dueBefore)
        @Sendable func enrolled(_ newlyDue: Int) {
            issuer.enrolled(newlyDue)
            due.withLock { $0 += newlyDue }
        }
        let feeding = events.adding { event in
            switch event {
            case .enrolling(_, let newlyDue): enrolled(newlyDue)
            case .enrolled(let enrolment): enrolled(enrolment.takenUp)
            default: break
            }
        }
        do {
            let enrolment = try await enrol(roster, work, until: issuer, telling: feeding)
            if enrolment != nil { tellWhetherCodesLast(due.withLock(\.self)) }
            return enrolment
        } catch let error as RosterError {
            stop(issuer, because: .roster("\(error)"))
            return nil
        } catch {
            stop(issuer, because: StopReason(ofLedger: error))
            throw error
        }
    }

    /// Tells the issuer itself as well: it looks for a stop now and then only, and would end without one when
    /// it has nothing left to do.
    private func stop(_ issuer: StageRunner, because reason: StopReason) {
        control.requestStop(reason)
        issuer.requestStop(reason)
    }

    /// One after the other: nothing is issued before everybody is looked up, and before it is settled who is
    /// issued for anew.
    ///
    /// Enrolment comes first, as it needs no server: a run that meets an outage has enrolled its roster.
    ///
    /// - Parameter sync: how everybody with an invitation is asked about; nil where nobody is.
    func enrolThenIssue(
        _ roster: RosterFile?,
        _ list: RosterFile?,
        _ work: Work,
        sync: SyncOptions?
    ) async throws -> (Enrolment?, StageEnd) {
        var enrolment: Enrolment?
        if let roster {
            events.emit(.step(.enrolling))
            do {
                enrolment = try await enrol(roster, work, until: control, telling: events)
            } catch let error as RosterError {
                return (nil, StageEnd(stop: .roster("\(error)")))
            }
        }
        if let reason = control.stop { return (enrolment, StageEnd(stop: reason)) }
        if let sync, let reason = try await self.sync(work, sync, .notActivated) {
            return (enrolment, StageEnd(stop: reason))
        }
        let narrow = request.takesAbsent ? nil : enrolment?.roster
        if let reason = try await prepareReissue(work, list, roster: narrow) {
            return (enrolment, StageEnd(stop: reason))
        }
        let verified = request.lookup == nil ? StageEnd(stop: nil) : try await verify(work)
        guard verified.stop == nil else { return (enrolment, verified) }
        let doneBefore = try await doneBefore(work)
        try await tellWhetherCodesLast(due(work))
        let issuer = try await issuer(work, after: verified.progress, isEnrolling: false)
        return (enrolment, await issue(issuer, work, doneBefore: doneBefore))
    }

    /// Tells where the limits hold the run up so long that its first code expires before its last is issued.
    ///
    /// - Parameter due: how many identities the run is to issue for.
    private func tellWhetherCodesLast(_ due: Int) {
        let pacing = request.pacing
        let requests = min(due, request.maxIdentities ?? .max)
        let least = RateLimit.leastTime(
            for: requests,
            rates: pacing.rates.map { $0.shared(pacing.share) },
            burst: pacing.burst
        )
        let validity = request.issueRequest.expiresIn
        guard least > validity else { return }
        events.emit(.outlastsValidity(least: least, validity: validity))
    }

    /// How many identities are due before anything is issued.
    private func due(_ work: Work) async throws -> Int {
        try await queue.perform { try work.ledger.dueCount(of: work.run) }
    }

    private func enrol(
        _ roster: RosterFile,
        _ work: Work,
        until stopSignal: any StopSignal,
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
            stopSignal: stopSignal,
            events: events
        )
        if enrolment != nil, let note = roster.laterColumnNote { events.emit(.rosterNote(note)) }
        return enrolment
    }

    /// Looks everybody up who is due.
    private func verify(_ work: Work) async throws -> StageEnd {
        let (ledger, run, connection) = (work.ledger, work.run, work.connection)
        let renewInterval = work.start.renewInterval
        let verifier = try await queue.perform { [queue, request, time, control, events] in
            try Verifier(
                ledger: ledger,
                on: queue,
                run: run,
                columns: request.lookup?.columns ?? [],
                maxIdentities: request.maxIdentities,
                options: StageOptions(
                    lookingUp: request.lookup,
                    share: request.pacing.share,
                    attemptsMax: request.attemptsMax,
                    giveUpAfter: request.pacing.giveUpAfter
                ),
                lookingUp: IdentityLookup(connection, columns: request.lookup?.columns ?? []),
                stopSignal: control,
                renewInterval: renewInterval,
                time: time
            ) { events.emit(.stage($0)) }
        }
        events.emit(.step(.lookingUp))
        let telling = Task {
            await tell(of: connection.credential) { .lookingUp(verifier.verification) }
        }
        defer { telling.cancel() }
        let verification = try await verifier.verify()
        telling.cancel()
        await telling.value
        var progress = RunProgress()
        progress.failed = verification.unknown + verification.inactive
        // A signal cuts it short: there is nothing to tell yet.
        if case .signal = verification.stop { return StageEnd(stop: verification.stop, progress: progress) }
        events.emit(.lookedUp(verification))
        let passed = verification.lookedUp - progress.failed
        if let bound = request.maxFailures, verification.stop == nil,
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
    ) async throws -> StageRunner {
        let options = StageOptions(
            pacing: request.pacing,
            attemptsMax: request.attemptsMax,
            maxIdentities: request.maxIdentities,
            maxFailures: request.maxFailures
        )
        return try await queue.perform { [queue, request, context, control] in
            let spill = try request.folder.reserveSpill(
                for: work.start,
                claimsMax: min(options.claimedMax, options.maxIdentities ?? .max)
            )
            return try StageRunner(
                IssueStage(
                    RecoveryAPI(work.connection, request.issueRequest),
                    secrets: work.secrets,
                    expiresIn: request.issueRequest.expiresIn,
                    key: work.start.key,
                    time: context.time
                ),
                queue: IssueQueue(
                    work.ledger,
                    run: work.run,
                    spill: spill,
                    renewInterval: work.start.renewInterval
                ),
                on: queue,
                options: options,
                progress: progress,
                due: work.ledger.dueCount(of: work.run),
                isEnrolling: isEnrolling,
                stopSignal: control,
                time: context.time,
                random: context.random()
            ) { context.events.emit(.stage($0)) }
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

    private func issue(_ issuer: StageRunner, _ work: Work, doneBefore: Int) async -> StageEnd {
        events.emit(.step(.issuing))
        let meter = ProgressMeter(
            issuer,
            doneBefore: doneBefore,
            identitiesMax: request.maxIdentities ?? .max,
            time: time
        )
        self.meter.set(meter)
        defer { self.meter.set(nil) }
        let telling = Task { await tell(of: work.connection.credential) { .progress(meter.figures()) } }
        let end = await issuer.run()
        telling.cancel()
        await telling.value
        return end
    }

    /// Tells how far the run is, and of keys that were renewed, until the task is cancelled.
    private func tell(of credential: Credential, _ figures: () -> RunEvent) async {
        var renewals = credential.renewals
        while true {
            events.emit(figures())
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
