// Where a ledger is, and what can be asked of it there.

/// Where a campaign's ledger is.
package enum LedgerLocation: Hashable, Sendable {
    /// In a file, with its side files beside it.
    case file(path: String)
}

/// A look for damage in a ledger, beside whoever works with it.
package protocol LedgerChecking: Sendable {
    /// Whether the ledger is small enough to be checked before anything else.
    var isQuick: Bool { get }

    /// Whether it is small enough to be checked when all is done.
    var isShort: Bool { get }

    /// Looks through the whole ledger.
    ///
    /// - Throws: `LedgerError` where something is wrong with it. Returns early when it was cancelled.
    func run() throws

    /// Ends the check, and any later one; from any thread. It is to be called again until the check is over.
    func cancel()
}

/// A ledger in a file, which can be deleted or replaced while it is in use.
package protocol FileLedger: Ledger {
    /// Whether that has happened: what the ledger holds ends with this process, unless it is rescued.
    var isLost: Bool { get }

    /// Saves what the ledger holds to a file, which must not exist.
    ///
    /// - Throws: `LedgerError`; then nothing of it is left there.
    func rescue(to path: String) throws
}
