// How a batch's file is written, as the ledger and the manifest have it.

import Files
import Foundation
package import Ledger
package import Model

/// The options of a batch: written again, it comes out the same.
package struct BatchOptions: Hashable, Sendable {
    package var invitations: InvitationOptions
    /// Whether a program encrypts the file.
    package var isEncrypted: Bool
    /// How long an invitation had to be valid.
    package var remainingMin: Duration
    /// Of reminders: how long ago the last hand-over had to be, and how many reminders there may be.
    package var reminder: Reminder?

    package struct Reminder: Hashable, Sendable {
        package var olderThan: Duration
        package var max: Int

        package init(olderThan: Duration, max: Int) {
            self.olderThan = olderThan
            self.max = max
        }
    }

    package init(
        invitations: InvitationOptions,
        isEncrypted: Bool = false,
        remainingMin: Duration = .zero,
        reminder: Reminder? = nil
    ) {
        self.invitations = invitations
        self.isEncrypted = isEncrypted
        self.remainingMin = remainingMin
        self.reminder = reminder
    }
}

extension BatchOptions {
    /// The batch that begins with them.
    package func start(at time: Timestamp) -> BatchStart {
        BatchStart(
            at: time,
            remainingMin: remainingMin,
            reminder: reminder.map {
                ReminderRule(handedOverBy: time.advanced(by: .zero - $0.olderThan), remindersMax: $0.max)
            },
            ending: isEncrypted ? "csv.age" : "csv",
            options: JSONWriter.line(.object(members))
        )
    }

    private var members: JSONMembers {
        var members: JSONMembers = [
            ("format", .text("csv")),
            ("encrypted", .flag(isEncrypted)),
            ("csv_formulas", .text(invitations.formulas.rawValue)),
            ("link_base", .optional(invitations.linkBase?.text)),
            ("time_format", .text(invitations.times.text)),
            ("time_zone", .text(invitations.times.zoneName)),
            ("min_remaining_seconds", .number(Int(remainingMin.components.seconds))),
        ]
        if let reminder {
            members.append(("older_than_seconds", .number(Int(reminder.olderThan.components.seconds))))
            members.append(("reminders_max", .number(reminder.max)))
        }
        return members
    }

    private struct Stored: Decodable {
        let format: String
        let encrypted: Bool
        let csv_formulas: String
        let link_base: String?
        let time_format: String
        let time_zone: String
        let min_remaining_seconds: Int?
    }

    /// How long an invitation had to be valid for a batch that is in the ledger.
    static func remainingMin(of batch: BatchRecord) -> Duration {
        let stored = try? JSONDecoder().decode(Stored.self, from: Data(batch.options.utf8))
        return .seconds(stored?.min_remaining_seconds ?? 0)
    }

    /// The options of a batch that is in the ledger.
    ///
    /// - Throws: `BatchError` where they are a later version's, or the system lacks the time zone.
    static func ofFile(_ batch: BatchRecord) throws(BatchError) -> (InvitationOptions, isEncrypted: Bool) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(batch.options.utf8)),
            stored.format == "csv", let formulas = FormulaTreatment(rawValue: stored.csv_formulas),
            let zone = TimeFormat.zone(named: stored.time_zone),
            let times = TimeFormat(stored.time_format, zone: zone)
        else { throw BatchError(.unknownOptions, batch.number) }
        let base = stored.link_base.flatMap(LinkBase.init)
        guard (base == nil) == (stored.link_base == nil) else {
            throw BatchError(.unknownOptions, batch.number)
        }
        return (InvitationOptions(formulas: formulas, linkBase: base, times: times), stored.encrypted)
    }
}
