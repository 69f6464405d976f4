// Batches of invitations that are handed over together, as the ledger keeps them.

package import Model

/// What a batch is for; the raw values are the format of ledgers and of manifests.
package enum BatchKind: String, CaseIterable, Sendable {
    /// Invitations that nobody has been handed before.
    case new
    /// Invitations that were handed over before, for users who have not come yet.
    case reminder
}

/// How far a batch is; the raw values are the format of ledgers.
///
/// open → prepared → written; each of them → undoing → undone. One batch at most is open, prepared or
/// undoing.
package enum BatchState: String, CaseIterable, Sendable {
    /// Its members are being chosen.
    case open
    /// Its members are chosen; its file may be there, or not.
    case prepared
    /// Its file and its manifest were there.
    case written
    /// Its members are becoming new again.
    case undoing
    /// It has no members any more.
    case undone

    package var isUnfinished: Bool { self == .open || self == .prepared || self == .undoing }
}

/// Why an invitation that could be handed over is not in a batch; the raw values are the format of manifests.
package enum LeftOutReason: String, CaseIterable, Sendable {
    /// Its code was purged.
    case noCode = "no_code"
    case expired
    /// It is valid for less time than was asked for.
    case tooLittleTime = "too_little_time"
    /// Whoever has it has activated already.
    case activated
    /// The server has no such identity any more.
    case gone
    /// The identity is switched off on the server.
    case inactive
}

/// Who belongs into a batch of reminders.
package struct ReminderRule: Hashable, Sendable {
    /// Who was handed over, and reminded, at this time at the latest.
    package var handedOverBy: Timestamp
    /// Who was reminded less often than this in the generation.
    package var remindersMax: Int

    package init(handedOverBy: Timestamp, remindersMax: Int) {
        self.handedOverBy = handedOverBy
        self.remindersMax = remindersMax
    }
}

/// A batch as it begins.
package struct BatchStart: Hashable, Sendable {
    /// The time that its members are judged by, and that is in its name.
    package var at: Timestamp
    /// How long an invitation has to be valid from then on.
    package var remainingMin: Duration
    /// Nil for a batch of kind `new`.
    package var reminder: ReminderRule?
    /// The ending of its file's name: `csv`, `csv.age`.
    package var ending: String
    /// How its file is written: a JSON object.
    package var options: String

    package init(
        at time: Timestamp,
        remainingMin: Duration = .zero,
        reminder: ReminderRule? = nil,
        ending: String,
        options: String
    ) {
        at = time
        self.remainingMin = remainingMin
        self.reminder = reminder
        self.ending = ending
        self.options = options
    }
}

/// A batch.
package struct BatchRecord: Hashable, Sendable {
    /// Counts from 1, and is never given twice to batches with members.
    package var number: Int
    package var kind: BatchKind
    package var state: BatchState
    package var at: Timestamp
    package var ending: String
    /// How its file is written: a JSON object.
    package var options: String
    /// How many invitations are in it, or were before it was undone.
    package var rows: Int
    /// The generations of its members; nil while it has none.
    package var generations: ClosedRange<Int>?
    /// How many were left out, and why.
    package var leftOut: [LeftOutReason: Int]
    /// The file's, once its bytes are known; that may be before it has its name.
    package var sha256: [UInt8]?
    /// What else tells that its files are what was written; nil before that.
    package var files: BatchFiles?
    package var writtenAt: Timestamp?

    package init(
        number: Int,
        kind: BatchKind,
        state: BatchState,
        at time: Timestamp,
        ending: String,
        options: String,
        rows: Int = 0,
        generations: ClosedRange<Int>? = nil,
        leftOut: [LeftOutReason: Int] = [:],
        sha256: [UInt8]? = nil,
        files: BatchFiles? = nil,
        writtenAt: Timestamp? = nil
    ) {
        self.number = number
        self.kind = kind
        self.state = state
        at = time
        self.ending = ending
        self.options = options
        self.rows = rows
        self.generations = generations
        self.leftOut = leftOut
        self.sha256 = sha256
        self.files = files
        self.writtenAt = writtenAt
    }
}

extension BatchRecord {
    /// The part of the name that both of its files share: `000007-20261128T021500Z`.
    package var stem: String {
        let digits = String(number)
        let time = at.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
        return "\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)-\(time)Z"
    }

    package var fileName: String { "\(stem).\(ending)" }
    package var manifestName: String { "\(stem).manifest.json" }
}

/// A batch's files as they were written.
package struct BatchFiles: Hashable, Sendable {
    package var size: Int64
    package var modifiedNanoseconds: Int64
    package var manifestSHA256: [UInt8]

    package init(size: Int64, modifiedNanoseconds: Int64, manifestSHA256: [UInt8]) {
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.manifestSHA256 = manifestSHA256
    }
}

/// What a step of choosing a batch's members came to.
package enum BatchFilling: Hashable, Sendable {
    /// There are more to look at.
    case more
    case prepared
    /// Nobody belongs into it, and the batch is gone.
    case empty(leftOut: [LeftOutReason: Int])
}

/// Somebody who is not in a batch.
package struct LeftOutRecord: Hashable, Sendable {
    package let identityID: IdentityID
    package let generation: Int
    package let reason: LeftOutReason

    package init(identityID: IdentityID, generation: Int, reason: LeftOutReason) {
        self.identityID = identityID
        self.generation = generation
        self.reason = reason
    }
}
