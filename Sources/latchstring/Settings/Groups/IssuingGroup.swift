// The settings that say what is asked for, for whom, and at which pace.

import ArgumentParser
import Foundation
import Providers
import Exports
import Model

/// What is asked for, for whom, and at which pace.
struct IssuingGroup: SettingGroup {
    static let heading = "Issuing"

    let method = Setting("method", .choice(of: RecoveryMethod.self), default: "code")
        .help("Recover by code, or by link.")
        .note("A code is typed on a page of the server. A link opens the account by itself.")

    let expiresIn = Setting(
        "expires-in",
        .duration("a duration of whole seconds such as 90s, 12h or 7d") {
            $0 >= .seconds(1) && $0.inMilliseconds % 1000 == 0
        },
        default: "24h"
    )
    .help("The validity to ask for: 90s, 12h, 7d.").note("Units can be put together: 1h30m.")

    let flowType = Setting("flow-type", .choice(of: FlowType.self))
        .help("The kind of flow that a code is for; not sent unless given, as old servers refuse it.")
        .note("Servers before v1.2 do not know it, and Connhex never gets it.")

    let returnTo = Setting(
        "return-to",
        .parsed("an absolute URL such as https://example.com/welcome", "url") { text in
            let scheme = URLComponents(string: text)?.scheme?.lowercased() ?? "javascript"
            return ["javascript", "data", "vbscript"].contains(scheme) ? nil : text
        }
    )
    .help("Where users go afterwards; the server has to allow it (selfservice.allowed_return_urls).")
    .example("https://example.com/welcome")

    let rate = Setting(list: "rate", .each(.rate), otherwise: "none; for ory-network its plan's")
        .help("At most so many requests: 8/s, 175/m, 10000/h; may be given several times, all hold at once.")
        .example("8/s").note("They hold across runs, too.")

    let burst = Setting("burst", .whole(1...Rate.countMax), default: "1")
        .help("Requests that may go out at once in the shortest window, instead of evenly spaced.")

    let share = Setting(
        "share",
        .parsed("a part of 1 such as 0.5, at least 0.01", "0.01-1") { text in
            Double(text).flatMap { (0.01...1).contains($0) ? $0 : nil }
        },
        default: "1"
    )
    .help(
        """
        The part of every limit, given or announced by the server, that is this run's: 0.5 leaves half \
        to others.
        """
    )

    let maxIdentities = Setting("max-identities", .whole(1...Int(Int32.max)))
        .help("Issue for the first n that are due, then stop: a canary.").example("10")

    let absent = Setting("absent", .choice(of: AbsentIdentities.self), default: "skip")
        .help(
            "Identities of the campaign that are not in this roster: leave them out, or issue for them too."
        )

    let retryFailed = Setting(switch: "retry-failed").help("Take up again what failed permanently before.")

    let verify = Setting(switch: "verify")
        .help(
            """
            Look identities up before anything is issued: unknown and inactive ones fail at once, and cost \
            no issuing request.
            """
        )

    let columns = Setting(list: "columns", .lookedUpColumns)
        .help(
            """
            Add columns from the server's identities to the exports: \
            email=traits.email,name=traits.name.first.
            """,
            more: "Implies --verify."
        )
        .example("email=traits.email")

    let readRate = Setting(list: "read-rate", .each(.rate), otherwise: "none; for ory-network its plan's")
        .help("At most so many look-ups, 500 identities each: 1/s, 25/m.").example("1/s")
}

/// What becomes of identities of the campaign that are not in the roster in hand.
enum AbsentIdentities: String, CaseIterable, Sendable {
    case skip, issue
}

extension SettingForm where Value == [LookedUpColumn] {
    /// Columns' names and paths, no name twice.
    fileprivate static var lookedUpColumns: SettingForm {
        SettingForm(placeholder: "name=path,…") { text in
            var names: Set<String> = []
            return try text.listByCommas.map { part in
                guard let column = LookedUpColumn(argument: part) else {
                    throw text.part(part).isNot("a column's name and its path, such as email=traits.email")
                }
                guard !InvitationTable.ownColumns.contains(column.name) else {
                    throw ValidationError(
                        "\(text.origin): invitations have \(column.name) as a column of its own: name it "
                            + "otherwise"
                    )
                }
                guard names.insert(column.name).inserted else {
                    throw ValidationError("\(text.origin): the column \(column.name) is named twice")
                }
                return column
            }
        }
    }
}
