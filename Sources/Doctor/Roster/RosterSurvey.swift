// A roster read once from start to end, of which only counts and a sample are kept.

import Roster
import Model

/// What reading a roster told.
struct RosterSurvey {
    let path: String
    let idColumn: String
    /// How the roster is read, where that is not as usual.
    var notes: [String] = []
    /// All that name an identity.
    var rows = 0
    var rejects = RejectTally()
    var format: RosterFormat = .lines
    /// Raw, as the file has them.
    var bytes: Int64 = 0
    /// Some of the IDs, from all over the roster.
    var sample: [IdentityID] = []
    /// Columns that are left behind, and those that are to be and are not there.
    var leftBehind: [String] = []
    var missingColumns: [String] = []

    var rejected: Int { rejects.count }

    /// How many IDs are looked up.
    static let sampleSize = 100
    private static let batchSize = 1000

    /// Reads a roster.
    ///
    /// - Throws: `RosterError`, in words, where it cannot be read to its end.
    static func read(
        _ path: String,
        _ options: RosterOptions,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws -> RosterSurvey {
        let reader = try RosterReader(source: FileByteSource(path: path), options: options)
        var survey = RosterSurvey(path: path, idColumn: reader.idColumnName)
        survey.notes = reader.notes
        var reservoir = Reservoir<IdentityID>(capacity: sampleSize, random: random)
        while case let items = try reader.next(max: batchSize), !items.isEmpty {
            for item in items {
                switch item {
                case .row(let row): reservoir.add(row.identityID)
                case .rejected(let reject): survey.rejects.note(reject)
                }
            }
        }
        survey.rows = reservoir.count
        survey.sample = Array(Set(reservoir.sample)).sorted()
        survey.bytes = reader.bytesRead
        survey.leftBehind = reader.leftBehind
        survey.missingColumns = reader.missingColumns
        survey.format = reader.format
        return survey
    }
}

extension RosterSurvey {
    var finding: Finding {
        guard rows > 0 else {
            return .problem(
                .roster,
                "\(path): \(rejects.nothingToEnrol())",
                RejectTally.advice(format)
            )
        }
        guard missingColumns.isEmpty else {
            return .warning(
                .roster,
                "\(path): \(rows) rows with IDs in the column \(idColumn), \(rejected) rejected, and no "
                    + "column "
                    + "\(missingColumns.joined(separator: ", "))\(leftBehindInWords)",
                "check the names of \(.withoutColumns): what is misspelt there is not left behind"
            )
        }
        guard rejected > 0 else {
            return .ok(
                .roster,
                "\(path): \(rows) rows, IDs in the column \(shownIDColumn), none "
                    + "rejected\(notesInWords)\(leftBehindInWords)"
            )
        }
        return .warning(
            .roster,
            "\(path): \(rows) rows with IDs in the column \(shownIDColumn), \(rejected) rejected "
                + "(\(rejects.inWords))\(notesInWords)\(leftBehindInWords)",
            "mend them in the roster, or find them in rejected.csv after the run, which ends with 3"
        )
    }

    private var shownIDColumn: String { idColumn.showingInvisible(max: 100) }

    private var notesInWords: String { notes.map { "; \($0)" }.joined() }

    private var leftBehindInWords: String {
        RosterReader.leftBehindInWords(leftBehind).map { ". \($0)" } ?? ""
    }
}
