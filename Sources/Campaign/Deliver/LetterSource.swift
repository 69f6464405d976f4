// Where letters come from: the campaign's columns, and the invitations that could be mailed.

import Exports
import Files
import Ledger
package import Model

extension DeliverRequest {
    /// - Throws: `SealError` where the codes cannot be read; `FormatError` where it is not plain which column
    ///   holds the address.
    func sources(_ ledger: any Ledger) throws -> (table: InvitationTable, columns: MailColumns) {
        let outputs = CampaignOutputs(folder: folder, ledger: ledger)
        let table = try InvitationTable(
            ledger,
            try outputs.complete(InvitationOptions(linkBase: linkBase)),
            try outputs.unsealing(with: key)
        )
        let columns = try MailColumns(
            header: table.header,
            addressColumn: self.columns.address,
            nameColumn: self.columns.name,
            localeColumn: self.columns.locale
        )
        return (table, columns)
    }
}

/// What checks and previews look at, without taking the campaign.
package struct LetterSource: Sendable {
    private let request: DeliverRequest

    package init(_ request: DeliverRequest) { self.request = request }

    /// Makes a letter of every invitation that nobody was handed, valid at that time, in roster order.
    ///
    /// - Parameter begin: is given the names of the columns, and returns what takes the letters.
    /// - Throws: `CommandFailure`.
    package func forEach(
        at now: Timestamp,
        _ begin: (_ columns: [String]) throws -> (Letter) throws -> Void
    ) throws {
        try CommandFailure.wrapping {
            let ledger = try request.folder.openLedger()
            let (table, columns) = try request.sources(ledger)
            let take = try begin(columns.names)
            var desk = LetterDesk(table, columns, needs: { _ in true })
            try ledger.forEachInvitation(InvitationFilter(state: .new)) { row in
                guard row.invitation.expiresAt > now, case .success(let letter) = try desk.letter(for: row)
                else { return }
                try take(letter)
            }
            try ledger.close()
        }
    }
}
