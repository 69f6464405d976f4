// Which columns of a campaign hold what a mail needs.

import Ledger
import Model

/// The columns of invitations as a mail uses them: the address, the name, the language, and all others by
/// name.
package struct MailColumns: Sendable {
    /// What templates may name: all columns but those of codes, links and times, which they know otherwise.
    package let names: [String]
    private let indices: [Int]
    private let address: Int
    private let name: FieldPlan.Source
    private let locale: Int?

    /// - Parameters:
    ///   - header: `InvitationTable`'s.
    ///   - addressColumn: nil where it is told by its name; so are the others.
    /// - Throws: `FormatError` where there is no address, or several columns may be meant.
    package init(
        header: [String],
        addressColumn: String? = nil,
        nameColumn: String? = nil,
        localeColumn: String? = nil
    ) throws(FormatError) {
        var options = FormatOptions(.mail)
        options.addressColumn = addressColumn
        options.nameColumn = nameColumn
        options.localeColumn = localeColumn
        let columns = try FieldColumns(options, header: header)
        guard let address = columns.address else {
            throw FormatError(.noAddressColumn, "a mail needs an address", advice: "\(.emailColumn)")
        }
        self.address = address
        name = try columns.source(of: "name") ?? .absent
        if case .column(let index)? = try columns.source(of: "locale") {
            locale = index
        } else {
            locale = nil
        }
        indices = header.indices.filter { $0 == 0 || $0 >= OwnColumns.invitations.count }
        names = indices.map { header[$0] }
    }

    /// As the column has it.
    package func address(of values: [String]) -> String { values[address] }

    /// Nil where nobody gave one.
    package func name(of values: [String]) -> String? {
        let name =
            switch name {
            case .column(let index): values[index]
            case .joined(let indices):
                indices.map { values[$0] }.filter { !$0.isEmpty }.joined(separator: " ")
            case .address, .absent: ""
            }
        return name.isEmpty ? nil : name
    }

    package func locale(of values: [String]) -> String? {
        locale.map { values[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The values of the columns that are wanted, by name.
    package func columns(of values: [String], where isWanted: (String) -> Bool) -> [String: String] {
        var columns: [String: String] = [:]
        for (name, index) in zip(names, indices) where isWanted(name) { columns[name] = values[index] }
        return columns
    }
}

extension ExportFormat {
    /// No file, but the mail itself.
    fileprivate static let mail = ExportFormat(name: "mail", title: "a mail", shape: .lines)
}
