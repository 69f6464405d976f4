// What happens in a run, as one stream: the progress line, the log and the reports subscribe to it.

package import Exports
package import Ledger
package import Model
package import Work

/// Something that happened in a run.
package enum RunEvent: Sendable {
    /// A step of the run begins.
    case step(RunStep)
    /// Something to know about how the roster is read; a sentence.
    case rosterNote(String)
    /// The folder is on a network file system of this kind.
    case onNetworkFileSystem(folder: String, kind: String)
    /// Another process has the campaign; the run waits for it, for so long at most.
    case waitingForLock(holder: String, limit: Duration)
    /// The campaign is this process' own, after so long a wait.
    case locked(after: Duration)
    /// Answers that waited beside the ledger were taken in.
    case spillTaken(SpillRemarks)
    /// Answers wait beside the ledger; a sentence.
    case spillWaits(String)
    /// The ledger holds columns with codes and links that an earlier version enrolled.
    case secretColumns([String])
    /// The run is in the ledger.
    case began(RunStart, server: String)
    /// So much of the roster is enrolled by now, and so many more identities are due by it than before.
    case enrolling(EnrolmentCounts, newlyDue: Int)
    case enrolled(Enrolment)
    /// So many identities are looked up by now.
    case lookingUp(Verification)
    case lookedUp(Verification)
    /// The server was asked who has activated.
    case synced(SyncTally)
    /// Who gets another invitation, and who does not.
    case reissuing(ReissueTally)
    /// The limits hold the run up for so long at least that its first code expires before its last is issued.
    case outlastsValidity(least: Duration, validity: Duration)
    /// A batch was written.
    case handedOver(BatchOutputs.Written)
    /// An unfinished batch was undone: the codes of its members were purged before its file was there.
    case batchDropped(number: Int)
    /// So many invitations have lost their codes, as these have been expired for long.
    case purged(Int)
    /// Invitations that hold codes which were purged since are kept under that path.
    case invitationsKept(path: String)
    /// Something that happened while identities were worked on.
    case stage(StageEvent)
    /// Mails to users begin to go out through a relay; so many are in doubt, of processes that were lost.
    case deliveryBegan(relay: String, inDoubt: Int)
    /// So much is mailed by now.
    case delivering(DeliverTally)
    /// The relay would not take a mail for now: it is tried again from then on.
    case mailPutOff(IdentityID, DeliveryReply, due: Timestamp)
    /// Only mails are left that the relay has put off: the next is due then.
    case waitingForMails(until: Timestamp)
    /// Mailing has ended.
    case delivered(DeliverTally, ExitStatus, stop: String?)
    /// So much of the roster is planned by now.
    case planning(RosterPlan)
    /// How far the run is; some times a second while it issues.
    case progress(ProgressFigures)
    /// Somebody asked how far the run is; the figures of an issuing run were told just before.
    case progressAsked
    /// The server refused the credential, and another one was read; so often by now.
    case keyRenewed(times: Int)
    /// The first signal: what is on its way is awaited and recorded.
    case stopping(signal: String)
    /// Another signal: the process ends now.
    case stoppedAtOnce(signal: String)
    case unrecorded(Unrecorded)
    /// Some of the run's time series is not in the ledger; a sentence.
    case seriesIncomplete(String)
    /// Why the run stops, where the ledger cannot be told any more; a sentence.
    case stopUntold(Wording)
    /// The ledger's file was deleted or replaced; what it held is saved under that path.
    case ledgerRescued(path: String)
    case ledgerNotRescued(Wording)
    case ended(RunConclusion)
    /// The run has ended with an error; a sentence.
    case failed(ExitStatus, Problem)
}

/// The steps of a run, in their order.
package enum RunStep: Sendable {
    case readingRoster
    case openingLedger
    case enrolling
    case lookingUp
    case issuing
    case delivering
    case writingOutputs
}

/// Answers that the ledger did not take.
package enum Unrecorded: Hashable, Sendable {
    /// So many wait in that file for the next run.
    case spilled(Int, path: String)
    /// Why they could not be kept there; a sentence.
    case spillFailed(String)
    /// So many are lost: their identities are in doubt.
    case lost(Int)
}

/// How a run ended.
package struct RunConclusion: Sendable {
    package let status: ExitStatus
    /// The word for why it stopped early; nil where it did not.
    package let stop: String?
    /// What this run did.
    package let progress: RunProgress
    /// The whole campaign.
    package let counts: Counts

    package struct Counts: Hashable, Sendable {
        package var identities: Int
        package var issued: Int
        package var failed: Int
        package var pending: Int
        package var inDoubt: Int
        package var rejected: Int
    }
}

/// The subscribers of a run, and the way to tell them.
///
/// They are told in turn on the thread that something happens on, so nothing is queued and nothing is lost. A
/// subscriber therefore does not block: it stores, counts, or writes into a bounded buffer.
package struct RunEvents: Sendable {
    package typealias Subscriber = @Sendable (RunEvent) -> Void

    private let subscribers: [Subscriber]

    package init(_ subscribers: [Subscriber] = []) { self.subscribers = subscribers }

    /// The same with one more subscriber.
    package func adding(_ subscriber: @escaping Subscriber) -> RunEvents {
        RunEvents(subscribers + [subscriber])
    }

    package func emit(_ event: RunEvent) {
        for subscriber in subscribers { subscriber(event) }
    }
}
