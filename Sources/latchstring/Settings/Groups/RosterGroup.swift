// The settings that say whom a campaign is for.

import ArgumentParser
import Foundation
import Roster
import Model

/// Whom the campaign is for.
struct RosterGroup: SettingGroup {
    static let heading = "Roster"

    let roster = Setting("roster", .path())
        .help(
            "A file with identity IDs (CSV, one ID a line, or Kratos' JSON), or - for standard input.",
            more: "Left out, run and plan take everybody in the campaign that --campaign names."
        )
        .example("people.csv").note("From standard input it has to be given with --campaign.")
        .with {
            $0.kind = .argument
            $0.placeholder = nil
        }

    let idColumn = Setting("id-column", .text("name"))
        .help(
            "Which column holds the identity ID.",
            more: "Else identity_id, identity or id, else the one column that holds UUIDs."
        )
        .example("user_id")

    let delimiter = Setting("delimiter", .parsed("one of , ; tab |", "c", Delimiter.init(argument:)))
        .help("What separates fields: , ; tab or |; else told from the first lines.").example("tab")
        .note("comma, semicolon and pipe are understood, too.")

    let withoutColumns = Setting(list: "without-columns", .columnNames)
        .help(
            """
            Columns to leave behind: they are not enrolled, and no output has them; may be given several \
            times.
            """,
            more: """
                Names in any case, separated by commas; of JSON with everything below them. Columns of an \
                earlier output that hold codes, links and expiries are always left behind, and so are the \
                own columns of a failures.csv.
                """
        )
        .example("pin,password")
}

extension SettingForm where Value == [String] {
    /// Names of a roster's columns.
    fileprivate static var columnNames: SettingForm {
        SettingForm(placeholder: "name,…") { text in
            let names = text.listByCommas
            guard !names.contains(where: { OwnColumns.folded($0).isEmpty }) else {
                throw text.isNot("a list of columns' names such as pin,password")
            }
            return names
        }
    }
}
