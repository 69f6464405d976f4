// What goes wrong with a ledger, in words.

/// A ledger that cannot be used; the description says which file, why, and what to do.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// There is no ledger there.
        case missing
        /// It was written by a newer version of this program.
        case tooNew
        /// It is no ledger, or damaged.
        case unreadable
        /// The disk is full, read-only or failing.
        case notWritable
        /// Another process keeps it locked, or goes on reading it.
        case inUse
        /// The run was declared lost: another one has taken over what it held.
        case fenced
        /// Anything else.
        case failed
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
