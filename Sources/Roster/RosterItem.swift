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

/// A row that cannot become a request.
package struct RejectedRow: Hashable, Sendable {
    /// Why; the raw values are stable and for machines.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case notAUUID = "not_a_uuid"
        /// A line above, below or in the middle of a table that is no row of it.
        case notARow = "not_a_row"
        case nilUUID = "nil_uuid"
        case wrongNumberOfFields = "wrong_number_of_fields"
        case unterminatedQuote = "unterminated_quote"
        /// Quotes, or a `\N`, that another dialect of CSV reads otherwise, so that a value would change.
        case ambiguousQuote = "ambiguous_quote"
        case invalidUTF8 = "invalid_utf8"
        case nulByte = "nul_byte"
        /// A row with a recovery link in a column that is enrolled: one of an earlier `invitations.csv`.
        case earlierInvitation = "earlier_invitation"
        case fieldTooLong = "field_too_long"
        case rowTooLong = "row_too_long"
        /// An `error` item in the answer of a batch import.
        case importError = "import_error"
        /// A JSON item without an ID.
        case missingID = "missing_id"
        case malformedJSON = "malformed_json"
        /// A JSON item that has a member twice, with two values.
        case duplicateMember = "duplicate_member"
        /// A server's error answer among a JSON roster's documents.
        case errorAnswer = "error_answer"
        /// A session among a JSON roster's items.
        case session
    }

    /// The most characters of `value`, as Unicode scalars: a single one for people may have thousands of
    /// them.
    package static let valueCharactersMax = 200

    /// The physical line on which the row starts, from 1; of JSON, the item's number, from 1.
    package let line: Int
    /// The column at fault; nil where it is the row as a whole.
    package let column: String?
    package let reason: Reason
    /// The field or row at fault, cut at 200 characters.
    ///
    /// Broken UTF-8 shows as U+FFFD, what cannot be seen as `\u00a0`; nothing shows of one with a recovery
    /// link.
    package let value: String

    package init(line: Int, column: String?, reason: Reason, value: String) {
        self.line = line
        self.column = column
        self.reason = reason
        var value = value
        self.value =
            value.withUTF8(\.holdsRecoveryLink)
            ? RejectRedaction.mark : value.showingInvisible(max: Self.valueCharactersMax)
    }

    /// Cuts before decoding, so that a long field costs no more than a short one.
    init(line: Int, column: String?, reason: Reason, value: UnsafeBufferPointer<UInt8>) {
        guard !value.holdsRecoveryLink else {
            self.init(line: line, column: column, reason: reason, value: RejectRedaction.mark)
            return
        }
        // No scalar has more than four bytes.
        var end = min(value.count, Self.valueCharactersMax * 4)
        if end < value.count {
            while end > 0, value[end] & 0xc0 == 0x80 { end -= 1 }
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: value[..<end]), as: UTF8.self)
        self.init(line: line, column: column, reason: reason, value: text)
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
