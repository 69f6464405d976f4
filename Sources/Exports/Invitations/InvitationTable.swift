// The table that every invitation is a row of: `invitations.csv`, and the files of single users.

package import Ledger
package import Files
import Model

/// Rows of invitations: the invitation's own columns, then the roster's under their own names, then looked-up
/// ones.
package struct InvitationTable {
    package static let ownColumns = OwnColumns.invitations

    private let options: InvitationOptions
    private let unsealing: Unsealing?
    private let plan: ColumnPlan<RosterID>
    private let lookedUpColumns: [String]
    private var format: CSVFormat
    private var times: TimeFormat.Writer
    package private(set) var remarks = InvitationRemarks()

    package init(_ reading: any LedgerReader, _ options: InvitationOptions, _ unsealing: Unsealing?) throws {
        self.options = options
        self.unsealing = unsealing
        lookedUpColumns = try reading.lookedUpColumnNames()
        plan = ColumnPlan(own: Self.ownColumns + lookedUpColumns, sources: try reading.columnNames())
        format = CSVFormat(formulas: options.formulas)
        times = TimeFormat.Writer(options.times)
    }

    /// The names of all columns, in their order.
    package var header: [String] { Self.ownColumns + plan.names + lookedUpColumns }

    mutating func appendHeader(to buffer: inout [UInt8]) {
        format.append(row: header, to: &buffer)
        remarks.formulaFields = format.formulaFields
    }

    /// The code and the link of a row; nil, and counted, where the ledger has none.
    ///
    /// - Throws: `UnsealingError`.
    package mutating func secret(of row: InvitationRow) throws(UnsealingError) -> (
        code: String, link: String
    )? {
        switch row.invitation.secret {
        case .plain(let code, let link): return (code, link)
        case .sealed(let seal, let sealed):
            guard let unsealing else { throw UnsealingError(identityID: row.identityID) }
            return try unsealing.open(sealed, seal, of: row.identityID)
        case .purged:
            remarks.withoutCode += 1
            return nil
        }
    }

    /// A row's values with its code and its link, in the header's order.
    package mutating func values(of row: InvitationRow, _ secret: (code: String, link: String)) -> [String] {
        var link = secret.link
        if LinkBase.isRelative(link) {
            if let base = options.linkBase { link = base.resolve(link) } else { remarks.relativeLinks += 1 }
        }
        let own = [
            row.identityID.text, secret.code, link, times.text(of: row.invitation.expiresAt),
            times.text(of: row.invitation.issuedAt), String(row.generation),
        ]
        return own + plan.arrange(row.columns, from: row.columnsFrom) + row.lookedUp
    }

    /// Appends a row with its code and its link.
    mutating func append(
        _ row: InvitationRow,
        _ secret: (code: String, link: String),
        to buffer: inout [UInt8]
    ) {
        format.append(row: values(of: row, secret), to: &buffer)
        remarks.formulaFields = format.formulaFields
        remarks.invitations += 1
    }
}

/// `invitations.csv`, and the files of batches, in roster order.
package enum InvitationCSV {
    /// Streams the current invitations that the options' filter lets pass to where they go.
    ///
    /// - Parameter unsealing: opens what is sealed.
    /// - Throws: what the ledger and the sink throw; `UnsealingError`.
    package static func write(
        _ reading: any LedgerReader,
        options: InvitationOptions,
        unsealing: Unsealing? = nil,
        to sink: inout some RowSink & ~Copyable
    ) throws -> InvitationRemarks {
        let table = try InvitationTable(reading, options, unsealing)
        return try write(table, to: &sink) { try reading.forEachInvitation(options.filter, $0) }
    }

    /// The same with the members of a batch.
    static func write(
        _ reading: any HandOverStore,
        batch: Int,
        options: InvitationOptions,
        unsealing: Unsealing?,
        to sink: inout some RowSink & ~Copyable
    ) throws -> InvitationRemarks {
        let table = try InvitationTable(reading, options, unsealing)
        return try write(table, to: &sink) { try reading.forEachMember(ofBatch: batch, $0) }
    }

    private static func write(
        _ table: InvitationTable,
        to sink: inout some RowSink & ~Copyable,
        _ forEach: ((InvitationRow) throws -> Void) throws -> Void
    ) throws -> InvitationRemarks {
        var table = table
        try sink.write { table.appendHeader(to: &$0) }
        try forEach { row in
            guard let secret = try table.secret(of: row) else { return }
            try sink.write { table.append(row, secret, to: &$0) }
        }
        return table.remarks
    }
}
