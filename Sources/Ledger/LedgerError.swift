// What goes wrong with a ledger, in words.

package import Model

/// A ledger that cannot be used; it says which file, why, and what to do.
package typealias LedgerError = CodedError<LedgerErrorCode>

package enum LedgerErrorCode: String, Hashable, Sendable, CaseIterable {
    /// There is no ledger there.
    case missing = "ledger_missing"
    /// It was written by a newer version of this program.
    case tooNew = "ledger_too_new"
    /// It is no ledger, or damaged.
    case unreadable = "ledger_unreadable"
    /// The disk is full, read-only or failing.
    case notWritable = "ledger_not_writable"
    /// Another process keeps it locked, or goes on reading it.
    case inUse = "ledger_in_use"
    /// The run was declared lost: another one has taken over what it held.
    case fenced = "run_fenced"
    /// Anything else.
    case failed = "ledger_failed"
}
