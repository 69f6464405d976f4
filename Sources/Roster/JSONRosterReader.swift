// Items of a JSON roster: identities, plain IDs, and the answers of a batch import.

import Vocabulary

/// Turns the items of Kratos' JSON into a roster's.
final class JSONRosterReader: RosterParser {
    private(set) var columnNames: [String] = []
    let idColumnName: String

    /// In lower case, once: a hostile roster's may be a megabyte long.
    private let foldedIDColumnName: String
    private let scanner: JSONItemScanner
    private var columnIndices: [String: Int] = [:]

    /// Decides by a sample of the text which member holds the ID; throws a `RosterError` where none or several do.
    init(window: TextWindow, sample: JSONSample, wanted: String?) throws {
        scanner = JSONItemScanner(window: window)
        idColumnName = try sample.idColumnName(wanted: wanted)
        foldedIDColumnName = idColumnName.lowercased()
        for column in sample.columns where column.name != idColumnName { try add(column.name) }
    }

    func next() throws -> RosterItem? {
        guard let next = try scanner.next() else {
            guard scanner.itemCount > 0 else { throw JSONSample.emptyError }
            return nil
        }
        guard case .text(let text) = next else { return reject(.rowTooLong, column: nil, "") }
        do {
            return try item(JSONItem(text))
        } catch JSONItem.Failure.malformed(let offset) {
            // The item itself stays out of reports: it may hold credentials.
            return reject(.malformedJSON, column: nil, "not valid JSON at byte \(offset) of the item")
        } catch JSONItem.Failure.invalidUTF8(let column) {
            return reject(.invalidUTF8, column: column, "")
        } catch JSONItem.Failure.fieldTooLong(let column) {
            return reject(.fieldTooLong, column: column, "")
        }
    }

    private func item(_ item: JSONItem) throws -> RosterItem {
        switch item.shape {
        case .string(let text): return try row(text, column: nil, item, without: [])
        case .other: return reject(.missingID, column: idColumnName, "")
        case .object: break
        }
        if item.isImportError { return reject(.importError, column: "error", item.errorText ?? "") }
        let name = item.isImport ? JSONItem.importID : idColumnName
        guard let id = item[name] ?? item.member(named: item.isImport ? name : foldedIDColumnName),
            !id.isNull
        else {
            return reject(.missingID, column: name, "")
        }
        let isImport = item.isImport
        return try row(id.value, column: id.name, item, without: isImport ? [id.name, "action"] : [id.name])
    }

    private func row(
        _ text: String,
        column: String?,
        _ item: JSONItem,
        without left: [String]
    ) throws -> RosterItem {
        guard let id = IdentityID(text) else { return reject(.notAUUID, column: column, text) }
        guard id != .null else { return reject(.nilUUID, column: column, text) }
        if let member = item.members.first(where: { $0.value.utf8.contains(0) }) {
            return reject(.nulByte, column: member.name, member.value)
        }
        var columns: [String] = []
        columns.reserveCapacity(columnNames.count)
        for member in item.members where !left.contains(member.name) {
            let index = try columnIndices[member.name] ?? add(member.name)
            while columns.count <= index { columns.append("") }
            columns[index] = member.value
        }
        return .row(RosterRow(line: scanner.itemCount, identityID: id, columns: columns))
    }

    @discardableResult
    private func add(_ name: String) throws -> Int {
        guard columnNames.count < RosterBounds.columnsMax - 1 else {
            throw RosterError(
                .tooManyColumns,
                "has more than \(RosterBounds.columnsMax) columns at item \(scanner.itemCount); leave out traits "
                    + "that invitations do not need"
            )
        }
        columnIndices[name] = columnNames.count
        columnNames.append(name)
        return columnNames.count - 1
    }

    private func reject(_ reason: RejectedRow.Reason, column: String?, _ value: String) -> RosterItem {
        .rejected(RejectedRow(line: scanner.itemCount, column: column, reason: reason, value: value))
    }
}

extension JSONItem {
    /// Where the answer of a batch import has the ID.
    static let importID = "identity"

    /// Whether it is an item in the answer of a batch import (`PATCH /admin/identities`).
    var isImport: Bool {
        guard let action = self["action"]?.value else { return false }
        return action == "error" || (action == "create" && self[Self.importID] != nil)
    }

    var isImportError: Bool { self["action"]?.value == "error" }

    /// The last member of that name, in lower case, whatever its own case.
    func member(named folded: String) -> Member? {
        members.last { $0.name.lowercased() == folded }
    }
}

/// What the first items of a JSON roster tell.
struct JSONSample {
    /// The members of the sampled items that are rows, in the order in which they first come.
    private(set) var columns: [SampledColumn] = []
    private(set) var itemCount = 0
    private var (identities, imports) = (0, 0)
    private var search = NearMissSearch()

    static let emptyError = RosterError(
        .empty,
        "holds no identities; export them again, or check the query that they came from"
    )

    /// Reads the sample; throws a `RosterError` where the sample is the whole roster and has no item.
    init(_ text: [UInt8], isWhole: Bool) throws {
        let scanner = JSONItemScanner(window: TextWindow(MemoryByteSource(text)))
        do {
            while itemCount < RosterBounds.sampleRowsMax, let next = try scanner.next() {
                itemCount += 1
                if case .text(let text) = next, let item = try? JSONItem(text) { add(item) }
            }
        } catch  where !isWhole || itemCount > 0 {
            // The sample is cut, or the reader comes to the same place later and throws there.
            return
        }
        if itemCount == 0, isWhole { throw Self.emptyError }
    }

    private mutating func add(_ item: JSONItem) {
        guard case .object = item.shape else { return }
        let isImport = item.isImport
        if isImport { imports += 1 } else { identities += 1 }
        if item.isImportError { return }
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

    func idColumnName(wanted: String?) throws -> String {
        guard identities > 0 else { return imports > 0 ? JSONItem.importID : wanted ?? "id" }
        return try NearMiss.explaining(search.found) {
            columns[try IDColumn.choose(among: columns, wanted: wanted)].name
        }
    }
}
