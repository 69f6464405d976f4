// The roster as the command line names it.

import Glibc
package import Roster
import Model

/// A roster that has been opened and looked at, and can be read once.
///
/// `@unchecked Sendable`: the reader is handed to one task, which reads on one queue alone, one piece of work
/// after the other; the rest is immutable.
package struct RosterFile: @unchecked Sendable {
    package let reader: any RosterItems
    package let path: String
    /// In bytes; nil of what can be read only once.
    package let size: Int64?
    /// The columns that are left behind, as far as they are known before it is read.
    private let leftBehindFirst: [String]
    /// Whether it has no row.
    package let isEmpty: Bool

    /// - Parameter mayBeEmpty: whether there may be nobody in it; else that is an error.
    /// - Throws: `RosterError`, in words; also where no row names an identity.
    package init(_ path: String, options: RosterOptions, mayBeEmpty: Bool) throws {
        self.path = path
        var status = stat()
        let isFile = path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let size = isFile ? Int64(status.st_size) : nil
        self.size = size
        do {
            reader = try RosterPreview.open(canReopen: isFile) {
                try RosterReader(source: FileByteSource(path: path), options: options)
            }
            isEmpty = false
        } catch let error as RosterError where mayBeEmpty && error.saysEmpty {
            reader =
                try size.map { size in
                    EmptyRoster(
                        fingerprint: try rosterFingerprint(of: FileByteSource(path: path)),
                        bytes: size
                    )
                } ?? EmptyRoster()
            isEmpty = true
        }
        leftBehindFirst = reader.leftBehind
    }

    /// What to say of how the roster is read, and of the columns that are left behind, before it is read.
    ///
    /// - Parameter mustHaveColumns: whether every column to leave behind has to be there.
    /// - Throws: `RosterError` where one is to be left behind that the roster does not have: it may be
    ///   misspelt, and
    ///   then what it was to name would be enrolled.
    package func notes(mustHaveColumns: Bool) throws -> [String] {
        var notes = reader.notes
        if let leftBehind = reader.leftBehindInWords { notes.append(leftBehind) }
        let missing = reader.missingColumns
        guard !missing.isEmpty else { return notes }
        let names = missing.joined(separator: ", ")
        // Of JSON, a column may come with a later item.
        if mustHaveColumns, reader.format != .json {
            throw RosterError(
                .unknownColumn,
                "has no column \(names) to leave behind; its columns are: \(columnList)",
                advice: "check \(.withoutColumns)",
                source: path
            )
        }
        notes.append("note: the roster has no column \(names) to leave behind (without-columns)")
        return notes
    }

    /// What to say of further ones that have shown while it was read; for when it has been.
    package var laterColumnNote: String? {
        RosterReader.leftBehindInWords(Array(reader.leftBehind.dropFirst(leftBehindFirst.count)))
    }

    private var columnList: String {
        let names = [reader.idColumnName] + reader.columnNames
        return names.prefix(50).map { String($0.prefix(100)) }.joined(separator: ", ")
            + (names.count > 50 ? " and \(names.count - 50) more" : "")
    }

    /// Computes the file's fingerprint without parsing it; nil for what can be read only once.
    package var fingerprint: (@Sendable () throws -> String)? {
        guard size != nil else { return nil }
        return { [path] in try rosterFingerprint(of: FileByteSource(path: path)) }
    }
}
