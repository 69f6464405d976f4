// Batches as rows of the ledger.

import Foundation
import GRDB
import Ledger
import Model

/// A batch as its row has it.
enum BatchRow {
    static let select = """
        SELECT number, kind, state, at_ms, ending, options, members, first_generation, last_generation,
            left_out, sha256, size, modified_ns, manifest_sha256, written_at_ms
        FROM batch
        """

    static func record(_ row: Row) throws -> BatchRecord {
        guard let kind = BatchKind(rawValue: try row.at(1)), let state = BatchState(rawValue: try row.at(2))
        else { throw UnexpectedValue("a batch of a kind or a state that is none") }
        var record = BatchRecord(
            number: try row.at(0),
            kind: kind,
            state: state,
            at: Timestamp(milliseconds: try row.at(3)),
            ending: try row.at(4),
            options: try row.at(5),
            rows: try row.count(at: 6),
            leftOut: try leftOut(try row.at(9)),
            sha256: (try row.at(10) as Data?).map { [UInt8]($0) },
            writtenAt: (try row.at(14) as Int64?).map(Timestamp.init(milliseconds:))
        )
        if let first = try row.at(7) as Int?, let last = try row.at(8) as Int?, first <= last {
            record.generations = first...last
        }
        if let manifest = try row.at(13) as Data? {
            record.files = BatchFiles(
                size: try row.at(11),
                modifiedNanoseconds: try row.at(12),
                manifestSHA256: [UInt8](manifest)
            )
        }
        return record
    }

    static func text(of leftOut: [LeftOutReason: Int]) -> String {
        let members = leftOut.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\"\($0.key.rawValue)\":\($0.value)" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func leftOut(_ text: String) throws -> [LeftOutReason: Int] {
        guard let counts = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)) else {
            throw UnexpectedValue("counts that are none")
        }
        return counts.reduce(into: [:]) { leftOut, count in
            if let reason = LeftOutReason(rawValue: count.key) { leftOut[reason] = count.value }
        }
    }
}
