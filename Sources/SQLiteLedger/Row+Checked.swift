// Values out of a row, where what a damaged file holds is an error and no trap.

import Foundation
import GRDB

extension Row {
    /// The value at that column; GRDB's own subscript ends the program where it is of another type.
    ///
    /// - Throws: `RowDecodingError`.
    func at<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ index: Int) throws -> Value {
        try decode(Value.self, atIndex: index)
    }

    /// A number of things, small enough to be added up.
    ///
    /// - Throws: `RowDecodingError`, `UnexpectedValue`.
    func count(at index: Int) throws -> Int {
        let count: Int = try at(index)
        guard Self.isCount(count) else { throw UnexpectedValue("a number out of bounds") }
        return count
    }

    /// Whether a number of things is small enough to be added up.
    static func isCount(_ number: Int) -> Bool { (0..<1 << 48).contains(number) }

    /// A value that is written as JSON.
    ///
    /// - Throws: `RowDecodingError`, `UnexpectedValue`.
    func json<Value: Decodable>(at index: Int) throws -> Value {
        let text: String = try at(index)
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
            throw UnexpectedValue("JSON of another shape than it was written with")
        }
        return value
    }
}

/// The ledger holds something that is never written to it.
struct UnexpectedValue: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

extension ColumnValues {
    /// The strings of an array; throws `UnexpectedValue` where the text is none of ours.
    static func decoded(_ text: String) throws -> [String] {
        guard let values = decode(text) else {
            throw UnexpectedValue("roster columns that are no list of texts")
        }
        return values
    }
}
