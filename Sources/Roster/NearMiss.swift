// The first value of a roster without identity IDs that came near being one, and why it is none.

import Model

/// A value that is no UUID and was meant as one, as far as can be told.
struct NearMiss {
    /// Where it stands: `line 2`, or `item 2`.
    let place: String
    let column: String
    let value: String
    /// A sentence about it.
    let why: String

    var sentence: String {
        "the first value that came near a UUID is \"\(value.showingInvisible(max: 100))\" on \(place) in the "
            + "column \(column.showingInvisible(max: 100)): \(why)"
    }

    /// Runs what may find no ID column, and adds the near miss to its error.
    static func explaining<Result>(
        _ miss: @autoclosure () -> NearMiss?,
        _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as RosterError where error.code == .noIDColumn {
            guard let miss = miss() else { throw error }
            throw RosterError(
                error.code,
                "\(error.message); \(miss.sentence)",
                advice: error.advice,
                source: error.source
            )
        }
    }

    /// The first one in a sample of a delimited roster.
    static func first(
        in text: [UInt8],
        _ delimiter: Delimiter?,
        _ quotes: CSVQuotes,
        names: [String],
        headerLine: Int?,
        leavingBehind left: LeftBehind
    ) -> NearMiss? {
        let rows = CSVRowReader(sample: text, delimiter: delimiter, quotes: quotes)
        var search = NearMissSearch(isOnlyColumn: names.count == 1)
        var count = 0
        while count <= RosterBounds.sampleRowsMax, !search.isDone, let event = rows.nextOfSample() {
            guard case .row = event, rows.line != headerLine, !rows.bytes.isPageTokenLine else { continue }
            count += 1
            for (field, name) in zip(rows.fields, names) where !left.includes(name) {
                let value = field.withBytes(in: rows.bytes) {
                    String(decoding: $0.prefix(1024), as: UTF8.self)
                }
                search.note(value, column: name, place: "line \(rows.line)")
            }
        }
        return search.found
    }
}

/// Goes through values until one is found that has the looks of a UUID; else the first of an ID column
/// serves.
struct NearMissSearch {
    /// How many items of JSON are looked at, since most rosters have IDs and need none of this.
    static let itemsMax = 50

    private let isOnlyColumn: Bool
    private var near: NearMiss?
    private var named: NearMiss?

    init(isOnlyColumn: Bool = false) {
        self.isOnlyColumn = isOnlyColumn
    }

    var isDone: Bool { near != nil }
    var found: NearMiss? { near ?? named }

    mutating func note(_ value: String, column: String, place: String) {
        guard near == nil, !Self.mayHoldSecrets(column) else { return }
        let bare = UUIDLikeness.bare(value)
        guard !bare.isEmpty, !UUIDLikeness.mayBeLink(bare) else { return }
        if let why = UUIDLikeness.whyNone(bare) {
            near = NearMiss(place: place, column: column, value: bare, why: why)
        } else if named == nil {
            let isNamed = SampledColumn(name: column).isNamedAsID
            // A bare list may be one of codes: of those only addresses are shown.
            guard isNamed || (isOnlyColumn && UUIDLikeness.isAddress(bare)) else { return }
            named = NearMiss(place: place, column: column, value: bare, why: UUIDLikeness.kind(bare))
        }
    }

    /// Whether a column's name tells of codes, links, or credentials.
    private static func mayHoldSecrets(_ name: String) -> Bool {
        let folded = name.lowercased()
        let words = [
            "code", "link", "token", "secret", "passw", "pwd", "otp", "hash", "key", "url", "recovery",
            "credential",
        ]
        return folded == "pin" || words.contains { folded.contains($0) }
    }
}
