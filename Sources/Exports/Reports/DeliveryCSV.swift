// `deliveries.csv`: what became of each mail.

import Files
import Ledger
import Model

enum DeliveryCSV {
    /// Streams the latest mail of each identity into the file, in roster order; the caller commits it.
    ///
    /// - Returns: how many there are.
    /// - Throws: what the ledger and the file throw.
    static func write(
        _ reading: any LedgerReader,
        formulas: FormulaTreatment,
        to file: inout AtomicFile
    ) throws -> Int {
        var format = CSVFormat(formulas: formulas)
        var count = 0
        try file.write { format.append(row: OwnColumns.deliveries, to: &$0) }
        try reading.forEachDelivery { row in
            let cells = [
                row.identityID.text, row.address, row.state.rawValue, row.reply.inWords, row.at.rfc3339,
                row.reason?.rawValue ?? "", String(row.generation), String(row.attempts),
                row.reply.queueID ?? "",
            ]
            try file.write { format.append(row: cells, to: &$0) }
            count += 1
        }
        return count
    }
}

extension DeliveryReply {
    /// As the relay said it: `550 5.1.1 no such user`.
    fileprivate var inWords: String {
        // Most relays say the enhanced code in their text.
        let enhanced = enhanced.flatMap { text.hasPrefix($0) ? nil : $0 }
        return [code.map(String.init), enhanced, text.isEmpty ? nil : text].compactMap(\.self)
            .joined(separator: " ")
    }
}
