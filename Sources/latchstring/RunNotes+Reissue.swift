// What a run says of the invitations that it issues anew.

import Campaign
import Ledger
import Model

extension ReissueTally {
    /// Who gets another invitation and who does not, a sentence each.
    var lines: [String] {
        var lines: [String] = []
        if let begunBefore {
            lines.append("note: the reissue that began at \(begunBefore.rfc3339) goes on")
        }
        if unknownIDs + rejectedRows > 0 {
            let ids = unknownIDs == 1 ? "1 ID" : "\(unknownIDs.grouped) IDs"
            let rows = rejectedRows == 1 ? "1 row" : "\(rejectedRows.grouped) rows"
            lines.append(
                "note: the list has \(ids) of no identity in this campaign, and \(rows) without an ID: "
                    + "nothing is issued for them"
            )
        }
        if prepared > 0 { lines.append("To be issued anew: \(prepared.grouped)") }
        if givenUp > 0 {
            lines.append(
                "note: \(Self.identities(givenUp)) had as many invitations as --reissue-max allows: nothing "
                    + "more is issued (not_activated in failures.csv)"
            )
        }
        if let gone = left[.gone] {
            lines.append("note: \(Self.identities(gone)) left out: the server has them no more")
        }
        if let inactive = left[.inactive] {
            lines.append("note: \(Self.identities(inactive)) left out: switched off on the server")
        }
        let untold = (left[.unknown] ?? 0) + unasked
        if untold > 0 {
            lines.append(
                "note: \(Self.identities(untold)) left out: the server does not tell whether they have "
                    + "activated (--without-sync issues for them all the same)"
            )
        }
        return lines
    }

    private static func identities(_ count: Int) -> String {
        count == 1 ? "1 identity" : "\(count.grouped) identities"
    }
}
