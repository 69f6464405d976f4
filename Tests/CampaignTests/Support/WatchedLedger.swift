// A ledger that fails when it is told to, and keeps an eye on the claims.

import Ledger
import Synchronization
import Model

final class WatchedLedger: Ledger {
    private struct State {
        var commits = 0
        var claimed: Set<Int64> = []
        var claimedMax = 0
    }

    private let base: any Ledger
    private let failsCommit: @Sendable (_ number: Int, _ results: Int) -> Bool
    private let failsRelease: Bool
    private let state = Mutex(State())

    /// - Parameter failsCommit: asked with the number of the commit, from 1, and how many results it has.
    init(
        _ base: any Ledger,
        failsRelease: Bool = false,
        failsCommit: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false }
    ) {
        self.base = base
        self.failsRelease = failsRelease
        self.failsCommit = failsCommit
    }

    /// The most identities that were claimed at a time.
    var claimedMax: Int { state.withLock { $0.claimedMax } }
    var commits: Int { state.withLock { $0.commits } }

    func commit(
        _ results: [AttemptResult],
        run: RunID,
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        let number = state.withLock { state in
            state.commits += 1
            return state.commits
        }
        guard !failsCommit(number, results.count) else {
            throw LedgerError(.notWritable, "the disk is full, says the test")
        }
        let committed = try base.commit(results, run: run, progress: progress, claiming: claiming, at: time)
        state.withLock { state in
            for result in results {
                if case .tryingAgain = result.outcome { continue }
                state.claimed.remove(result.claim.sequence)
            }
            state.claimed.formUnion(committed.claims.map(\.sequence))
            state.claimedMax = max(state.claimedMax, state.claimed.count)
        }
        return committed
    }

    func beginDeliveries(_ start: DeliveryStart) throws -> DeliveryBeginning {
        try base.beginDeliveries(start)
    }
    func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        at time: Timestamp
    ) throws {
        try base.recordDeliveries(results, run: run, mails: mails, at: time)
    }
    func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        claiming: Int,
        _ scope: DeliveryScope,
        after last: Int64,
        at time: Timestamp
    ) throws -> DeliveryClaims {
        try base.recordDeliveries(
            results,
            run: run,
            mails: mails,
            claiming: claiming,
            scope,
            after: last,
            at: time
        )
    }
    func takeLateDeliveries(_ results: [DeliveryResult], run: DeliveryRunID, at time: Timestamp) throws {
        try base.takeLateDeliveries(results, run: run, at: time)
    }
    func renewDeliveries(_ run: DeliveryRunID, at time: Timestamp) throws {
        try base.renewDeliveries(run, at: time)
    }
    func releaseDeliveries(_ claims: [Claim], run: DeliveryRunID) throws {
        try base.releaseDeliveries(claims, run: run)
    }
    func requeueRefusedDeliveries() throws { try base.requeueRefusedDeliveries() }
    func finishDeliveries(
        _ run: DeliveryRunID,
        mails: Int,
        stoppedBecause: String?,
        at time: Timestamp
    ) throws {
        try base.finishDeliveries(run, mails: mails, stoppedBecause: stoppedBecause, at: time)
    }
    func deliveryRequests(since time: Timestamp) throws -> [RequestsInSecond] {
        try base.deliveryRequests(since: time)
    }
    func deliveryRefusalsOnly() throws -> [FailureRecord]? { try base.deliveryRefusalsOnly() }
    func nextDeliveryDue(_ scope: DeliveryScope) throws -> Timestamp? { try base.nextDeliveryDue(scope) }
    func deliverableCount(_ scope: DeliveryScope, at time: Timestamp) throws -> DeliverableCount {
        try base.deliverableCount(scope, at: time)
    }
    func deliveryCounts() throws -> DeliveryCounts { try base.deliveryCounts() }
    func deliveriesMark() throws -> String { try base.deliveriesMark() }
    func forEachDelivery(_ body: (DeliveryRow) throws -> Void) throws { try base.forEachDelivery(body) }
    func setServer(_ server: String) throws { try base.setServer(server) }
    func setProvider(_ provider: String) throws { try base.setProvider(provider) }
    func activationCandidates(
        _ scope: ActivationScope,
        after sequence: Int64,
        limit: Int
    ) throws -> [ActivationCandidate] {
        try base.activationCandidates(scope, after: sequence, limit: limit)
    }
    func activationCandidates(_ identities: [IdentityID]) throws -> [ActivationCandidate] {
        try base.activationCandidates(identities)
    }
    func recordActivations(_ results: [ActivationResult], at time: Timestamp) throws {
        try base.recordActivations(results, at: time)
    }
    func activation(of identity: IdentityID) throws -> ActivationRecord? {
        try base.activation(of: identity)
    }
    func activationCounts() throws -> ActivationCounts { try base.activationCounts() }
    func funnel(now: Timestamp) throws -> Funnel { try base.funnel(now: now) }
    func reissuedCount(by run: RunID) throws -> Int { try base.reissuedCount(by: run) }
    func givenUpCount(by run: RunID) throws -> Int { try base.givenUpCount(by: run) }
    func setLinkBase(_ base: String?) throws { try self.base.setLinkBase(base) }
    func seal(to publicKey: [UInt8], encapsulatedKey: [UInt8], at time: Timestamp) throws -> SealID {
        try base.seal(to: publicKey, encapsulatedKey: encapsulatedKey, at: time)
    }
    func seals() throws -> [SealRecord] { try base.seals() }
    func purge(expiredBy expiry: Timestamp?, at time: Timestamp) throws -> Int {
        try base.purge(expiredBy: expiry, at: time)
    }
    func purgeExpired(by expiry: Timestamp, at time: Timestamp) throws -> Int {
        try base.purgeExpired(by: expiry, at: time)
    }
    func purgedCount() throws -> Int { try base.purgedCount() }
    func secretColumnNames() throws -> [String] { try base.secretColumnNames() }
    func declareColumns(_ columns: [LookedUpColumn]) throws { try base.declareColumns(columns) }
    func recordLookups(
        _ results: [LookupResult],
        columns: [LookedUpColumn],
        run: RunID,
        failedInRun: Int
    ) throws {
        try base.recordLookups(results, columns: columns, run: run, failedInRun: failedInRun)
    }
    func noteLookupRequest(at time: Timestamp) throws { try base.noteLookupRequest(at: time) }
    func lookupRequests(since time: Timestamp) throws -> [RequestsInSecond] {
        try base.lookupRequests(since: time)
    }
    func lookupCandidates(
        _ scope: LookupScope,
        of run: RunID?,
        after candidate: LookupCandidate?,
        limit: Int
    ) throws -> [LookupCandidate] {
        try base.lookupCandidates(scope, of: run, after: candidate, limit: limit)
    }
    func dueIdentities(retryingFailed: Bool, after sequence: Int64, limit: Int) throws -> [LookupCandidate] {
        try base.dueIdentities(retryingFailed: retryingFailed, after: sequence, limit: limit)
    }
    func dueCount(of run: RunID) throws -> Int { try base.dueCount(of: run) }
    func takeUp(_ roster: RosterID, run: RunID) throws -> Int { try base.takeUp(roster, run: run) }
    func noteAbsent(_ count: Int, run: RunID) throws -> Int? { try base.noteAbsent(count, run: run) }
    func rosterNames() throws -> [String] { try base.rosterNames() }
    func dueCount(retryingFailed: Bool) throws -> Int { try base.dueCount(retryingFailed: retryingFailed) }
    func memberships(of identities: [IdentityID]) throws -> [IdentityID: CampaignMembership] {
        try base.memberships(of: identities)
    }
    func foundColumns() throws -> Set<String> { try base.foundColumns() }
    func lookedUpColumnNames() throws -> [String] { try base.lookedUpColumnNames() }
    func beginRoster(name: String, at time: Timestamp) throws -> RosterID {
        try base.beginRoster(name: name, at: time)
    }
    func enrol(
        _ entries: [RosterEntry],
        idColumn: String,
        columnNames: [String],
        into roster: RosterID
    ) throws -> EnrolmentCounts {
        try base.enrol(entries, idColumn: idColumn, columnNames: columnNames, into: roster)
    }
    func finishRoster(_ roster: RosterID, fingerprint: String, size: Int64) throws {
        try base.finishRoster(roster, fingerprint: fingerprint, size: size)
    }
    func recover(_ answers: SpilledAnswers) throws -> RecoveryReport { try base.recover(answers) }
    func beginRun(_ run: RunStart) throws -> RunID { try base.beginRun(run) }
    func noteEnrolment(_ roster: RosterID, enrolledNew: Int, run: RunID) throws {
        try base.noteEnrolment(roster, enrolledNew: enrolledNew, run: run)
    }
    func release(_ claims: [Claim], run: RunID) throws {
        guard !failsRelease else { throw LedgerError(.notWritable, "nothing can be given back") }
        try base.release(claims, run: run)
    }
    func requeueRefused() throws { try base.requeueRefused() }
    func renew(_ run: RunID, at time: Timestamp) throws { try base.renew(run, at: time) }
    func rescueLostRuns(_ lost: LostRuns, by run: RunID, at time: Timestamp) throws -> Int {
        try base.rescueLostRuns(lost, by: run, at: time)
    }
    func takeLate(_ results: [AttemptResult], run: RunID, at time: Timestamp) throws -> RecoveryReport {
        try base.takeLate(results, run: run, at: time)
    }
    func beginReissue(_ what: String, at time: Timestamp) throws -> Timestamp {
        try base.beginReissue(what, at: time)
    }
    func endReissue() throws { try base.endReissue() }
    func markForReissue(_ identities: [IdentityID]) throws -> Int { try base.markForReissue(identities) }
    func reissueCandidates(_ scope: ReissueScope, after sequence: Int64, limit: Int) throws
        -> [ReissueCandidate]
    {
        try base.reissueCandidates(scope, after: sequence, limit: limit)
    }
    func reissue(_ candidates: [ReissueCandidate]) throws -> Int { try base.reissue(candidates) }
    func giveUp(_ candidates: [ReissueCandidate], run: RunID, at time: Timestamp) throws -> Int {
        try base.giveUp(candidates, run: run, at: time)
    }
    func withdrawReissues(by run: RunID) throws -> Int { try base.withdrawReissues(by: run) }
    func attach(_ recorder: RunRecorder, to run: RunID) { base.attach(recorder, to: run) }
    func attempts(of identity: IdentityID) throws -> [AttemptRecord] { try base.attempts(of: identity) }
    func attempt(withRequestID requestID: String) throws -> AttemptRecord? {
        try base.attempt(withRequestID: requestID)
    }
    func invitations(of identity: IdentityID) throws -> [GenerationRecord] {
        try base.invitations(of: identity)
    }
    func series(of run: RunID) throws -> [RunBucket] { try base.series(of: run) }
    func events(of run: RunID) throws -> [NotableEvent] { try base.events(of: run) }
    func finishRun(_ run: RunID, progress: RunProgress, stoppedBecause: String?, at time: Timestamp) throws {
        try base.finishRun(run, progress: progress, stoppedBecause: stoppedBecause, at: time)
    }
    func noteOutput(_ output: OutputRecord) throws { try base.noteOutput(output) }
    func close() throws { try base.close() }

    func campaign() throws -> CampaignRecord { try base.campaign() }
    func latestRoster() throws -> RosterRecord? { try base.latestRoster() }
    func latestRun() throws -> RunRecord? { try base.latestRun() }
    func counts(now: Timestamp) throws -> CampaignCounts { try base.counts(now: now) }
    func hasUnreached(inRoster roster: RosterID?, at time: Timestamp) throws -> Bool {
        try base.hasUnreached(inRoster: roster, at: time)
    }
    func news(ofRoster roster: RosterID, run: RunID) throws -> RosterNews {
        try base.news(ofRoster: roster, run: run)
    }
    func refusalsOnly() throws -> [FailureRecord]? { try base.refusalsOnly() }
    func requests(since time: Timestamp) throws -> [RequestsInSecond] { try base.requests(since: time) }
    func output(named name: String) throws -> OutputRecord? { try base.output(named: name) }
    func columnNames() throws -> [RosterID: [String]] { try base.columnNames() }
    func forEachInvitation(_ filter: InvitationFilter, _ body: (InvitationRow) throws -> Void) throws {
        try base.forEachInvitation(filter, body)
    }
    func beginBatch(_ start: BatchStart) throws -> BatchRecord { try base.beginBatch(start) }
    func fillBatch(_ number: Int) throws -> BatchFilling { try base.fillBatch(number) }
    func noteBatchFile(_ number: Int, sha256: [UInt8]) throws {
        try base.noteBatchFile(number, sha256: sha256)
    }
    func finishBatch(_ number: Int, sha256: [UInt8], files: BatchFiles, at time: Timestamp) throws {
        try base.finishBatch(number, sha256: sha256, files: files, at: time)
    }
    func undoBatch(_ number: Int) throws -> Bool { try base.undoBatch(number) }
    func batches() throws -> [BatchRecord] { try base.batches() }
    func notHandedOverCount() throws -> Int { try base.notHandedOverCount() }
    func forEachMember(ofBatch number: Int, _ body: (InvitationRow) throws -> Void) throws {
        try base.forEachMember(ofBatch: number, body)
    }
    func forEachLeftOut(ofBatch number: Int, _ body: (LeftOutRecord) throws -> Void) throws {
        try base.forEachLeftOut(ofBatch: number, body)
    }
    func forEachFailure(_ body: (FailureRow) throws -> Void) throws { try base.forEachFailure(body) }
    func forEachRejectedRow(ofRoster roster: RosterID, _ body: (RejectedRow) throws -> Void) throws {
        try base.forEachRejectedRow(ofRoster: roster, body)
    }
}
