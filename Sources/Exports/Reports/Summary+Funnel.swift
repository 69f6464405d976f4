// How far the invitations have come, for people.

import Ledger
import Model

extension Summary {
    /// One line for each count that there is something to say of.
    var funnelInWords: [String] {
        var lines = [line("valid", "\(funnel.valid)")]
        if funnel.activated > 0 { lines.append(line("activated", "\(funnel.activated)")) }
        if funnel.expired > 0 { lines.append(line("expired", "\(funnel.expired)")) }
        if funnel.givenUp > 0 {
            lines.append(
                line("given up", "\(funnel.givenUp) of them, after as many invitations as they may get")
            )
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
            ("given up", funnel.givenUp, "got as many invitations as they may, and have not activated"),
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
}

extension String {
    /// With blanks behind it, or before it where the width is negative.
    fileprivate func padded(to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - utf8.count))
        return width < 0 ? blanks + self : self + blanks
    }
}
