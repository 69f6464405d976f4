// Statements whose values are bound one by one.

import GRDB
import Testing
import Model

@testable import SQLiteLedger

@Suite struct RowStatementTests {
    private let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try database.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE sample (
                        number INTEGER PRIMARY KEY, large INTEGER, text TEXT CHECK (length(text) < 9), id BLOB
                    ) STRICT
                    """
            )
        }
    }

    private func run<T>(_ sql: String, _ body: (RowStatement) throws -> T) throws -> T {
        try database.write { db in try body(try RowStatement(db, sql: sql)) }
    }

    @Test func valuesArriveAsTheyAre() throws {
        let id = try #require(IdentityID("00010203-0405-4607-8809-0a0b0c0d0eff"))
        try run("INSERT INTO sample VALUES (?, ?, ?, ?)") { (insert: RowStatement) throws in
            #expect(try insert.run(-1, Int64.max, "Zoë \u{1f511}", id) == 1)
            // Again at once, and without a trace of the values before.
            #expect(try insert.run(2, Int64(0), "", IdentityID.null) == 1)
        }
        let rows = try database.read { try Row.fetchAll($0, sql: "SELECT * FROM sample ORDER BY number") }
        #expect(rows.map { $0["number"] } == [-1, 2])
        #expect(rows.map { $0["large"] } == [Int64.max, 0])
        #expect(rows.map { $0["text"] } == ["Zoë \u{1f511}", ""])
        #expect(rows.map { $0["id"] } == [id.data, IdentityID.null.data])
    }

    @Test func itTellsHowManyRowsItChanged() throws {
        try run("INSERT OR IGNORE INTO sample (number) VALUES (?)") { (insert: RowStatement) throws in
            let changes = try [1, 2, 2, 3].map { try insert.run($0) }
            #expect(changes == [1, 1, 0, 1])
        }
        try run("UPDATE sample SET large = ?1 WHERE number <= ?2 AND large IS NOT ?1") {
            (update: RowStatement) throws in
            #expect(try update.run(7, 2) == 2)
            #expect(try update.run(7, 3) == 1)
        }
    }

    @Test func anErrorQuotesNoValueAndLeavesTheStatementUsable() throws {
        try run("INSERT INTO sample (number, text) VALUES (?, ?)") { (insert: RowStatement) throws in
            try insert.run(1, "short")
            let error = #expect(throws: DatabaseError.self) { try insert.run(2, "s3cret-code") }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
            #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_CHECK)
            #expect(error?.description.contains("s3cret") == false)
            #expect(try insert.run(2, "fine") == 1)
        }
    }
}
