// Why a roster as a whole cannot be read. What is wrong with one row is a `RejectedRow`.

import Vocabulary

/// A roster that cannot be read, or not further.
///
/// `description` says what happened, where, and what to do; `code` is stable and free of the roster's
/// content.
package struct RosterError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case unreadable
        case empty
        case headerOnly = "header_only"
        /// There are rows, and none names an identity.
        case nothingToEnrol = "nothing_to_enrol"
        case notText = "not_text"
        /// Of the header.
        case invalidUTF8 = "invalid_utf8"
        /// It has another number of names than the rows have values.
        case headerMismatch = "header_mismatch"
        case noIDColumn = "no_id_column"
        case ambiguousIDColumn = "ambiguous_id_column"
        case unknownColumn = "unknown_column"
        case tooManyColumns = "too_many_columns"
        case malformedJSON = "malformed_json"
        case idColumnLeftBehind = "id_column_left_behind"
        /// An output of this program, with codes, below rows of another table.
        case appendedOutput = "appended_output"
        /// A table with other columns, below the first.
        case anotherTable = "another_table"
        /// What a server says in place of identities.
        case errorAnswer = "error_answer"
        case sessions
    }

    package let code: Code
    /// What happened and what to do, without the roster's name.
    package let message: String
    /// The roster's path, `standard input`, or `the roster`.
    package let source: String

    /// - Parameter message: may have a roster's own words in it; what cannot be seen is shown as `\u00a0`.
    package init(_ code: Code, _ message: String, source: String = "") {
        self.code = code
        self.message = message.showingInvisible()
        self.source = source
    }

    func from(_ source: String) -> RosterError {
        self.source.isEmpty ? RosterError(code, message, source: source) : self
    }
}

extension RosterError: CustomStringConvertible {
    package var description: String {
        source.isEmpty ? message : "\(source): \(message)"
    }
}
