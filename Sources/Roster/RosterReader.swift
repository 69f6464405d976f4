// A roster, row by row: what the rest of the program sees of this module.

import Model

/// What an operator may say about a roster; what is nil is told from its first lines.
package struct RosterOptions: Hashable, Sendable {
    /// The ID column's name, exactly or in any case; `column_N` where there is no header.
    package var idColumn: String?
    package var delimiter: Delimiter?
    /// Columns that are left behind, by their names in any case; of JSON also everything below such a name.
    package var withoutColumns: [String]

    package init(idColumn: String? = nil, delimiter: Delimiter? = nil, withoutColumns: [String] = []) {
        self.idColumn = idColumn
        self.delimiter = delimiter
        self.withoutColumns = withoutColumns
    }
}

/// What a roster turned out to be.
package enum RosterFormat: Hashable, Sendable {
    /// One field a line.
    case lines
    case delimited(Delimiter)
    case json
}

/// What yields the items of one format.
protocol RosterParser: AnyObject {
    var idColumnName: String { get }
    var columnNames: [String] { get }
    /// What the operator should know of how the roster is read, a sentence each.
    var notes: [String] { get }
    /// The columns that `columnNames` and the rows lack, so far.
    var leftBehind: LeftBehind { get }

    /// The next item, nil after the last.
    func next() throws -> RosterItem?
}

extension RosterParser {
    var notes: [String] { [] }
}

/// Reads a roster once, from its start to its end, with memory that does not grow with it.
///
/// It reads CSV after RFC 4180 and its dialects, one ID a line, and JSON: a stream of identities, arrays of
/// them, listings, and answers of batch imports; in UTF-8, or UTF-16 with a byte order mark. A
/// malformed row is an item too; only what makes the whole roster unreadable is thrown, as a `RosterError`
/// (or what the source throws).
///
/// Its bounds are in `RosterBounds`. It is used from one thread at a time.
package final class RosterReader {
    package let format: RosterFormat
    package let encoding: TextEncoding

    private let window: TextWindow
    private let parser: any RosterParser
    private let options: RosterOptions
    private var failure: (any Error)?
    private var isFinished = false

    /// Reads a sample of at most 256 KiB and decides by it what the roster is and where its IDs are.
    ///
    /// The sample grows up to 16 MiB while there is no row in it.
    package init(source: some ByteSource, options: RosterOptions = RosterOptions()) throws {
        window = TextWindow(source)
        self.options = options
        do {
            (format, parser) = try Self.decide(window, options)
        } catch let error as RosterError {
            throw error.from(source.name)
        }
        encoding = window.encoding
    }

    package var idColumnName: String { parser.idColumnName }

    /// What errors call the source.
    package var source: String { window.name }

    /// The names of the further columns so far: JSON may append to them while it is read.
    ///
    /// Names are as the roster has them; it may have one twice.
    package var columnNames: [String] { parser.columnNames }

    /// What the operator should know of how the roster is read, a sentence each, told from its first lines.
    package var notes: [String] { parser.notes }
    /// The columns that are left behind so far: not among `columnNames`, and their values in no item.
    ///
    /// JSON may add to them while it is read.
    package var leftBehind: [String] { parser.leftBehind.names }

    /// The names among `RosterOptions.withoutColumns` that the roster does not have, so far.
    package var missingColumns: [String] { parser.leftBehind.missing(of: options) }

    /// Raw bytes taken from the source, read ahead included.
    package var bytesRead: Int64 { window.rawBytesRead }

    /// SHA-256 over the raw bytes read so far, in lower-case hexadecimal: the roster's once `next` was empty.
    package var fingerprint: String { window.fingerprint }

    /// The next items in the roster's order, at most `max` and of about 8 MiB; empty at the end.
    ///
    /// Where reading fails, the items before that place are returned first, and the next call throws.
    package func next(max: Int) throws -> [RosterItem] {
        if let failure { throw failure }
        var items: [RosterItem] = []
        guard max > 0, !isFinished else { return items }
        items.reserveCapacity(min(max, 4096))
        do {
            let start = window.rawBytesRead
            while items.count < max, items.isEmpty || window.rawBytesRead - start < RosterBounds.batchBytes {
                guard let item = try parser.next() else {
                    isFinished = true
                    break
                }
                if case .rejected(let row) = item {
                    items.append(.rejected(parser.leftBehind.redacted(row)))
                } else {
                    items.append(item)
                }
            }
        } catch {
            let named: any Error = (error as? RosterError)?.from(window.name) ?? error
            failure = named
            if items.isEmpty { throw named }
        }
        return items
    }

    private static func decide(
        _ window: TextWindow,
        _ options: RosterOptions
    ) throws -> (RosterFormat, any RosterParser) {
        var sampleBytes = RosterBounds.sampleBytes
        while true {
            // One byte more than the sample tells whether there is more, however the source cuts its answers.
            try window.fill(to: sampleBytes + 1)
            let isWhole = window.count <= sampleBytes
            let canGrow = !isWhole && sampleBytes < RosterBounds.rowBytesMax
            let text = Array(window.bytes.prefix(sampleBytes))
            try TextCheck.check(text, encoding: window.encoding)
            sampleBytes *= 8

            if TextCheck.isJSON(text) {
                let sample = try JSONSample(text, isWhole: isWhole, wanted: options.idColumn)
                if sample.itemCount == 0, canGrow { continue }
                return (.json, try JSONRosterReader(window: window, sample: sample, options: options))
            }
            do {
                let dialect = try CSVDialect(
                    sample: text,
                    isWhole: isWhole,
                    encoding: window.encoding,
                    options: options
                )
                let format = dialect.delimiter.map { RosterFormat.delimited($0) } ?? .lines
                return (format, CSVRosterReader(window: window, dialect: dialect))
            } catch let error as RosterError where canGrow && [.empty, .headerOnly].contains(error.code) {
                continue
            }
        }
    }
}
