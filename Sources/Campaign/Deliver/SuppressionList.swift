// Addresses that nothing is to go to: bounces, complaints, and whoever asked for it.

import Exports
import Foundation
import Glibc
import Model
import SQLiteLedger

/// A file of addresses, one a line, or a table with a column of addresses; on the disk where it is large.
package struct SuppressionList: Sendable {
    private let seen: SeenAddresses
    /// How many addresses there are in it.
    package let count: Int

    private static let columns: Set<String> = [
        "email", "e-mail", "mail", "address", "email address", "email_address", "recipient",
    ]

    /// - Throws: `CommandFailure` where the file cannot be read, or has no address in it.
    package init(path: String) throws {
        seen = try SeenAddresses()
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure.final(
                "the list of suppressed addresses \(path) cannot be opened: "
                    + "\(String(cString: strerror(errno)))"
            )
        }
        defer { try? file.close() }
        var table = SuppressionTable()
        var count = 0
        var column: Int?
        var isFirst = true
        let take = { [seen] (row: [String]) throws in
            defer { isFirst = false }
            if isFirst, let found = row.firstIndex(where: { Self.columns.contains(OwnColumns.folded($0)) }) {
                column = found
                return
            }
            let cells = column.map { $0 < row.count ? [row[$0]] : [] } ?? row.prefix(1).map(\.self)
            guard let address = cells.first.flatMap(MailAddress.checked) else { return }
            let nobody = IdentityID(high: 0, low: 0)
            if try seen.insert(MailAddress.key(of: address), of: nobody) == nil { count += 1 }
        }
        while let bytes = try file.read(upToCount: 1 << 16), !bytes.isEmpty {
            for byte in bytes { if let row = table.take(byte) { try take(row) } }
        }
        if let row = table.finish() { try take(row) }
        guard count > 0 else {
            throw CommandFailure.final(
                "the list of suppressed addresses \(path) has no address in it",
                advice: "one a line, or a table whose first line names a column email"
            )
        }
        self.count = count
    }

    package func contains(_ address: String) throws -> Bool {
        try seen.contains(MailAddress.key(of: address))
    }
}

/// Cells of a table, byte by byte: parted by `,`, `;` or TAB, in quotes where they need to be.
struct SuppressionTable {
    private var cell: [UInt8] = []
    private var row: [String] = []
    private var isQuoted = false
    private var wasQuote = false

    /// Longer cells are none of an address.
    private static let cellMax = 4096

    /// - Returns: the row that the byte ends; nil where it ends none.
    mutating func take(_ byte: UInt8) -> [String]? {
        if isQuoted {
            guard byte == UInt8(ascii: "\"") else {
                put(byte)
                return nil
            }
            (isQuoted, wasQuote) = (false, true)
            return nil
        }
        defer { wasQuote = false }
        switch byte {
        case UInt8(ascii: "\""):
            // Two of them are one, and one begins a cell.
            if wasQuote { put(byte) }
            isQuoted = wasQuote || cell.isEmpty
            if !isQuoted { put(byte) }
            return nil
        case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09:
            endCell()
            return nil
        case 0x0a: return finish()
        case 0x0d: return nil
        default:
            put(byte)
            return nil
        }
    }

    /// The last row, where it has no line break; nil where there is nothing in it.
    mutating func finish() -> [String]? {
        endCell()
        defer { row = [] }
        return row.contains { !$0.isEmpty } ? row : nil
    }

    private mutating func put(_ byte: UInt8) { if cell.count < Self.cellMax { cell.append(byte) } }

    private mutating func endCell() {
        var bytes = cell[...]
        if row.isEmpty, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        row.append(String(decoding: bytes, as: UTF8.self))
        cell = []
    }
}
