// Why a roster as a whole cannot be read. What is wrong with one row is a `RejectedRow`.

/// A roster that cannot be read, or not further.
///
/// `description` says what happened, where, and what to do; `code` is stable and free of the roster's content.
package struct RosterError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case unreadable
        case empty
        case headerOnly = "header_only"
        case notText = "not_text"
        case noIDColumn = "no_id_column"
        case ambiguousIDColumn = "ambiguous_id_column"
        case unknownColumn = "unknown_column"
        case tooManyColumns = "too_many_columns"
        case malformedJSON = "malformed_json"
        /// What a server says in place of identities.
        case errorAnswer = "error_answer"
        case sessions
    }

    package let code: Code
    /// What happened and what to do, without the roster's name.
    package let message: String
    /// The roster's path, `standard input`, or `the roster`.
    package let source: String

    /// - Parameter message: may have a roster's own words in it; what would move a terminal's cursor is taken out.
    package init(_ code: Code, _ message: String, source: String = "") {
        self.code = code
        let scalars = message.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar
        }
        self.message = String(String.UnicodeScalarView(scalars))
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
