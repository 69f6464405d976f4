// An output file of rows, as any other program would read it.

import TestSupport

/// A CSV file that is whole.
package struct OutputTable: Hashable, Sendable {
    package let header: [String]
    package let rows: [[String: String]]

    /// Reads the text of a file; nil where it is not whole: a line without its end, an open quote, rows of
    /// other lengths.
    package init?(_ text: String) {
        let quotes = text.utf8.count { $0 == UInt8(ascii: "\"") }
        guard text.hasSuffix("\n"), quotes.isMultiple(of: 2) else { return nil }
        let lines = readCSV(text)
        guard let header = lines.first, lines.allSatisfy({ $0.count == header.count }) else { return nil }
        self.header = header
        rows = lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
    }
}

/// One line of `invitations.csv`.
package struct InvitationLine: Hashable, Sendable {
    package var identity: String
    package var code: String
    package var link: String
    package var expiresAt: String
    package var email: String
    /// Counted from 1 for each identity.
    package var generation: Int

    package init(
        identity: String,
        code: String,
        link: String,
        expiresAt: String,
        email: String,
        generation: Int = 1
    ) {
        self.identity = identity
        self.code = code
        self.link = link
        self.expiresAt = expiresAt
        self.email = email
        self.generation = generation
    }
}

extension OutputTable {
    /// The lines of `invitations.csv`; nil where a column is missing.
    package var invitations: [InvitationLine]? {
        var lines: [InvitationLine] = []
        for row in rows {
            guard let identity = row["identity_id"], let code = row["recovery_code"],
                let link = row["recovery_link"], let expiresAt = row["expires_at"], let email = row["email"],
                let generation = row["generation"].flatMap({ Int($0) })
            else { return nil }
            lines.append(
                InvitationLine(
                    identity: identity,
                    code: code,
                    link: link,
                    expiresAt: expiresAt,
                    email: email,
                    generation: generation
                )
            )
        }
        return lines
    }
}
