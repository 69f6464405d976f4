// What is in the files of an export in a format, and who is not.

import Files
import Model
import Sealing

/// The manifest of one export, streamed: those who are left out as they come, the counts at the end.
///
/// It holds no codes, links or addresses.
struct FormatManifest: ~Copyable {
    private var file: AtomicFile
    private var writer = JSONWriter()
    private var isFirst = true

    init(_ path: String, campaign: String, _ options: FormatOptions) throws {
        file = try AtomicFile(path)
        writer.append("{\n  \"campaign\": ")
        writer.string(campaign)
        for (name, value) in options.mark { append(name, value) }
        writer.append(",\n  \"listed\": [")
    }

    /// Lists an invitation.
    mutating func list(
        _ row: (identityID: IdentityID, generation: Int),
        _ reason: FormatRemark,
        isExported: Bool,
        sameAs other: IdentityID? = nil
    ) throws {
        writer.append(isFirst ? "\n    " : ",\n    ")
        isFirst = false
        var members: JSONMembers = [
            ("identity_id", .text(row.identityID.text)), ("generation", .number(row.generation)),
            ("reason", .text(reason.rawValue)), ("exported", .flag(isExported)),
        ]
        if let other { members.append(("same_address_as", .text(other.text))) }
        writer.line(.object(members))
        try flush()
    }

    /// Ends it, safe from a power cut.
    ///
    /// - Parameter calls: how many calls the files hold; nil where they hold none.
    consuming func finish(_ tally: FormatTally, _ parts: [ExportedPart], calls: Int?) throws {
        writer.append(isFirst ? "]" : "\n  ]")
        append("rows", .number(tally.rows))
        if let calls { append("calls", .number(calls)) }
        append("left_out", .object(tally.leftOutMembers))
        append("duplicate_addresses_exported", .number(tally.duplicatesKept))
        append("cleaned_values", .number(tally.cleanedValues))
        append("escaped_names", .number(tally.escapedNames))
        writer.append(",\n  \"files\": [")
        for (index, part) in parts.enumerated() {
            writer.append(index == 0 ? "\n    " : ",\n    ")
            writer.line(
                .object([
                    ("file", .text(String(part.path.split(separator: "/").last ?? ""))),
                    ("rows", .number(part.rows)), ("bytes", .number(Int(part.bytes))),
                    ("sha256", .text(SHA256Sum.text(part.sha256))),
                ])
            )
            try flush()
        }
        writer.append("\n  ]\n}\n")
        try flush()
        _ = try file.commit()
    }

    private mutating func append(_ name: String, _ value: JSONValue) {
        writer.append(",\n  ")
        writer.string(name)
        writer.append(": ")
        writer.line(value)
    }

    private mutating func flush() throws {
        let bytes = writer.takeBytes()
        try file.write { $0.append(contentsOf: bytes) }
    }
}
