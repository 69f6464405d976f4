// Mails to users, as they go into the ledger and come out of it.

package import Model

/// The number of one process' deliveries in its ledger; higher is later.
package struct DeliveryRunID: Hashable, Sendable {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// What is known of an invitation's mail; an invitation that was not tried has no state.
package enum DeliveryState: String, CaseIterable, Sendable {
    case claimed
    /// The relay has taken it over.
    case sent
    /// It may have been sent: its final reply is not known, or its run was lost.
    case inDoubt = "in_doubt"
    /// The relay would not take it for now: due again.
    case later
    /// The relay has not got it, and it is not tried again by itself.
    case failed
    /// Nobody could be written to: tried again by the next run.
    case leftOut = "left_out"
}

/// Why a mail failed or was left out; the raw values are part of the format of ledgers and reports.
package struct DeliveryReason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }

    /// The relay will never take it.
    package static let refused = DeliveryReason(rawValue: "refused")
    /// This relay cannot send it: the address needs what it does not speak, or the mail is too large.
    package static let unsendable = DeliveryReason(rawValue: "unsendable")
    /// The relay put it off for longer than it may be tried.
    package static let gaveUp = DeliveryReason(rawValue: "gave_up")
    /// Its code expired, or would expire too soon, before a relay took it.
    package static let expired = DeliveryReason(rawValue: "expired")
    /// Its code was purged before a relay took it.
    package static let noCode = DeliveryReason(rawValue: "no_code")
    /// Whoever it is for has activated, or may not log in any more.
    package static let notWanted = DeliveryReason(rawValue: "not_wanted")
    /// Its identity got another invitation before a relay took it.
    package static let superseded = DeliveryReason(rawValue: "superseded")

    // Left out:
    package static let noAddress = DeliveryReason(rawValue: "no_address")
    package static let impossibleAddress = DeliveryReason(rawValue: "impossible_address")
    /// The operator's list says that nothing is to go there.
    package static let suppressed = DeliveryReason(rawValue: "suppressed")
    /// A value is missing that the mail's text needs.
    package static let missingValue = DeliveryReason(rawValue: "missing_value")
}

/// A relay's reply, as the ledger keeps it.
package struct DeliveryReply: Hashable, Sendable {
    /// Three digits; nil where there was no reply.
    package var code: Int?
    /// As in `5.1.1`.
    package var enhanced: String?
    /// One line; it may hold the address.
    package var text: String
    /// The relay's own name of the mail.
    package var queueID: String?

    package init(code: Int? = nil, enhanced: String? = nil, text: String, queueID: String? = nil) {
        self.code = code
        self.enhanced = enhanced
        self.text = text
        self.queueID = queueID
    }

    /// Bounds what the ledger keeps of a text.
    package static let textBytesMax = 500
}

/// What a process says of its deliveries as it begins.
package struct DeliveryStart: Sendable {
    package var startedAt: Timestamp
    /// Whose process it is, for people.
    package var process: String
    package var version: String
    /// The relay, for people; without user name and password.
    package var relay: String
    /// How long after a commit or a renewal others must not take it for lost.
    package var lease: Duration
    /// Whether it has the campaign to itself, as the lock of its folder tells: all others are lost then, and
    /// those whose lease is over otherwise.
    package var isAlone: Bool

    package init(
        startedAt: Timestamp,
        process: String,
        version: String,
        relay: String,
        lease: Duration = .seconds(60),
        isAlone: Bool = true
    ) {
        self.startedAt = startedAt
        self.process = process
        self.version = version
        self.relay = relay
        self.lease = lease
        self.isAlone = isAlone
    }
}

/// A process' deliveries, as they have begun.
package struct DeliveryBeginning: Sendable {
    package let run: DeliveryRunID
    /// How many mails of lost runs are in doubt from now on.
    package let inDoubt: Int
    /// What the Message-IDs of the campaign's mails are made from, 32 bytes: the same for every run.
    package let key: Secret<[UInt8]>

    package init(run: DeliveryRunID, inDoubt: Int, key: Secret<[UInt8]>) {
        self.run = run
        self.inDoubt = inDoubt
        self.key = key
    }
}

/// Who is to get a mail now.
package struct DeliveryScope: Hashable, Sendable {
    /// How long an invitation has to be valid still.
    package var remainingMin: Duration
    /// Whether mails are sent again that may have been sent.
    package var resendsInDoubt: Bool
    /// Whether mails are tried again that have failed.
    package var retriesFailed: Bool

    package init(
        remainingMin: Duration = .zero,
        resendsInDoubt: Bool = true,
        retriesFailed: Bool = false
    ) {
        self.remainingMin = remainingMin
        self.resendsInDoubt = resendsInDoubt
        self.retriesFailed = retriesFailed
    }
}

/// An invitation that is to be mailed by the run that has claimed it.
package struct DeliveryClaim: Sendable {
    /// Its `attempts` are mails that were begun; `wasInDoubt` says that one of them may have been sent.
    package let claim: Claim
    /// The invitation and its columns.
    package let row: InvitationRow
    /// How often the relay has put it off.
    package let timesPutOff: Int
    /// When it was claimed for the first time.
    package let firstAt: Timestamp

    package init(claim: Claim, row: InvitationRow, timesPutOff: Int, firstAt: Timestamp) {
        self.claim = claim
        self.row = row
        self.timesPutOff = timesPutOff
        self.firstAt = firstAt
    }
}

/// What claiming has come to.
package struct DeliveryClaims: Sendable {
    package var claims: [DeliveryClaim] = []
    /// The last new invitation that was looked at.
    package var last: Int64
    /// Whether there are more of them to look at.
    package var hasMore = false
    /// New invitations that were passed by, and why.
    package var leftOut: [LeftOutReason: Int] = [:]

    package init(last: Int64) { self.last = last }
}

/// What became of one claim.
package struct DeliveryResult: Sendable {
    package enum Outcome: Sendable {
        case sent(DeliveryReply)
        /// Tried again from then on.
        case later(DeliveryReply, due: Timestamp)
        /// It may have been sent; sent again from then on, where that is wanted.
        case inDoubt(DeliveryReply, due: Timestamp)
        case failed(DeliveryReason, DeliveryReply)
        case leftOut(DeliveryReason, String)
        /// Stays claimed, to be tried again in this run.
        case tryingAgain(DeliveryReply)
        /// As before it was claimed, but for what is in doubt since.
        case dueAgain
    }

    package var claim: Claim
    package var outcome: Outcome
    /// Whether the attempt may have sent the mail, and no reply tells.
    package var mayBeSent: Bool
    /// Where the mail was to go; nil where that is not known.
    package var address: String?

    package init(claim: Claim, outcome: Outcome, mayBeSent: Bool = false, address: String? = nil) {
        self.claim = claim
        self.outcome = outcome
        self.mayBeSent = mayBeSent
        self.address = address
    }
}

/// How the mails of a campaign stand.
package struct DeliveryCounts: Hashable, Sendable {
    /// Invitations that were mailed, earlier ones of an identity among them.
    package var sent = 0
    // Of current invitations:
    package var claimed = 0
    package var inDoubt = 0
    package var later = 0
    package var failed = 0
    package var leftOut = 0
    /// Current invitations that nobody was handed, neither by mail nor in a batch.
    package var notHandedOver = 0
    /// How many failed or are put off, by the relay's code and enhanced code, as in `550 5.1.1`, or by the
    /// reason where the relay has said nothing.
    package var failures: [String: Int] = [:]
    /// How many were left out, by reason.
    package var reasons: [String: Int] = [:]
    /// Mails that may have been sent twice: sent again after they were in doubt.
    package var sentAgain = 0
    /// When the next one is due that was put off; nil where none is.
    package var nextDue: Timestamp?

    package init() {}

    /// Whether nothing was ever mailed in the campaign.
    package var isEmpty: Bool { sent + claimed + inDoubt + later + failed + leftOut == 0 }
}

/// The mail of one invitation, for reports.
package struct DeliveryRow: Sendable {
    package let identityID: IdentityID
    package let generation: Int
    /// Where the latest mail was to go; empty where that was not noted.
    package let address: String
    package let state: DeliveryState
    /// Why it failed or was left out.
    package let reason: DeliveryReason?
    package let reply: DeliveryReply
    /// Mails that were begun, and those of them that may have been sent without a reply.
    package let attempts: Int
    package let doubts: Int
    package let at: Timestamp

    package init(
        identityID: IdentityID,
        generation: Int,
        address: String,
        state: DeliveryState,
        reason: DeliveryReason?,
        reply: DeliveryReply,
        attempts: Int,
        doubts: Int,
        at time: Timestamp
    ) {
        self.identityID = identityID
        self.generation = generation
        self.address = address
        self.state = state
        self.reason = reason
        self.reply = reply
        self.attempts = attempts
        self.doubts = doubts
        at = time
    }
}
