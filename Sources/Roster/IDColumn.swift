// Which column holds the identity IDs.

import Model

/// What the sample tells of one column.
struct SampledColumn {
    var name: String
    /// Rows that have a value there.
    var filled = 0
    /// Rows that have a UUID there, the nil UUID included.
    var uuids = 0

    /// Rosters have malformed IDs; other columns have UUIDs by chance hardly ever.
    var isMostlyUUIDs: Bool { uuids > 0 && uuids * 2 >= filled }

    var isNamedAsID: Bool { Self.idNames.contains(name.lowercased()) }

    /// Whether a word of the name is one of those that name IDs: `User UUID`, `kratosId`, `sub`.
    var isNamedLikeAnID: Bool {
        if isNamedAsID || ["userid", "uid"].contains(name.lowercased()) { return true }
        var words: [String] = [""]
        for character in name {
            let beginsWord = character.isUppercase && words[words.count - 1].last?.isLowercase == true
            if beginsWord || !character.isLetter { words.append("") }
            if character.isLetter { words[words.count - 1].append(character) }
        }
        let idWords: Set = ["id", "ids", "uuid", "guid", "identity", "identifier", "subject", "sub"]
        return words.contains { idWords.contains($0.lowercased()) }
    }

    static let idNames = ["identity_id", "identity", "id", "identity.id"]
}

/// The choice of the ID column.
///
/// The one that the operator names, exactly or else in any case. Or else, in this order: the column named
/// `identity_id`, `identity` or `id` that mostly holds UUIDs; the one so named that holds some; any other
/// column that mostly does; any that does. Several at the first step that finds any are an error.
enum IDColumn {
    /// The column's index; throws a `RosterError` that lists the columns.
    ///
    /// `hasRows` tells whether the sample had any row to judge by: without one the name decides.
    static func choose(among columns: [SampledColumn], wanted: String?, hasRows: Bool = true) throws -> Int {
        if let wanted { return try index(named: wanted, among: columns) }
        let indices = columns.indices
        let named = indices.filter { columns[$0].isNamedAsID }
        let others = indices.filter { !columns[$0].isNamedAsID }
        var steps = [
            named.filter { columns[$0].isMostlyUUIDs }, named.filter { columns[$0].uuids > 0 },
            others.filter { columns[$0].isMostlyUUIDs }, others.filter { columns[$0].uuids > 0 },
        ]
        if !hasRows { steps.append(named) }
        guard let found = steps.first(where: { !$0.isEmpty }) else {
            throw RosterError(
                .noIDColumn,
                "no column holds identity IDs (UUIDs); \(list(columns))",
                advice: "name the ID column with \(.idColumn), or give the delimiter with \(.delimiter)"
            )
        }
        guard found.count == 1 else {
            throw RosterError(
                .ambiguousIDColumn,
                "\(found.count) columns hold UUIDs: \(shown(found.map { columns[$0] })); \(list(columns))",
                advice: "choose the one with the identity IDs with \(.idColumn)"
            )
        }
        return found[0]
    }

    private static func index(named wanted: String, among columns: [SampledColumn]) throws -> Int {
        let exact = columns.indices.filter { columns[$0].name == wanted }
        let folded = wanted.lowercased()
        let found = exact.isEmpty ? columns.indices.filter { columns[$0].name.lowercased() == folded } : exact
        guard let index = found.first else {
            throw RosterError(
                .unknownColumn,
                "has no column \(wanted); \(list(columns))",
                advice: "give one of them with \(.idColumn)"
            )
        }
        guard found.count == 1 else {
            throw RosterError(
                .ambiguousIDColumn,
                "\(found.count) columns are named \(wanted); \(list(columns))",
                advice: "rename one of them in its first line"
            )
        }
        return index
    }

    /// The columns' names for an error.
    static func list(_ columns: [SampledColumn]) -> String {
        columns.isEmpty ? "it has no columns" : "its columns are: \(shown(columns))"
    }

    /// Of very many the first, and of a very long name the beginning.
    private static func shown(_ columns: [SampledColumn]) -> String {
        let names = columns.prefix(50).map {
            String(String.UnicodeScalarView($0.name.unicodeScalars.prefix(100)))
        }
        let more = columns.count > 50 ? " and \(columns.count - 50) more" : ""
        return names.joined(separator: ", ") + more
    }
}
