// Files beside the ledger that cannot be written.

import Ledger
import Files

extension LedgerError {
    init(describing error: FileError) { self.init(.notWritable, error.description) }
}
