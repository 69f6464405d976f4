// Looking into a roster before anything is made of it: whether it names anybody at all.

import Model

/// A roster's items in their order, and what is known of the roster by then.
package protocol RosterItems: AnyObject {
    var format: RosterFormat { get }
    var idColumnName: String { get }
    /// The names of the further columns so far.
    var columnNames: [String] { get }
    /// What the operator should know of how the roster is read, a sentence each.
    var notes: [String] { get }
    /// The columns that are left behind so far.
    var leftBehind: [String] { get }
    /// The names of columns that are to be left behind and are not there, so far.
    var missingColumns: [String] { get }
    /// Raw bytes taken from the source.
    var bytesRead: Int64 { get }
    /// The roster's, once `next` was empty.
    var fingerprint: String { get }

    /// The next items, at most `max`; empty at the end.
    func next(max: Int) throws -> [RosterItem]
}

extension RosterReader: RosterItems {}

/// A roster of which the first rows have been looked at, and are handed out first.
package final class RosterPreview: RosterItems {
    private let reader: RosterReader
    private var ahead: ArraySlice<RosterItem>

    /// Rejects before the first identity that are kept.
    static let rejectsMax = 20_000
    private static let batchMax = 1_000

    private init(_ reader: RosterReader, ahead: [RosterItem]) {
        self.reader = reader
        self.ahead = ahead[...]
    }

    /// Reads up to the first row that names an identity, with memory that does not grow with the roster.
    ///
    /// - Parameter open: opens the roster, from its start; called once more where many rejects come first.
    ///   `canReopen`: whether it can be opened twice.
    /// - Throws: what `open` throws; `RosterError` with `nothingToEnrol` where there are rows and none names
    /// an identity
    ///   (of a roster that can be read only once: none of the first 20,000).
    package static func open(canReopen: Bool, _ open: () throws -> RosterReader) throws -> any RosterItems {
        let reader = try open()
        var ahead: [RosterItem] = []
        var tally = RejectTally()
        var isKept = true
        while true {
            let items = try reader.next(max: batchMax)
            guard !items.isEmpty else { break }
            if isKept { ahead += items }
            for item in items {
                guard case .rejected(let row) = item else {
                    return isKept ? RosterPreview(reader, ahead: ahead) : try open()
                }
                tally.note(row)
            }
            guard isKept, ahead.count >= rejectsMax else { continue }
            guard canReopen else { throw error(tally, isWhole: false, reader) }
            (isKept, ahead) = (false, [])
        }
        guard tally.count > 0 else {
            throw RosterError(.empty, "has no rows; add rows with identity IDs", source: reader.source)
        }
        throw error(tally, isWhole: true, reader)
    }

    private static func error(_ tally: RejectTally, isWhole: Bool, _ reader: RosterReader) -> RosterError {
        RosterError(
            .nothingToEnrol,
            "\(tally.nothingToEnrol(isWhole: isWhole))",
            advice: RejectTally.advice(reader.format),
            source: reader.source
        )
    }

    package var format: RosterFormat { reader.format }
    package var idColumnName: String { reader.idColumnName }
    package var columnNames: [String] { reader.columnNames }
    package var notes: [String] { reader.notes }
    package var leftBehind: [String] { reader.leftBehind }
    package var missingColumns: [String] { reader.missingColumns }
    package var bytesRead: Int64 { reader.bytesRead }
    package var fingerprint: String { reader.fingerprint }

    package func next(max: Int) throws -> [RosterItem] {
        guard !ahead.isEmpty else {
            ahead = []
            return try reader.next(max: max)
        }
        let items = Array(ahead.prefix(max))
        ahead = ahead.dropFirst(items.count)
        return items
    }
}

/// A roster without a row.
package final class EmptyRoster: RosterItems {
    package let fingerprint: String
    package let bytesRead: Int64

    package var format: RosterFormat { .lines }
    package var idColumnName: String { "" }
    package var columnNames: [String] { [] }
    package var notes: [String] { [] }
    package var leftBehind: [String] { [] }
    package var missingColumns: [String] { [] }

    package init(fingerprint: String, bytes: Int64) {
        self.fingerprint = fingerprint
        bytesRead = bytes
    }

    /// What came through a pipe.
    package convenience init() { self.init(fingerprint: FingerprintHash().text, bytes: 0) }

    package func next(max: Int) throws -> [RosterItem] { [] }
}

extension RosterError {
    /// Whether it says that the roster has no row: it may be one of nobody.
    package var saysEmpty: Bool { code == .empty || code == .headerOnly }
}
