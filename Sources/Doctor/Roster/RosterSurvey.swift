// A roster read once from start to end, of which only counts and a sample are kept.

import Roster
import Vocabulary

/// What reading a roster told.
struct RosterSurvey {
    let path: String
    let idColumn: String
    /// All that name an identity.
    var rows = 0
    var rejects = RejectTally()
    var format: RosterFormat = .lines
    /// Raw, as the file has them.
    var bytes: Int64 = 0
    /// Some of the IDs, from all over the roster.
    var sample: [IdentityID] = []

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
        guard rejected > 0 else {
            return .ok(.roster, "\(path): \(rows) rows, IDs in the column \(idColumn), none rejected")
        }
        return .warning(
            .roster,
            "\(path): \(rows) rows with IDs in the column \(idColumn), \(rejected) rejected (\(rejects.inWords))",
            "mend them in the roster, or find them in rejected.csv after the run, which ends with 3"
        )
    }
}
