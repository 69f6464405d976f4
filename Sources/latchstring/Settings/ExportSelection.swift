// What an export is of, checked: a table of some or all invitations, or a batch.

import ArgumentParser
import Exports
import Ledger
import Model

/// What `export` is to write.
enum ExportSelection {
    /// `invitations.csv`, of those that the filter lets pass.
    case table(InvitationFilter)
    /// A batch of whom nobody was handed before, or of reminders.
    case handOver(BatchOptions)
    /// A batch that is there.
    case batch(Int)

    init(_ settings: Settings, _ export: ExportSettings, isEncrypted: Bool, now: Timestamp) throws {
        let isNew = try settings[\.selection.new]
        let isReminder = try settings[\.selection.reminder]
        let number = try settings[\.selection.batch]
        let filter = try Self.filter(settings, now)
        let chosen = [isNew ? "--new" : nil, isReminder ? "--reminder" : nil, number.map { _ in "--batch" }]
            .compactMap(\.self)
        guard let first = chosen.first else {
            self = .table(filter)
            return
        }
        guard chosen.count == 1 else {
            throw ValidationError("\(chosen.joined(separator: " and ")): give one")
        }
        guard filter == .all else {
            throw ValidationError(
                "\(first) says who is in the batch: leave --only, --since and --generation out"
            )
        }
        guard !export.perUser else {
            throw ValidationError("--per-user and \(first): a batch is one file")
        }
        if let number {
            self = .batch(number)
            return
        }
        var options = BatchOptions(
            invitations: export.invitations,
            isEncrypted: isEncrypted,
            remainingMin: try settings[\.selection.minRemaining]
        )
        if isReminder { options.reminder = try Self.reminder(settings) }
        self = .handOver(options)
    }

    private static func reminder(_ settings: Settings) throws -> BatchOptions.Reminder {
        guard let olderThan = try settings[\.selection.olderThan] else {
            throw ValidationError("--reminder needs --older-than, such as 3d")
        }
        return BatchOptions.Reminder(olderThan: olderThan, max: try settings[\.selection.remindersMax])
    }

    private static func filter(_ settings: Settings, _ now: Timestamp) throws -> InvitationFilter {
        let state: InvitationFilter.State? =
            switch try settings[\.selection.only] {
            case .valid: .valid(at: now)
            case .expired: .expired(at: now)
            case .unused: .unused
            case .activated: .activated
            case .new: .new
            case nil: nil
            }
        return InvitationFilter(
            state: state,
            issuedSince: try settings[\.selection.since],
            generation: try settings[\.selection.generation]
        )
    }
}
