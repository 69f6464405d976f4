// The files of an export in a format: written aside, and put in place together.

import Files
import Foundation
import Model
import Sealing

/// One file of an export.
package struct ExportedPart: Hashable, Sendable {
    package let path: String
    package let rows: Int
    package let bytes: Int64
    let sha256: [UInt8]

    func moved(to path: String) -> ExportedPart {
        ExportedPart(path: path, rows: rows, bytes: bytes, sha256: sha256)
    }
}

/// A folder for files that are not whole yet, which ends with the value.
struct StagingFolder: ~Copyable {
    let path: String

    /// Removes what a killed process left, and makes the folder anew.
    init(_ path: String) throws {
        try Self.remove(path)
        try PrivateFolder.prepareCampaignFolder(path)
        self.path = path
    }

    deinit { try? Self.remove(path) }

    static func remove(_ path: String) throws {
        guard PrivateFolder.exists(path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }
}

/// Writes rows into parts, each of which begins with the same head.
final class PartFiles {
    /// More files than this are nobody's wish.
    static let partsMax = 9999

    private let folder: String
    private let head: [UInt8]
    private let rowsMax: Int
    private let bytesMax: Int
    private var file: AtomicFile?
    private var sum = SHA256Sum()
    private var rows = 0
    private var bytes = 0
    /// Those that are whole, by the names that they have in the folder.
    private(set) var parts: [ExportedPart] = []

    init(_ folder: String, head: [UInt8], rowsMax: Int?, bytesMax: Int?) {
        self.folder = folder
        self.head = head
        self.rowsMax = rowsMax ?? .max
        self.bytesMax = bytesMax ?? .max
    }

    /// Whether so much never fits into a file.
    func isTooLarge(_ size: Int) -> Bool { head.count + size > bytesMax }

    /// Appends bytes that belong together, and hold so many rows.
    func append(_ bytes: [UInt8], rows: Int) throws {
        if self.rows > 0, self.rows + rows > rowsMax || self.bytes + bytes.count > bytesMax { try close() }
        if self.rows == 0 { try open() }
        try put(bytes)
        self.rows += rows
    }

    /// Ends the last part; there is one at least.
    func finish() throws {
        if file == nil, parts.isEmpty { try open() }
        try close()
    }

    /// - Throws: `FormatError` where there are as many parts as there may be.
    static func checkCount(_ count: Int) throws {
        guard count < partsMax else {
            throw FormatError(
                .tooManyParts,
                "the export would have more than \(partsMax) files",
                advice: "give a larger \(.splitRows) or \(.splitBytes)"
            )
        }
    }

    private func open() throws {
        try Self.checkCount(parts.count)
        file = try AtomicFile("\(folder)/\(parts.count + 1)")
        sum = SHA256Sum()
        (rows, bytes) = (0, 0)
        try put(head)
    }

    private func put(_ more: [UInt8]) throws {
        sum.update(more)
        bytes += more.count
        try file?.write { $0.append(contentsOf: more) }
    }

    private func close() throws {
        guard let file = file.take() else { return }
        let path = file.path
        let stamp = try file.commit()
        parts.append(ExportedPart(path: path, rows: rows, bytes: stamp.size, sha256: sum.bytes))
        (rows, bytes) = (0, 0)
    }
}
