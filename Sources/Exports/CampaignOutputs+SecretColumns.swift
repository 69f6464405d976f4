// Rosters' columns with codes of earlier campaigns, in a ledger of an earlier version: reports without them.

import Ledger
import Files

extension CampaignOutputs {
    /// What outputs depend on besides their options: such columns, which earlier versions have written into
    /// them.
    func secretColumnsMark() throws -> String {
        let names = try ledger.secretColumnNames()
        return names.isEmpty ? "" : " without \(names.joined(separator: ","))"
    }

    /// Writes those reports anew that are there and may show such columns, while the ledger still has them.
    ///
    /// - Returns: the files that were written.
    /// - Throws: what the ledger and the files throw.
    package func cleanReports() throws -> [File] {
        guard try !ledger.secretColumnNames().isEmpty else { return [] }
        let reports: [(name: String, write: (FormulaTreatment) throws -> File)] = [
            (Self.failures, writeFailures), (Self.rejected, writeRejected),
        ]
        return try reports.filter { PrivateFolder.exists(path(of: $0.name)) }.map { report in
            // As it was written the last time.
            let options = try ledger.output(named: report.name)?.options ?? ""
            let formulas = FormulaTreatment(rawValue: String(options.prefix { $0 != " " }))
            return try report.write(formulas ?? .keep)
        }.filter(\.wasWritten)
    }
}
