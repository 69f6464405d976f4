// The back ends of ledgers: the one place that opens them.

package import Ledger
import SQLiteLedger

extension LedgerLocation {
    /// Opens the ledger of a campaign that exists.
    ///
    /// - Throws: `LedgerError`; `missing` where there is none.
    func open() throws -> any Ledger {
        switch self {
        case .file(let path): try SQLiteLedger.open(at: path)
        }
    }

    /// Makes the ledger of a new campaign, or opens the one that is there; for a run.
    ///
    /// - Parameter mayBeNew: whether there may be nothing yet; false where something speaks of earlier work.
    /// - Throws: `LedgerError`.
    func openOrCreate(campaign: String, server: String, mayBeNew: Bool) throws -> any Ledger {
        switch self {
        case .file(let path):
            try SQLiteLedger.openOrCreate(at: path, campaign: campaign, server: server, mayBeNew: mayBeNew)
        }
    }

    /// One look at it; nothing is written, not even beside it.
    ///
    /// - Throws: `LedgerError`.
    func glance() throws -> LedgerGlance {
        switch self {
        case .file(let path): try LedgerGlance(at: path)
        }
    }

    /// A look for damage in it.
    package var check: any LedgerChecking {
        switch self {
        case .file(let path): LedgerCheck(path: path)
        }
    }
}
