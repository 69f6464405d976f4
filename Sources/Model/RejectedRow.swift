// A row of a roster that is not enrolled.

/// A roster row that cannot become a request, or a duplicate.
package struct RejectedRow: Hashable, Sendable {
    /// Why; the raw values are part of the format of reports and ledgers.
    ///
    /// A ledger may have reasons that another version of the program knows.
    package struct Reason: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The physical line on which the row starts, from 1; of JSON, the item's number, from 1.
    package let line: Int
    /// The column at fault; nil where it is the row as a whole.
    package let column: String?
    package let reason: Reason
    /// The field or row at fault, at most 200 characters.
    package let value: String
    /// Of a duplicate, the line of the first row with that ID.
    package let firstLine: Int?

    package init(line: Int, column: String?, reason: Reason, value: String, firstLine: Int? = nil) {
        self.line = line
        self.column = column
        self.reason = reason
        self.value = value
        self.firstLine = firstLine
    }

    /// The same without what may be a secret, where the roster has columns with secrets.
    ///
    /// - Parameter isSecret: whether a column of that name holds secrets.
    package func redacted(_ isSecret: (String) -> Bool) -> RejectedRow {
        let shown = RejectRedaction.shown(value, column: column, reason: reason, isSecret: isSecret)
        return RejectedRow(line: line, column: column, reason: reason, value: shown, firstLine: firstLine)
    }
}

extension RejectedRow.Reason: CustomStringConvertible {
    package static let notAUUID = Self(rawValue: "not_a_uuid")
    /// A line above, below or in the middle of a table that is no row of it.
    package static let notARow = Self(rawValue: "not_a_row")
    package static let nilUUID = Self(rawValue: "nil_uuid")
    package static let wrongNumberOfFields = Self(rawValue: "wrong_number_of_fields")
    package static let unterminatedQuote = Self(rawValue: "unterminated_quote")
    /// Quotes, or a `\N`, that another dialect of CSV reads otherwise, so that a value would change.
    package static let ambiguousQuote = Self(rawValue: "ambiguous_quote")
    package static let invalidUTF8 = Self(rawValue: "invalid_utf8")
    package static let nulByte = Self(rawValue: "nul_byte")
    /// A row with a recovery link in a column that is enrolled: one of an earlier `invitations.csv`.
    package static let earlierInvitation = Self(rawValue: "earlier_invitation")
    package static let fieldTooLong = Self(rawValue: "field_too_long")
    package static let rowTooLong = Self(rawValue: "row_too_long")
    /// An `error` item in the answer of a batch import.
    package static let importError = Self(rawValue: "import_error")
    /// A JSON item without an ID.
    package static let missingID = Self(rawValue: "missing_id")
    package static let malformedJSON = Self(rawValue: "malformed_json")
    /// A JSON item that has a member twice, with two values.
    package static let duplicateMember = Self(rawValue: "duplicate_member")
    /// A server's error answer among a JSON roster's documents.
    package static let errorAnswer = Self(rawValue: "error_answer")
    /// A session among a JSON roster's items.
    package static let session = Self(rawValue: "session")
    /// The ID stood in an earlier row.
    package static let duplicate = Self(rawValue: "duplicate")

    package var description: String { rawValue }
}
