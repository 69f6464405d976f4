// What a run says of those who are in the campaign, and not in its roster.

import Campaign
import Ledger
import Exports

/// The line about identities that a run leaves out.
struct AbsentNote {
    /// How many are left out.
    let count: Int
    /// How many the run before had left out, as far as is known.
    let before: Int?
    let campaign: String

    /// Shown to the quiet, too, when it is news.
    func show(_ console: Console) {
        guard count > 0 else { return }
        if !console.isQuiet {
            console.note(sentence)
        } else if count != before {
            console.error(sentence)
        }
    }

    private var sentence: String {
        "\(Self.identities(count)) left out: not issued yet, and not in this roster (absent). "
            + "\(Self.advice(campaign))"
    }

    /// What a run says of a roster without a row, in one line.
    static func emptyRoster(_ path: String, _ summary: Summary) -> String {
        let roster = path == "-" ? "The roster from standard input" : "The roster \(path)"
        let sentence = "\(roster) is empty: nobody is asked for."
        guard summary.absent > 0 else { return sentence }
        return
            "\(sentence) \(identities(summary.absent)) left out: not issued yet, and not in this roster "
            + "(absent). "
            + advice(summary.campaign)
    }

    private static func identities(_ count: Int) -> String {
        count == 1 ? "1 identity is" : "\(count) identities are"
    }

    private static func advice(_ campaign: String) -> String {
        "To issue for them too: --absent issue, or latchstring run --campaign \(campaign) without a roster."
    }
}
