// What came of an export in the format of another system, in words and in JSON.

import Campaign
import Exports
import Files
import Model

/// The words of `export --format`.
struct FormatReport {
    let export: CampaignOutputs.FormattedExport

    /// Whether somebody is left out.
    var leavesOut: Bool { !export.tally.leftOut.isEmpty }

    /// Warns of what was found while files were written.
    func warn(_ options: InvitationOptions, _ console: Console) {
        var remarks = InvitationRemarks()
        remarks.invitations = export.tally.rows
        remarks.formulaFields = export.tally.formulaFields
        remarks.relativeLinks = export.tally.relativeLinks
        RunReport.warn(remarks, options, console)
        note(console)
    }

    /// Tells who is left out and what became of values, but not what is found in any file of invitations.
    func note(_ console: Console) {
        for line in notes { console.note(line) }
    }

    private var notes: [String] {
        let tally = export.tally
        var lines: [String] = []
        if tally.duplicatesKept > 0 {
            lines.append(
                "note: \(tally.duplicatesKept) have an address that one before has: see the manifest"
            )
        }
        if tally.cleanedValues > 0 {
            lines.append("note: \(tally.cleanedValues) values had line breaks or control characters")
        }
        if tally.escapedNames > 0 {
            lines.append("note: \(tally.escapedNames) names were like a template tag, and have a blank in it")
        }
        if let leftOut { lines.append("Left out: \(leftOut); \(export.manifestPath) lists them.") }
        return lines
    }

    /// How many are left out, and why; nil where nobody is.
    var leftOut: String? {
        let counts = FormatRemark.allCases.compactMap { reason in
            export.tally.leftOut[reason].map { "\($0) \(Self.words(reason))" }
        }
        return counts.isEmpty ? nil : counts.joined(separator: ", ")
    }

    private static func words(_ reason: FormatRemark) -> String {
        switch reason {
        case .noCode: "whose code was purged"
        case .noAddress: "without an address"
        case .impossibleAddress: "with an impossible address"
        case .nonASCIIAddress: "with an address that is not ASCII"
        case .duplicateAddress: "with an address that one before has"
        case .templateTag: "with a value like a template tag"
        }
    }

    var words: String { lines.map { "\($0)\n" }.joined() }

    /// One line for each file; of several, for the first and the last.
    var lines: [String] {
        let unchanged = export.wasWritten ? "" : " (unchanged)"
        let count = BatchEntry.invitations(export.tally.rows, verb: false)
        guard export.paths.count > 1, let first = export.paths.first, let last = export.paths.last else {
            return export.paths.map { "  \($0)  \(count)\(unchanged)" } + ["  \(export.manifestPath)"]
        }
        return [
            "  \(first) to", "  \(last)  \(count) in \(export.paths.count) files\(unchanged)",
            "  \(export.manifestPath)",
        ]
    }

    var json: String { JSONWriter.document(members) }

    var members: JSONMembers {
        [
            ("paths", .texts(export.paths)),
            ("manifest", .text(export.manifestPath)),
            ("invitations", .number(export.tally.rows)),
            ("written", .flag(export.wasWritten)),
            ("left_out", .object(export.tally.leftOutMembers)),
            ("duplicate_addresses_exported", .number(export.tally.duplicatesKept)),
            ("cleaned_values", .number(export.tally.cleanedValues)),
            ("escaped_names", .number(export.tally.escapedNames)),
            ("formula_fields", .number(export.tally.formulaFields)),
            ("relative_links", .number(export.tally.relativeLinks)),
        ]
    }
}
