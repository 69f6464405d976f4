// What was found while invitations were written in a format.

package import Model

/// Why an invitation is not in an export, or is remarked on; the raw values are the format of manifests.
package enum FormatRemark: String, CaseIterable, Sendable {
    /// Its code was purged.
    case noCode = "no_code"
    case noAddress = "no_address"
    case impossibleAddress = "impossible_address"
    /// The system takes ASCII alone before the `@`.
    case nonASCIIAddress = "non_ascii_address"
    /// Another invitation before it has the same address.
    case duplicateAddress = "duplicate_address"
    /// A value begins a template tag of the system's.
    case templateTag = "template_tag"
}

/// The counts of one export.
package struct FormatTally: Hashable, Sendable {
    package var rows = 0
    package var leftOut: [FormatRemark: Int] = [:]
    /// Invitations with an address that one before has, which are written all the same.
    package var duplicatesKept = 0
    /// Values that had line breaks or control characters.
    package var cleanedValues = 0
    /// Names that had the beginning of a template tag.
    package var escapedNames = 0
    package var formulaFields = 0
    package var relativeLinks = 0

    /// As the ledger remembers them with the file.
    var remarks: [String: Int] {
        var remarks = [
            "rows": rows, "duplicates_kept": duplicatesKept, "cleaned_values": cleanedValues,
            "escaped_names": escapedNames, "formula_fields": formulaFields, "relative_links": relativeLinks,
        ]
        for (reason, count) in leftOut { remarks[reason.rawValue] = count }
        return remarks
    }

    init() {}

    init(remarks: [String: Int]) {
        rows = remarks["rows"] ?? 0
        duplicatesKept = remarks["duplicates_kept"] ?? 0
        cleanedValues = remarks["cleaned_values"] ?? 0
        escapedNames = remarks["escaped_names"] ?? 0
        formulaFields = remarks["formula_fields"] ?? 0
        relativeLinks = remarks["relative_links"] ?? 0
        for reason in FormatRemark.allCases { leftOut[reason] = remarks[reason.rawValue] }
    }

    /// The reasons and their counts, for manifests and reports.
    package var leftOutMembers: JSONMembers {
        FormatRemark.allCases.compactMap { reason in
            leftOut[reason].map { (reason.rawValue, .number($0)) }
        }
    }
}

/// The first of those that make an export fail, and how many there are.
struct Offenders {
    private static let shownMax = 10

    private(set) var count = 0
    private var shown: [String] = []

    mutating func add(_ text: @autoclosure () -> String) {
        count += 1
        if shown.count < Self.shownMax { shown.append(text()) }
    }

    var words: String { shown.joined(separator: ", ") + (count > shown.count ? ", …" : "") }
}
