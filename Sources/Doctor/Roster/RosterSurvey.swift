// A roster read once from start to end, of which only counts and a sample are kept.

import Roster
import Vocabulary

/// What reading a roster told.
struct RosterSurvey {
    let path: String
    let idColumn: String
    /// Whether it is JSON, which has no delimiter.
    var isJSON = false
    /// All that name an identity.
    var rows = 0
    var rejects: [RejectedRow.Reason: Int] = [:]
    /// Where the first reject stands.
    var firstReject: (line: Int, reason: RejectedRow.Reason)?
    /// Raw, as the file has them.
    var bytes: Int64 = 0
    /// Some of the IDs, from all over the roster.
    var sample: [IdentityID] = []

    var rejected: Int { rejects.values.reduce(0, +) }

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
        var survey = RosterSurvey(path: path, idColumn: reader.idColumnName, isJSON: reader.format == .json)
        var reservoir = Reservoir<IdentityID>(capacity: sampleSize, random: random)
        while case let items = try reader.next(max: batchSize), !items.isEmpty {
            for item in items {
                switch item {
                case .row(let row): reservoir.add(row.identityID)
                case .rejected(let reject): survey.note(reject)
                }
            }
        }
        survey.rows = reservoir.count
        survey.sample = Array(Set(reservoir.sample)).sorted()
        survey.bytes = reader.bytesRead
        return survey
    }

    private mutating func note(_ reject: RejectedRow) {
        rejects[reject.reason, default: 0] += 1
        if firstReject == nil { firstReject = (reject.line, reject.reason) }
    }
}

extension RosterSurvey {
    var finding: Finding {
        guard rows > 0 else {
            return .problem(
                .roster,
                "\(path): none of \(rejected) rows names an identity (\(rejectsInWords))",
                isJSON ? "check --id-column" : "check --id-column and --delimiter"
            )
        }
        guard rejected > 0 else {
            return .ok(.roster, "\(path): \(rows) rows, IDs in the column \(idColumn), none rejected")
        }
        return .warning(
            .roster,
            "\(path): \(rows) rows with IDs in the column \(idColumn), \(rejected) rejected (\(rejectsInWords))",
            "mend them in the roster, or find them in rejected.csv after the run, which ends with 3"
        )
    }

    /// `2 not_a_uuid, 1 missing_id; the first on line 7`.
    private var rejectsInWords: String {
        let counts = rejects.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.value) \($0.key.rawValue)" }
        let place = firstReject.map { "; the first on line \($0.line)" } ?? ""
        return counts.joined(separator: ", ") + place
    }
}
