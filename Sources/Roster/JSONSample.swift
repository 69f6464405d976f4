// What a JSON roster's first items tell: its columns, and which of them has the IDs.

import Model

/// What the first items of a JSON roster tell.
struct JSONSample {
    /// The members of the sampled items that are rows, in the order in which they first come.
    private(set) var columns: [SampledColumn] = []
    private(set) var itemCount = 0

    private let wanted: String?
    private var (identities, imports, sessions, others) = (0, 0, 0, 0)
    /// What the first error answer says.
    private var errorWords: String?
    /// Whether one item has two IDs under the names that identities' IDs have.
    private var hasTwoIDs = false
    private var search = NearMissSearch()

    static let emptyError = RosterError(
        .empty,
        "holds no identities; export them again, or check the query that they came from"
    )

    /// Reads the sample; throws a `RosterError` where the sample is the whole roster and has no item.
    init(_ text: [UInt8], isWhole: Bool, wanted: String? = nil) throws {
        self.wanted = wanted
        let scanner = JSONItemScanner(window: TextWindow(MemoryByteSource(text)), wanted: wanted)
        do {
            while itemCount < RosterBounds.sampleRowsMax, let next = try scanner.next() {
                itemCount += 1
                switch next {
                case .text(let text): if let item = try? JSONItem(text) { add(item) }
                case .pageError(let text):
                    note(errorWords: text.withUnsafeBufferPointer { try? JSONItem($0).errorWords })
                case .tooLong: others += 1
                }
            }
        } catch  where !isWhole || itemCount > 0 {
            // The sample is cut, or the reader comes to the same place later and throws there.
            return
        }
        if itemCount == 0, isWhole { throw Self.emptyError }
    }

    private mutating func note(errorWords words: String?) {
        errorWords = errorWords ?? words ?? JSONItem.noErrorWords
    }

    private mutating func add(_ item: JSONItem) {
        guard case .object = item.shape else {
            others += 1
            return
        }
        if item.isImportError {
            imports += 1
            return
        }
        if item.isSession(wanted: wanted) {
            sessions += 1
            return
        }
        let ids = item.members.filter { SampledColumn(name: $0.name).isNamedAsID }
        let uuids = ids.count { IdentityID($0.value) != nil }
        let hasWanted = wanted.map { item.member(named: $0.lowercased()) != nil } ?? false
        if item.isErrorAnswer(hasID: uuids > 0 || hasWanted) { return note(errorWords: item.errorWords) }

        let isImport = item.isImport
        if isImport { imports += 1 } else { identities += 1 }
        if uuids > 1 { hasTwoIDs = true }
        for member in item.members
        where !isImport || (member.name != JSONItem.importID && member.name != "action") {
            let index = columns.firstIndex { $0.name == member.name } ?? columns.count
            if index == columns.count {
                guard index <= RosterBounds.columnsMax else { continue }
                columns.append(SampledColumn(name: member.name))
            }
            // The members of imports are columns, but none of them can be the ID column of other items.
            guard !isImport, !member.value.isEmpty else { continue }
            columns[index].filled += 1
            if IdentityID(member.value) != nil {
                columns[index].uuids += 1
            } else if itemCount <= NearMissSearch.itemsMax {
                search.note(member.value, column: member.name, place: "item \(itemCount)")
            }
        }
    }

    /// The columns that travel along: but for the names under which some items have their IDs.
    func furtherColumns(_ idColumnName: String) -> [String] {
        columns.filter { column in
            let isOtherID = column.isNamedAsID && column.uuids > 0 && column.uuids == column.filled
            return column.name != idColumnName && (wanted != nil || hasTwoIDs || !isOtherID)
        }.map(\.name)
    }

    /// The member that holds the ID; throws a `RosterError` where none or several do.
    func idColumnName(wanted: String?, leavingBehind left: LeftBehind) throws -> String {
        try NearMiss.explaining(search.found.flatMap { left.includes($0.column) ? nil : $0 }) {
            try chosenName(wanted, left)
        }
    }

    private func chosenName(_ wanted: String?, _ left: LeftBehind) throws -> String {
        guard identities > 0 else {
            if imports == 0, others == 0 { try refuse() }
            return imports > 0 ? JSONItem.importID : wanted ?? "id"
        }
        guard wanted == nil else {
            return columns[try IDColumn.choose(among: columns, wanted: wanted, leavingBehind: left)].name
        }
        let named = columns.filter { $0.isNamedAsID && $0.uuids > 0 && !left.includes($0.name) }
        // Documents of different kinds may follow one another: each item has one ID, wherever it stands.
        if named.count > 1, !hasTwoIDs, let most = named.max(by: { $0.uuids < $1.uuids }) { return most.name }
        guard columns.contains(where: { $0.uuids > 0 }) else {
            // A batch import's answers have their own; other items are rejects.
            if imports > 0 { return JSONItem.importID }
            throw noIDs
        }
        return columns[try IDColumn.choose(among: columns, wanted: nil, leavingBehind: left)].name
    }

    /// Throws what a roster is instead, where it is something else altogether.
    private func refuse() throws {
        if let errorWords {
            throw RosterError(
                .errorAnswer,
                "is a server's error answer and holds no identities: \(errorWords)",
                advice: "export them again"
            )
        }
        if sessions > 0 {
            throw RosterError(
                .sessions,
                "holds sessions, and the id of a session is no identity's",
                advice: "export identities (GET /admin/identities), or name the ID column with "
                    + "\(.idColumn, "identity.id") where the sessions have their identities (expand=identity)"
            )
        }
    }

    private var noIDs: RosterError {
        RosterError(
            .noIDColumn,
            "no column holds identity IDs (UUIDs); \(IDColumn.list(columns))",
            advice: "name the ID column with \(.idColumn)"
        )
    }
}
