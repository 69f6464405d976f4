// `failures.csv`: who could not be invited, and why; it can be fed back as a roster.

package import Ledger
package import Files
import Model

package enum FailureCSV {
    static let ownColumns = OwnColumns.failures

    /// Streams all failed identities into the file, in roster order; the caller commits it.
    ///
    /// - Returns: how many there are.
    /// - Throws: what the ledger and the file throw.
    package static func write(
        _ reading: any LedgerReader,
        formulas: FormulaTreatment,
        to file: inout AtomicFile
    ) throws -> Int {
        let plan = ColumnPlan(own: ownColumns, sources: try reading.columnNames())
        var format = CSVFormat(formulas: formulas)
        var count = 0
        try file.write { format.append(row: ownColumns + plan.names, to: &$0) }
        try reading.forEachFailure { row in
            let own = [
                row.identityID.text, row.failure.kind.rawValue, row.failure.httpStatus.map(String.init) ?? "",
                row.failure.errorID ?? "", row.failure.reason, String(row.attempts),
                String(row.ambiguousAttempts),
                row.failure.at.rfc3339, row.failure.requestID,
            ]
            let columns = plan.arrange(row.columns, from: row.columnsFrom)
            try file.write { format.append(row: own + columns, to: &$0) }
            count += 1
        }
        return count
    }
}
