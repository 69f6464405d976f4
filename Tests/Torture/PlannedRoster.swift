// A roster as text, with rows that are none and rows that come twice, at every length that it has in a round.

import IdentitySimulator
package import Model

/// The identities of a round, those that the server does not know, and the rows between them.
package struct PlannedRoster: Hashable, Sendable {
    package let seed: UInt64
    /// How many identities it holds in the end.
    package let count: Int
    /// The positions of identities that the server does not know.
    package let unknown: Set<Int>
    /// The positions after which a row comes that is none.
    package let rejectedAfter: Set<Int>
    /// The positions after which an identity comes once more.
    package let doubledAfter: Set<Int>

    package init(
        seed: UInt64,
        count: Int,
        unknown: Set<Int>,
        rejectedAfter: Set<Int>,
        doubledAfter: Set<Int>
    ) {
        self.seed = seed
        self.count = count
        self.unknown = unknown
        self.rejectedAfter = rejectedAfter
        self.doubledAfter = doubledAfter
    }

    package var identities: [IdentityID] { Array(MadeUpIdentities(count: count, seed: seed)) }

    /// Those that the server knows.
    package var known: [IdentityID] {
        identities.enumerated().filter { !unknown.contains($0.offset) }.map(\.element)
    }

    /// What stands beside an identity's ID.
    package static func email(at position: Int) -> String { "user\(position)@example.org" }

    /// How many rows of each kind there are while it holds so many identities.
    package func rows(holding identities: Int) -> (read: Int, duplicates: Int, rejected: Int) {
        let duplicates = doubledAfter.count { $0 < identities }
        let rejected = rejectedAfter.count { $0 < identities }
        return (identities + duplicates + rejected, duplicates, rejected)
    }

    /// The file while it holds so many identities; it only ever grows at its end.
    package func text(holding identities: Int) -> String {
        let all = MadeUpIdentities(count: count, seed: seed)
        var text = "identity_id,email\n"
        for position in 0..<identities {
            text += "\(all[position].text),\(Self.email(at: position))\n"
            if rejectedAfter.contains(position) { text += "no-id-\(position),nobody@example.org\n" }
            if doubledAfter.contains(position) { text += "\(all[position / 2].text),again@example.org\n" }
        }
        return text
    }
}
