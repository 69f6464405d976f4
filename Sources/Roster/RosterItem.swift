// What a roster yields: rows that name an identity, and rejects.

package import Model

/// One row or one reject, in the roster's order.
package enum RosterItem: Hashable, Sendable {
    case row(RosterRow)
    case rejected(RejectedRow)
}

/// A row that names an identity.
package struct RosterRow: Hashable, Sendable {
    /// The physical line on which the row starts, from 1; of JSON, the item's number, from 1.
    package let line: Int
    package let identityID: IdentityID
    /// The further columns in the order of `RosterReader.columnNames`; what is missing at the end is empty.
    package let columns: [String]

    package init(line: Int, identityID: IdentityID, columns: [String]) {
        self.line = line
        self.identityID = identityID
        self.columns = columns
    }
}

/// The bounds that keep memory constant whatever a roster holds.
package enum RosterBounds {
    /// The longest field, 1 MiB of UTF-8 without its quotes.
    package static let fieldBytesMax = 1 << 20
    /// The longest row or JSON item, 16 MiB of UTF-8; also how far a closing quote is looked for.
    package static let rowBytesMax = 16 << 20
    /// The most columns of a roster.
    package static let columnsMax = 1000
    /// How much of a roster is handed out at a time, so that wide rows cost no more memory than many.
    static let batchBytes: Int64 = 8 << 20
    /// What is read before a roster's format is decided.
    static let sampleBytes = 256 << 10
    static let sampleRowsMax = 1000
}
