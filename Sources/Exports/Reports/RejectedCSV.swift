// `rejected.csv`: the roster's rows that cannot become requests, and its duplicates.

package import Ledger
package import Files
import Model

package enum RejectedCSV {
    static let columns = ["line", "column", "reason", "value", "first_line"]

    /// Streams the rejected and doubled rows of the campaign's latest roster into the file; the caller
    /// commits it.
    ///
    /// - Returns: how many there are.
    /// - Throws: what the ledger and the file throw.
    package static func write(
        _ reading: any LedgerReader,
        formulas: FormulaTreatment,
        to file: inout AtomicFile
    ) throws -> Int {
        var format = CSVFormat(formulas: formulas)
        var count = 0
        try file.write { format.append(row: columns, to: &$0) }
        guard let roster = try reading.latestRoster() else { return 0 }
        try reading.forEachRejectedRow(ofRoster: roster.id) { row in
            let fields = [
                String(row.line), row.column ?? "", row.reason.rawValue, row.value,
                row.firstLine.map(String.init) ?? "",
            ]
            try file.write { format.append(row: fields, to: &$0) }
            count += 1
        }
        return count
    }
}
