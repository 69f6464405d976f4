// The state of a campaign and what its latest run did, in numbers.

package import Ledger
import Sealing
package import Model

/// What `summary.json` holds and the summary in words says.
///
/// rows read = enrolled + duplicates + rejected, of the latest roster, also when it was not read again;
/// identities = issued + failed + pending + in doubt, of the whole campaign, as are `funnel`, `failures` and
/// `ambiguousAttempts`; `absent` is a part of failed, pending and in doubt; the requests, the retries and the
/// times are the latest run's.
package struct Summary: Hashable, Sendable {
    package var campaign: String
    /// Where it is unbound, the one that was tried last.
    package var server: String
    /// Whether the server has given an answer that can be used: the campaign belongs to it then.
    package var isServerBound: Bool
    /// Nil until a roster has been enrolled.
    package var roster: String?
    package var enrolment: EnrolmentCounts
    package var enrolledNew: Int
    package var identities: Int
    package var issued: Int
    /// The fingerprint of the key that codes are sealed to; nil where they are readable.
    package var sealedTo: String?
    package var failed: Int
    package var pending: Int
    package var inDoubt: Int
    /// Of the pending, the failed and those in doubt: who is not in the latest roster.
    package var absence: AbsentCounts
    /// How far the invitations have come.
    package var funnel: Funnel
    /// Of the issued, those whose code was purged.
    package var purged: Int
    package var ambiguousAttempts: Int
    package var failures: [String: Int]
    /// How the campaign's mails stand.
    package var deliveries: DeliveryCounts
    package var run: RunProgress
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var elapsedSeconds: Double
    package var stoppedBecause: String?
    /// Whether a run is at work.
    package var isRunning: Bool

    package var absent: Int { absence.all }

    package var issuedPerSecond: Double {
        elapsedSeconds > 0 ? Double(run.issued) / elapsedSeconds : 0
    }

    /// Reads the campaign as it is at `now`.
    ///
    /// - Parameter isRunning: whether a run is at work; then what is claimed is its work, and pending.
    ///   Otherwise it was claimed by a run that died: in doubt, and an ambiguous attempt each.
    /// - Throws: what the ledger throws.
    package init(_ reading: any LedgerReader, now: Timestamp, isRunning: Bool) throws {
        self.isRunning = isRunning
        let record = try reading.campaign()
        let latestRoster = try reading.latestRoster()
        let latestRun = try reading.latestRun()
        let counts = try reading.counts(now: now)
        campaign = record.name
        server = record.server
        isServerBound = record.isServerBound
        roster = latestRoster?.name
        enrolment = latestRoster?.counts ?? EnrolmentCounts()
        enrolledNew = latestRun?.enrolledNew ?? 0
        identities = counts.identities
        issued = counts.issued
        failed = counts.failed
        pending = counts.pending(isRunning: isRunning)
        inDoubt = counts.inDoubt(isRunning: isRunning)
        absence = counts.absent
        funnel = try reading.funnel(now: now)
        purged = try reading.purgedCount()
        sealedTo = record.sealedTo.flatMap(PublicKey.init(bytes:))?.fingerprint
        ambiguousAttempts = counts.ambiguousAttempts + (isRunning ? 0 : counts.claimed)
        failures = counts.failures
        deliveries = try reading.deliveryCounts()
        run = latestRun?.progress ?? RunProgress()
        startedAt = latestRun?.startedAt
        finishedAt = latestRun?.finishedAt
        elapsedSeconds =
            latestRun.map { max(0, $0.startedAt.duration(to: $0.finishedAt ?? now).inSeconds) } ?? 0
        stoppedBecause = latestRun?.stoppedBecause
    }
}
