// The settings of batches: what is handed over, and what is exported.

import Exports
import Foundation
import Model

/// Which invitations an export is of.
struct SelectionGroup: SettingGroup {
    static let heading = "Selection"

    let new = Setting(switch: "new")
        .help(
            "Write a batch: whom nobody was handed before, in handover/, with a manifest.",
            more: """
                Each invitation is handed over once in its generation. A batch that was cut short is \
                written first, with the same name and members.
                """
        )
        .only(on: [.flag])

    let reminder = Setting(switch: "reminder")
        .help("Write a batch of reminders: who was handed over before --older-than, and has a valid code.")
        .only(on: [.flag])

    let batch = Setting("batch", .whole(1...Int(Int32.max)))
        .help("Write a batch again, as it was; mends files that are gone or were changed.")
        .example("7").only(on: [.flag])

    let minRemaining = HandOverGroup().minRemaining

    let olderThan = Setting("older-than", .duration("a duration such as 36h or 3d"), otherwise: "required")
        .help("With --reminder: how long ago the hand-over, and the reminder before, have to be.")
        .example("3d")

    let remindersMax = Setting("reminders-max", .whole(1...100), default: "2")
        .help("With --reminder: the most reminders for one invitation.")

    let only = Setting("only", .choice(of: Selection.self))
        .help(
            "Export those alone that are valid, expired, unused, activated, or new (not handed over).",
            more: "Who is unused or has activated is as latchstring sync has learnt it."
        )
        .example("valid").only(on: [.flag])

    let since = Setting("since", .time).help("Export those alone that were issued at that time or later.")
        .example("2026-11-28T02:15:00Z").only(on: [.flag])

    let generation = Setting("generation", .whole(1...Int(Int32.max)))
        .help("Export those alone that are the first, second, … invitation of their identity.")
        .example("1").only(on: [.flag])

    /// What `--only` says.
    enum Selection: String, CaseIterable, Sendable {
        case valid, expired, unused, activated, new
    }
}

/// What a run hands over.
struct HandOverGroup: SettingGroup {
    static let heading = "Hand-over"

    let handOver = Setting(switch: "hand-over")
        .help("Write a batch at the end, as latchstring export --new does: whom nobody was handed before.")
        .note("A sealed campaign, or one with --encrypt-to, is handed over by export --new; a line says how.")

    let minRemaining = Setting(
        "min-remaining",
        .duration("a duration such as 30m or 2h") { $0 >= .zero },
        default: "0s"
    )
    .help("Leave those out of a batch whose codes are valid for less time; the manifest lists them.")
    .example("2h")
}

/// What is done about batches that are there.
struct BatchesGroup: SettingGroup {
    static let heading = "Batches"

    let undo = Setting("undo", .whole(1...Int(Int32.max)))
        .help("Let the members of a batch be new again; its files are removed.").example("7")
        .only(on: [.flag])
}

extension SettingForm where Value == Timestamp {
    /// A time in RFC 3339, or the beginning of a day in UTC.
    static var time: SettingForm {
        .parsed("a time such as 2026-11-28T02:15:00Z, or a date", "time") { text in
            Timestamp(rfc3339: text) ?? Timestamp(rfc3339: "\(text)T00:00:00Z")
        }
    }
}

extension SettingForm where Value == TimeZone {
    static var timeZone: SettingForm {
        .parsed("a time zone such as UTC or Europe/Berlin", "zone", TimeFormat.zone(named:))
    }
}

extension SettingForm where Value == String {
    /// A form of times.
    static var timeFormat: SettingForm {
        .parsed("rfc3339, unix, or a pattern such as \"%d.%m.%Y %H:%M\"", "form") { text in
            TimeFormat(text) == nil ? nil : text
        }
    }
}
