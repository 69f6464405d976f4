// Errors that are a problem and nothing else.

/// An error that is its problem, with codes of its own: `FileError`, `LedgerError` and others like them.
package struct CodedError<Code: ProblemCode>: ProblemError, Hashable {
    package let code: Code
    package let problem: Problem

    /// - Parameters:
    ///   - place: where it happened, such as a file's path; empty where the message says it.
    ///   - message: what happened.
    ///   - advice: what to do about it; empty where the message says it.
    package init(_ code: Code, at place: String = "", _ message: Wording, advice: Wording = "") {
        self.code = code
        problem = Problem(code.rawValue, at: place, message, advice: advice)
    }

    package var message: Wording { problem.message }
    package var advice: Wording { problem.advice }
}

/// What an error's codes are.
package typealias ProblemCode = RawRepresentable<String> & CaseIterable & Hashable & Sendable
