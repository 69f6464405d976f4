// Batches as `handovers --json` lists them, and their files as any other program would read them.

import Foundation
import Sealing
import TestSupport

/// What `handovers --json` prints.
package struct BatchList: Hashable, Sendable, Decodable {
    package var notHandedOver: Int
    package var batches: [Entry]

    package struct Entry: Hashable, Sendable, Decodable {
        package var batch: Int
        package var kind: String
        package var state: String
        package var rows: Int
        package var file: String
        package var manifest: String
        package var sha256: String?

        package var isWritten: Bool { state == "written" }
    }

    private enum CodingKeys: String, CodingKey {
        case notHandedOver = "not_handed_over"
        case batches
    }

    package init(notHandedOver: Int, batches: [Entry]) {
        self.notHandedOver = notHandedOver
        self.batches = batches
    }

    /// Reads JSON text; nil where it is not whole.
    package init?(json: String) {
        guard let list = try? JSONDecoder().decode(BatchList.self, from: Data(json.utf8)) else { return nil }
        self = list
    }
}

/// A batch that is recorded as written, and what its files hold.
package struct HandedBatch: Hashable, Sendable {
    package var entry: BatchList.Entry
    /// Nil where the file is gone or is not whole.
    package var lines: [InvitationLine]?
    /// The file's SHA-256; nil where it is gone.
    package var sha256: String?
    /// Nil where the manifest is gone or cannot be read.
    package var manifest: Manifest?

    /// What of a manifest is held against the file.
    package struct Manifest: Hashable, Sendable, Decodable {
        package var batch: Int
        package var file: String
        package var sha256: String
        package var rows: Int

        package init(batch: Int, file: String, sha256: String, rows: Int) {
            self.batch = batch
            self.file = file
            self.sha256 = sha256
            self.rows = rows
        }
    }

    package init(
        entry: BatchList.Entry,
        lines: [InvitationLine]?,
        sha256: String?,
        manifest: Manifest?
    ) {
        self.entry = entry
        self.lines = lines
        self.sha256 = sha256
        self.manifest = manifest
    }

    /// Reads its files.
    init(_ entry: BatchList.Entry) {
        self.entry = entry
        if let bytes = FileManager.default.contents(atPath: entry.file) {
            var sum = SHA256Sum()
            sum.update(bytes)
            sha256 = SHA256Sum.text(sum.bytes)
            lines = OutputTable(String(decoding: bytes, as: UTF8.self))?.invitations
        }
        manifest = FileManager.default.contents(atPath: entry.manifest)
            .flatMap { try? JSONDecoder().decode(Manifest.self, from: $0) }
    }
}

extension [HandedBatch] {
    /// Each has the files that it is recorded with, and nobody is in two of a generation.
    package func violations() -> [Violation] {
        var found: [Violation] = []
        var batchOf: [String: Int] = [:]
        for batch in self {
            let (number, entry) = (batch.entry.batch, batch.entry)
            func require(_ holds: Bool, _ what: @autoclosure () -> String) {
                if !holds { found.append(Violation(.batchUnlikeRecord, "batch \(number): \(what())")) }
            }
            require(batch.sha256 != nil, "\(entry.file) is gone")
            require(batch.sha256 == entry.sha256, "its file is not the one that is recorded")
            require(batch.manifest != nil, "\(entry.manifest) is gone or is not whole")
            require(batch.manifest?.sha256 == batch.sha256, "its manifest has another SHA-256")
            require(batch.manifest?.batch == number, "its manifest is that of another batch")
            require(
                batch.manifest.map { entry.file.hasSuffix("/\($0.file)") } ?? true,
                "its manifest is of another file"
            )
            require(
                batch.lines?.count == entry.rows && batch.manifest?.rows == entry.rows,
                "\(batch.lines?.count ?? -1) rows in the file, "
                    + "\(batch.manifest?.rows ?? -1) in the manifest, \(entry.rows) recorded"
            )
            for line in batch.lines ?? [] {
                let invitation = "\(line.identity), generation \(line.generation)"
                if let other = batchOf.updateValue(number, forKey: invitation) {
                    found.append(
                        Violation(.handedOverTwice, "\(invitation) is in the batches \(other) and \(number)")
                    )
                }
            }
        }
        return found
    }

    /// What was written before is still there, byte by byte.
    package func violations(since earlier: [Int: String]) -> [Violation] {
        let now = Dictionary(map { ($0.entry.batch, $0.sha256) }) { first, _ in first }
        return earlier.compactMap { number, sum in
            now[number] == sum
                ? nil
                : Violation(.batchUnlikeRecord, "batch \(number) is not what it was when it was written")
        }
    }
}
