// Rosters' columns with codes and links of earlier campaigns, which earlier versions have enrolled.

import GRDB
import Ledger
import Model

/// Where the rosters of a ledger have such columns: nowhere, but in ledgers of earlier versions.
struct SecretColumns: Sendable {
    /// Their positions among the roster's further columns, by the roster's number.
    private let places: [Int64: Set<Int>]
    /// Their names as the rosters spell them, each once, in order.
    let names: [String]

    /// Reads the names of all rosters' columns.
    init(_ db: Database) throws {
        // Most ledgers have none: their names are not even taken apart.
        let mayHave = OwnColumns.secrets.map { "columns LIKE '%\($0)%'" }.joined(separator: " OR ")
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT id, columns FROM roster WHERE \(mayHave) ORDER BY id"
        )
        var places: [Int64: Set<Int>] = [:]
        var names: [String] = []
        while let row = try rows.next() {
            let columns = try ColumnValues.decoded(try row.at(1))
            let secret = columns.indices.filter { OwnColumns.isSecret(columns[$0]) }
            guard !secret.isEmpty else { continue }
            places[try row.at(0)] = Set(secret)
            for index in secret where !names.contains(columns[index]) { names.append(columns[index]) }
        }
        self.places = places
        self.names = names
    }

    var isEmpty: Bool { places.isEmpty }
    /// The numbers of the rosters that have any, for a statement.
    var rosters: String { places.keys.sorted().map(String.init).joined(separator: ", ") }

    func isIn(_ roster: RosterID) -> Bool { places[roster.number] != nil }

    /// A roster's columns, names or values, without them.
    func removed(from columns: [String], of roster: RosterID) -> [String] {
        guard !places.isEmpty, let places = places[roster.number] else { return columns }
        return columns.indices.filter { !places.contains($0) }.map { columns[$0] }
    }
}

extension SQLiteLedger {
    package func secretColumnNames() throws -> [String] {
        try read { db in try SecretColumns(db).names }
    }

    /// Takes such columns out of rosters, identities and rejected rows: of all of them, or of none where it
    /// fails.
    ///
    /// SQLite writes aside what does not fit into its cache, so that memory does not grow with the ledger.
    func removeSecretColumns() throws {
        try write { db in
            let secret = try SecretColumns(db)
            guard !secret.isEmpty else { return }
            let functions = Self.functions(removing: secret)
            for function in functions { db.add(function: function) }
            defer { for function in functions { db.remove(function: function) } }
            try db.execute(
                sql: """
                    UPDATE identity SET columns = kept_columns(roster, columns)
                        WHERE roster IN (\(secret.rosters));
                    UPDATE rejected_row SET value = shown_value(value, column_name, reason)
                        WHERE roster IN (\(secret.rosters));
                    UPDATE roster SET columns = kept_columns(id, columns) WHERE id IN (\(secret.rosters));
                    """
            )
            try Self.bumpRevision(db)
        }
    }

    private static func functions(removing secret: SecretColumns) -> [DatabaseFunction] {
        let keptColumns = DatabaseFunction("kept_columns", argumentCount: 2, pure: true) { values in
            guard let roster = Int64.fromDatabaseValue(values[0]),
                let text = String.fromDatabaseValue(values[1])
            else { throw UnexpectedValue("roster columns that are no list of texts") }
            let columns = try ColumnValues.decoded(text)
            return ColumnValues.encode(secret.removed(from: columns, of: RosterID(number: roster)))
        }
        let shownValue = DatabaseFunction("shown_value", argumentCount: 3, pure: true) { values in
            guard let value = String.fromDatabaseValue(values[0]),
                let reason = String.fromDatabaseValue(values[2])
            else { throw UnexpectedValue("a rejected row of other types than it was written with") }
            return RejectRedaction.shown(
                value,
                column: String.fromDatabaseValue(values[1]),
                reason: RejectedRow.Reason(rawValue: reason),
                isSecret: OwnColumns.isSecret
            )
        }
        return [keptColumns, shownValue]
    }
}
