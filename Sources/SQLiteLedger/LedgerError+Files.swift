// Files beside the ledger that cannot be written.

import Files
import Ledger
import Model

extension LedgerError {
    init(describing error: FileError) {
        self.init(.notWritable, error.problem.message, advice: error.problem.advice)
    }
}
