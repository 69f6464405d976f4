// Why a roster as a whole cannot be read. What is wrong with one row is a `RejectedRow`.

package import Model

/// A roster that cannot be read, or not further.
///
/// `wording` says what happened, where, and what to do; `code` is stable and free of the roster's content.
package typealias RosterError = CodedError<RosterErrorCode>

package enum RosterErrorCode: String, Hashable, Sendable, CaseIterable {
    case unreadable = "roster_unreadable"
    case empty = "roster_empty"
    case headerOnly = "roster_header_only"
    /// There are rows, and none names an identity.
    case nothingToEnrol = "roster_nothing_to_enrol"
    case notText = "roster_not_text"
    /// Of the header.
    case invalidUTF8 = "roster_invalid_utf8"
    /// It has another number of names than the rows have values.
    case headerMismatch = "roster_header_mismatch"
    case noIDColumn = "roster_no_id_column"
    case ambiguousIDColumn = "roster_ambiguous_id_column"
    case unknownColumn = "roster_unknown_column"
    case tooManyColumns = "roster_too_many_columns"
    case malformedJSON = "roster_malformed_json"
    case idColumnLeftBehind = "roster_id_column_left_behind"
    /// An output of this program, with codes, below rows of another table.
    case appendedOutput = "roster_appended_output"
    /// A table with other columns, below the first.
    case anotherTable = "roster_another_table"
    /// What a server says in place of identities.
    case errorAnswer = "roster_error_answer"
    case sessions = "roster_sessions"
}

extension RosterError {
    /// - Parameters:
    ///   - message: what happened, without the roster's name; may have a roster's own words in it.
    ///   - source: the roster's path, `standard input`, or `the roster`.
    package init(_ code: Code, _ message: Wording, advice: Wording = "", source: String) {
        self.init(code, at: source, message, advice: advice)
    }

    package var source: String { problem.place }

    func from(_ source: String) -> RosterError {
        self.source.isEmpty ? RosterError(code, message, advice: advice, source: source) : self
    }
}
