// One statement that a transaction runs for row after row.

import GRDB
import GRDBSQLite
import Model

/// A statement whose values are bound one by one, by their types.
///
/// Enrolling and recording run a few of them for each identity, and there GRDB's way, which collects the
/// values in an array and checks them against the statement, costs nearly half as much as SQLite's work
/// itself.
struct RowStatement {
    private let db: Database
    private let statement: Statement

    init(_ db: Database, sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
    }

    /// Runs the statement with a value for each of its `?`, and returns how many rows it has changed.
    ///
    /// - Throws: `DatabaseError`.
    @discardableResult
    func run<each Value: RowValue>(_ values: repeat each Value) throws -> Int {
        let handle = statement.sqliteStatement
        // Reset before it is bound again, and at once, so that it holds no lock.
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        try check(sqlite3_step(handle), is: SQLITE_DONE)
        return db.changesCount
    }

    /// Runs a statement that yields a whole number for one row at most; nil where there is no row.
    ///
    /// - Throws: `DatabaseError`.
    func first<each Value: RowValue>(_ values: repeat each Value) throws -> Int? {
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        var code = sqlite3_step(handle)
        guard code == SQLITE_ROW else {
            try check(code, is: SQLITE_DONE)
            return nil
        }
        let number = Int(sqlite3_column_int64(handle, 0))
        code = sqlite3_step(handle)
        try check(code, is: SQLITE_DONE)
        return number
    }

    private func bind<each Value: RowValue>(_ values: repeat each Value) throws {
        let handle = statement.sqliteStatement
        var index: CInt = 0
        for value in repeat each values {
            index += 1
            try check(value.bind(to: handle, at: index), is: SQLITE_OK)
        }
        precondition(index == sqlite3_bind_parameter_count(handle), "a value for each parameter")
    }

    private func check(_ code: CInt, is expected: CInt) throws {
        guard code != expected else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: db.lastErrorMessage,
            sql: statement.sql
        )
    }
}

/// What a column of those statements can be set to.
protocol RowValue {
    func bind(to statement: SQLiteStatement, at index: CInt) -> CInt
}

// GRDB's own.
extension Int: RowValue {}
extension Int64: RowValue {}
extension String: RowValue {}

extension Optional: RowValue where Wrapped: RowValue {
    func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        switch self {
        case .some(let value): value.bind(to: statement, at: index)
        case nil: sqlite3_bind_null(statement, index)
        }
    }
}

extension [UInt8]: RowValue {
    func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        withUnsafeBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, CInt($0.count), copied) }
    }
}

extension IdentityID: RowValue {
    /// Binds the 16 bytes of the UUID, big-endian.
    func bind(to statement: SQLiteStatement, at index: CInt) -> CInt {
        withBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, CInt($0.count), copied) }
    }
}

/// `SQLITE_TRANSIENT`, a macro that casts -1, and so beyond Swift's importer.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
