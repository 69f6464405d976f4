// What mailing is told, what it takes from outside, and what it comes to.

package import Delivery
package import Exports
package import Files
package import Ledger
package import Model
package import Pacing
package import Sealing
package import Work

/// Which invitations are mailed, and how.
package struct DeliverRequest: Sendable {
    package var folder: CampaignFolder
    /// The relay, for people; without user name and password.
    package var relay: String
    package var scope = DeliveryScope()
    package var rates: [Rate] = []
    package var connections = 4
    package var attemptsMax = 5
    package var maxMails: Int?
    package var maxFailures: FailureBound?
    package var maxDuration: Duration?
    /// How long an outage of the relay may last.
    package var giveUpAfter: Duration?
    /// When mails are tried again that the relay has put off.
    package var putOff = PutOffRule(giveUpAfter: .seconds(86_400))
    /// How long to wait for the next of them where nothing else is left to do.
    package var waitForPutOff: Duration = .zero
    package var columns = Columns()
    package var linkBase: LinkBase?
    package var formulas = FormulaTreatment.keep
    package var waitForLock: Duration?
    /// Opens a campaign that is sealed.
    package var key: PrivateKey?

    /// Columns that hold what a mail needs; nil where they are told by their names.
    package struct Columns: Sendable {
        package var address: String?
        package var name: String?
        package var locale: String?

        package init() {}
    }

    package init(folder: CampaignFolder, relay: String) {
        self.folder = folder
        self.relay = relay
    }
}

/// The world outside of mailing.
package struct DeliverContext: Sendable {
    package var time: TimeSource
    /// Whose process this is, for people.
    package var process: String
    package var version: String
    /// Makes what renders mails, for a campaign with columns of these names.
    package var writer: @Sendable (_ columns: [String]) throws -> any LetterWriting
    package var relay: @Sendable () async throws -> any MailRelay
    /// Whether nothing is to go to an address; on one thread at a time.
    package var isSuppressed: @Sendable (_ address: String) throws -> Bool
    /// Asks whether so many mails are to be sent; throws where not.
    package var confirm: @Sendable (DeliverableCount) throws -> Void
    /// From now on signals are caught.
    package var signals: @Sendable () async -> AsyncStream<RunSignal>
    /// Ends the process, for a second signal.
    package var exitNow: @Sendable (ExitStatus) -> Void
    package var random: @Sendable () -> any RandomNumberGenerator & Sendable
    package var events: RunEvents

    package init(
        time: TimeSource,
        process: String,
        version: String,
        writer: @escaping @Sendable (_ columns: [String]) throws -> any LetterWriting,
        relay: @escaping @Sendable () async throws -> any MailRelay,
        isSuppressed: @escaping @Sendable (_ address: String) throws -> Bool = { _ in false },
        confirm: @escaping @Sendable (DeliverableCount) throws -> Void,
        signals: @escaping @Sendable () async -> AsyncStream<RunSignal>,
        exitNow: @escaping @Sendable (ExitStatus) -> Void,
        random: @escaping @Sendable () -> any RandomNumberGenerator & Sendable = {
            SystemRandomNumberGenerator()
        },
        events: RunEvents
    ) {
        self.time = time
        self.process = process
        self.version = version
        self.writer = writer
        self.relay = relay
        self.isSuppressed = isSuppressed
        self.confirm = confirm
        self.signals = signals
        self.exitNow = exitNow
        self.random = random
        self.events = events
    }
}

/// What mailing came to.
package struct DeliverResult: Sendable {
    package let campaign: String
    package let relay: String
    package let tally: DeliverTally
    package let requests: Int
    /// How the campaign's mails stand by now.
    package let counts: DeliveryCounts
    /// Nil where everything was tried that was due.
    package let stop: StopReason?
    /// `deliveries.csv`; nil where nothing was ever mailed.
    package let deliveries: CampaignOutputs.File?
    package let summary: CampaignOutputs.File?
    /// Why outputs could not be written; nil where they were.
    package let unwritten: Problem?
    /// Whether what is in doubt is sent again by the next run.
    package let resendsInDoubt: Bool
    package let finishedAt: Timestamp

    package var status: ExitStatus {
        if let stop, ExitStatus(stop) != .done { return ExitStatus(stop) }
        if unwritten != nil { return .error }
        let waits = counts.later + (resendsInDoubt ? counts.inDoubt : 0)
        if waits > 0 { return .stoppedEarly }
        let isVain: (LeftOutReason) -> Bool = { [.expired, .noCode, .tooLittleTime].contains($0) }
        let vain = tally.passedBy.filter { isVain($0.key) }.values.reduce(0, +)
        return counts.failed + counts.leftOut + counts.inDoubt + vain > 0 ? .withFailures : .done
    }
}
