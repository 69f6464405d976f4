// How far the invitations have come, for people.

import Ledger
import Model

extension Summary {
    /// One line for each count that there is something to say of.
    var funnelInWords: [String] {
        var lines = [line("valid", "\(funnel.valid)")]
        if funnel.activated > 0 { lines.append(line("activated", "\(funnel.activated)")) }
        if funnel.expired > 0 {
            let givenUp = funnel.givenUp > 0 ? ", of whom \(funnel.givenUp) are given up" : ""
            lines.append(line("expired", "\(funnel.expired)\(givenUp)"))
        }
        // Whoever is asked for anew has an invitation, and is pending or failed besides.
        let earlier = funnel.invited - issued
        if earlier > 0 { lines.append(line("asked anew", "\(earlier) of them, not done yet")) }
        return lines
    }

    /// The counts with their shares of all identities.
    var funnelTable: [String] {
        let rows: [(name: String, count: Int, remark: String?)] = [
            ("identities", identities, nil),
            ("handed over", funnel.handedOver, nil),
            ("valid", funnel.valid, nil),
            ("activated", funnel.activated, activationTimeInWords),
            ("expired", funnel.expired, nil),
            ("redeemed", funnel.redeemed, "of the valid and expired: came in, and set no credential since"),
            ("reissued", funnel.reissued, "have not their first invitation"),
            ("given up", funnel.givenUp, "of the expired: got as many invitations as they may"),
        ]
        let width = String(identities).utf8.count
        return rows.map { row in
            let count = String(row.count)
            let cells = "  \(row.name.padded(to: 12))\(count.padded(to: -width))  \(share(row.count))"
            let remark = row.count > 0 ? row.remark : nil
            return cells + (remark.map { "  \($0)" } ?? "")
        }
    }

    private var activationTimeInWords: String? {
        funnel.activationTime.map {
            "half of them within \($0.median.inWords), 90% within \($0.ninetyPercent.inWords)"
        }
    }

    /// In a hundred of all identities, with one digit, rounded down so that 100 means all.
    private func share(_ count: Int) -> String {
        guard identities > 0 else { return "".padded(to: -6) }
        let tenths = count * 1000 / identities
        return "\(tenths / 10).\(tenths % 10)%".padded(to: -6)
    }

    /// The invitations in one clause: `600 are valid, 300 have activated, 71 have expired`.
    package var invitationsInWords: String {
        let counts: [(Int, one: String, many: String)] = [
            (funnel.valid, "is valid", "are valid"),
            (funnel.activated, "has activated", "have activated"),
            (funnel.expired, "has expired", "have expired"),
        ]
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.one : $0.many)" }
            .joined(separator: ", ")
    }
}

extension String {
    /// With blanks behind it, or before it where the width is negative.
    fileprivate func padded(to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - utf8.count))
        return width < 0 ? blanks + self : self + blanks
    }
}
