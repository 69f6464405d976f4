// The columns of a roster that stay outside: which they are, and what a reject may show beside them.

import Model

/// The columns that a roster leaves behind at the door: their values are handed to nobody.
///
/// They are the columns with secrets of the program's own outputs, those that the operator names, and of a
/// fed-back `failures.csv` or `invitations.csv` that file's own ones.
struct LeftBehind {
    /// Those found so far, as the roster spells them.
    private(set) var names: [String] = []

    /// Those that the operator names, folded.
    private let named: Set<String>
    /// Whether a name stands for everything below it too (`traits.address`).
    private let namesReachBelow: Bool
    /// The own columns of the output that the roster is, but for the ID; empty where it is none.
    private let ofOutput: Set<String>
    /// Those that are known by what is in them.
    private let recognised: Set<String>

    /// - Parameters:
    ///   - header: the names by which the roster can be told to be an output of ours.
    ///   - recognised: columns without a header that hold secrets all the same.
    init(_ options: RosterOptions, header: [String], recognised: Set<String> = [], isJSON: Bool = false) {
        named = Set(options.withoutColumns.map(OwnColumns.folded))
        namesReachBelow = isJSON
        var own: [String] = []
        if OwnColumns.areOfFailures(header) { own += OwnColumns.failures.dropFirst() }
        if OwnColumns.areOfInvitations(header) { own += OwnColumns.invitations.dropFirst() }
        ofOutput = Set(own)
        self.recognised = recognised
    }

    var isEmpty: Bool { names.isEmpty }

    /// Whether a column stays outside.
    func includes(_ name: String) -> Bool { isOurs(name) || isNamed(name) }

    /// Whether it does because it is a column of ours.
    func isOurs(_ name: String) -> Bool {
        if recognised.contains(name) || OwnColumns.isSecret(name) { return true }
        return !ofOutput.isEmpty && ofOutput.contains(OwnColumns.folded(name))
    }

    /// Whether it does because the operator says so.
    func isNamed(_ name: String) -> Bool {
        guard !named.isEmpty else { return false }
        let folded = OwnColumns.folded(name)
        if named.contains(folded) { return true }
        return namesReachBelow && named.contains { folded.hasPrefix("\($0).") }
    }

    var namesAny: Bool { !named.isEmpty }

    /// Notes a column that is left behind.
    mutating func note(_ name: String) { names.append(name) }

    /// Those that the operator names and the roster has not, in the operator's words.
    func missing(of options: RosterOptions) -> [String] {
        let found = Set(names.map(OwnColumns.folded))
        return options.withoutColumns.filter { name in
            let folded = OwnColumns.folded(name)
            return !found.contains(folded)
                && !(namesReachBelow && found.contains { $0.hasPrefix("\(folded).") })
        }
    }

    /// A reject without what may be the value of such a column.
    func redacted(_ row: RejectedRow) -> RejectedRow {
        guard !isEmpty || row.column.map(includes) == true else { return row }
        return row.redacted(includes)
    }
}

extension IDColumn {
    /// The ID column's index among columns of which some are left behind; throws a `RosterError` where it is
    /// one of them.
    static func choose(
        among columns: [SampledColumn],
        wanted: String?,
        hasRows: Bool = true,
        leavingBehind left: LeftBehind
    ) throws -> Int {
        let others = columns.map { left.isOurs($0.name) ? SampledColumn(name: $0.name) : $0 }
        var choice = Result { try choose(among: others, wanted: wanted, hasRows: hasRows) }
        // What is left behind is no ID column: where several might be, or none, that may decide.
        if case .failure = choice, left.namesAny, wanted == nil {
            let kept = others.map { left.isNamed($0.name) ? SampledColumn(name: $0.name) : $0 }
            choice = Result { try choose(among: kept, wanted: nil, hasRows: hasRows) }
        }
        let index = try choice.get()
        let name = columns[index].name
        if left.isNamed(name) {
            throw RosterError(
                .idColumnLeftBehind,
                "the column \(name) holds the identity IDs and cannot be left behind",
                advice: "take it off \(.withoutColumns), or name another ID column with \(.idColumn)"
            )
        }
        if left.isOurs(name) {
            throw RosterError(
                .idColumnLeftBehind,
                "the column \(name) comes from an earlier output of latchstring and cannot be the ID column",
                advice: "name another with \(.idColumn)"
            )
        }
        return index
    }
}

extension RosterItems {
    /// In a sentence, which columns are left behind; nil where all are taken.
    package var leftBehindInWords: String? { RosterReader.leftBehindInWords(leftBehind) }
}

extension RosterReader {
    /// The same, of columns by their names.
    package static func leftBehindInWords(_ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let shown = names.prefix(50).map { name in
            let scalars = name.unicodeScalars.prefix(100).map { scalar -> Unicode.Scalar in
                scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar
            }
            return String(String.UnicodeScalarView(scalars))
        }
        let more = names.count > 50 ? " and \(names.count - 50) more" : ""
        let list = shown.joined(separator: ", ") + more
        return names.count == 1
            ? "The roster's column \(list) is left behind: it is not enrolled, and no output has it."
            : "The roster's columns \(list) are left behind: they are not enrolled, and no output has them."
    }
}
