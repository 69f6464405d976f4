// The table that every invitation is a row of: `invitations.csv`, and the files of single users.

package import Ledger
package import OutputFiles
import Vocabulary

/// Rows of invitations: the invitation's own columns, then the roster's under their own names, then looked-up ones.
package struct InvitationTable {
    package static let ownColumns = ["identity_id", "recovery_code", "recovery_link", "expires_at"]

    private let options: InvitationOptions
    private let plan: ColumnPlan<RosterID>
    private let lookedUpColumns: [String]
    private var format: CSVFormat
    private(set) var remarks = InvitationRemarks()

    init(_ reading: any CampaignReading, _ options: InvitationOptions) throws {
        self.options = options
        lookedUpColumns = try reading.lookedUpColumnNames()
        plan = ColumnPlan(own: Self.ownColumns + lookedUpColumns, sources: try reading.columnNames())
        format = CSVFormat(formulas: options.formulas)
    }

    mutating func appendHeader(to buffer: inout [UInt8]) {
        format.append(row: Self.ownColumns + plan.names + lookedUpColumns, to: &buffer)
        remarks.formulaFields = format.formulaFields
    }

    /// Appends a row, where there is a code to invite with; returns whether there is.
    @discardableResult
    mutating func append(_ row: InvitationRow, to buffer: inout [UInt8]) -> Bool {
        guard case .plain(let code, var link) = row.invitation.secret else {
            remarks.withoutCode += 1
            return false
        }
        if LinkBase.isRelative(link) {
            if let base = options.linkBase { link = base.resolve(link) } else { remarks.relativeLinks += 1 }
        }
        let own = [row.identityID.text, code, link, row.invitation.expiresAtText]
        format.append(row: own + plan.arrange(row.columns, from: row.columnsFrom) + row.lookedUp, to: &buffer)
        remarks.formulaFields = format.formulaFields
        remarks.invitations += 1
        return true
    }
}

/// `invitations.csv`: every invitation of the campaign, in roster order.
package enum InvitationCSV {
    /// Streams all rows into the file, which the caller commits.
    ///
    /// - Throws: what the ledger and the file throw.
    package static func write(
        _ reading: any CampaignReading,
        options: InvitationOptions,
        to file: inout WholeFile
    ) throws -> InvitationRemarks {
        var table = try InvitationTable(reading, options)
        try file.write { table.appendHeader(to: &$0) }
        try reading.forEachInvitation { row in
            try file.write { _ = table.append(row, to: &$0) }
        }
        return table.remarks
    }
}
