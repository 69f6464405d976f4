// The settings that say whose invitations are issued anew.

import Model

/// Whose invitations are issued anew, and how often.
struct ReissueGroup: SettingGroup {
    static let heading = "Reissue"

    let reissue = Setting("reissue", .reissue)
        .help(
            """
            Issue anew for whom the invitation has expired, expires within a duration (expiring:6h), for \
            all, or for the IDs in a file; never for anybody who has activated.
            """,
            more: """
                The server is asked first who has activated. The invitation before stays the current one \
                until the new one is recorded, and stays in the ledger afterwards. A run with a roster \
                issues anew \
                for that roster alone. A file that is called as one of those words is given as ./expired.
                """
        )
        .example("expired")

    let reissueMax = Setting("reissue-max", .whole(1...1000), default: "3")
        .help(
            "Issue anew so often for one identity; after that it is in failures.csv as not_activated."
        )

    let syncedWithin = Setting(
        "synced-within",
        .duration("a duration such as 10m or 1h") { $0 >= .zero },
        default: "1h"
    )
    .help("Do not ask again about whom the server was asked within that time.")

    let withoutSync = Setting(switch: "without-sync")
        .help(
            """
            Issue anew without asking the server who has activated: for servers that cannot tell. Who is \
            known to have activated still gets nothing.
            """
        )
}

/// What `--reissue` says.
enum ReissueChoice: Hashable, Sendable {
    /// Those that expire within that time; zero for those that have expired.
    case expiring(Duration)
    case all
    /// A file of IDs, or `-`.
    case listed(String)
}

extension SettingForm where Value == ReissueChoice {
    static var reissue: SettingForm {
        SettingForm(placeholder: "expired|expiring:duration|all|file", isPath: true) { text in
            switch text.text {
            case "expired": return .expiring(.zero)
            case "all": return .all
            case let word where word == "expiring" || word.hasPrefix("expiring:"):
                guard let time = Duration(argument: String(word.dropFirst("expiring:".count))), time > .zero
                else { throw text.isNot("expiring with a duration, such as expiring:6h") }
                return .expiring(time)
            case let path where path.hasSuffix("/"):
                throw text.isNot("expired, expiring:6h, all, or a file of IDs")
            default: return .listed(text.text)
            }
        }
    }
}
