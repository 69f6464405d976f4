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
        let leftOut = FormatRemark.allCases.compactMap { reason in
            tally.leftOut[reason].map { "\($0) \(Self.words(reason))" }
        }
        if !leftOut.isEmpty {
            lines.append("Left out: \(leftOut.joined(separator: ", ")); \(export.manifestPath) lists them.")
        }
        return lines
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

    var words: String {
        let unchanged = export.wasWritten ? "" : " (unchanged)"
        let count = BatchEntry.invitations(export.tally.rows, verb: false)
        guard export.paths.count > 1, let first = export.paths.first, let last = export.paths.last else {
            return export.paths.map { "  \($0)  \(count)\(unchanged)\n" }.joined()
                + "  \(export.manifestPath)\n"
        }
        return "  \(first) to\n  \(last)  \(count) in \(export.paths.count) files\(unchanged)\n"
            + "  \(export.manifestPath)\n"
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
