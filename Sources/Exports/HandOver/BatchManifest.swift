// What is in a batch, for whoever takes it: a JSON file beside it.

import Files
package import Ledger
package import Model
import Sealing

/// The manifest of one batch; the same batch gives the same bytes.
enum BatchManifest {
    /// Streams it, however many were left out.
    ///
    /// - Parameter sha256: the batch file's.
    /// - Throws: what the ledger and the file throw.
    static func write(
        _ batch: BatchRecord,
        of ledger: any HandOverStore,
        sha256: [UInt8],
        to file: inout AtomicFile
    ) throws {
        let campaign = try ledger.campaign().name
        var writer = JSONWriter()
        writer.append("{\n")
        for (name, value) in members(batch, campaign, sha256) { append(name, value, to: &writer) }
        writer.append("  \"options\": \(batch.options),\n  \"left_out_identities\": [")
        var isFirst = true
        try ledger.forEachLeftOut(ofBatch: batch.number) { left in
            writer.append(isFirst ? "\n    " : ",\n    ")
            isFirst = false
            writer.line(
                .object([
                    ("identity_id", .text(left.identityID.text)), ("generation", .number(left.generation)),
                    ("reason", .text(left.reason.rawValue)),
                ])
            )
            let bytes = writer.takeBytes()
            try file.write { $0.append(contentsOf: bytes) }
        }
        writer.append(isFirst ? "]\n}\n" : "\n  ]\n}\n")
        let bytes = writer.takeBytes()
        try file.write { $0.append(contentsOf: bytes) }
    }

    private static func members(
        _ batch: BatchRecord,
        _ campaign: String,
        _ sha256: [UInt8]
    ) -> JSONMembers {
        [
            ("campaign", .text(campaign)),
            ("batch", .number(batch.number)),
            ("kind", .text(batch.kind.rawValue)),
            ("prepared_at", .text(batch.at.rfc3339)),
            ("file", .text(batch.fileName)),
            ("sha256", .text(SHA256Sum.text(sha256))),
            ("rows", .number(batch.rows)),
            ("first_generation", .optional(batch.generations?.lowerBound)),
            ("last_generation", .optional(batch.generations?.upperBound)),
            ("left_out", .object(batch.leftOutMembers)),
        ]
    }

    private static func append(_ name: String, _ value: JSONValue, to writer: inout JSONWriter) {
        writer.append("  ")
        writer.string(name)
        writer.append(": ")
        writer.line(value)
        writer.append(",\n")
    }
}

extension BatchRecord {
    /// How many were left out, by reason.
    package var leftOutMembers: JSONMembers {
        LeftOutReason.allCases.compactMap { reason in
            leftOut[reason].map { (reason.rawValue, .number($0)) }
        }
    }
}
