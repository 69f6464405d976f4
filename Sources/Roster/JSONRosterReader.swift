// Items of a JSON roster: identities, plain IDs, and the answers of a batch import.

import Model

/// Turns the items of Kratos' JSON into a roster's.
final class JSONRosterReader: RosterParser {
    private(set) var columnNames: [String] = []
    private(set) var leftBehind: LeftBehind
    let idColumnName: String

    /// In lower case, once: a hostile roster's may be a megabyte long.
    private let foldedIDColumnName: String
    /// The ID column that the operator names.
    private let wanted: String?
    private let scanner: JSONItemScanner
    /// Nil for a column that is left behind.
    private var columnIndices: [String: Int?] = [:]

    /// Decides by a sample of the text which member holds the ID; throws a `RosterError` where none or
    /// several do.
    init(window: TextWindow, sample: JSONSample, options: RosterOptions) throws {
        wanted = options.idColumn
        scanner = JSONItemScanner(window: window, wanted: wanted)
        leftBehind = LeftBehind(options, header: sample.columns.map(\.name), isJSON: true)
        idColumnName = try sample.idColumnName(wanted: wanted, leavingBehind: leftBehind)
        foldedIDColumnName = idColumnName.lowercased()
        for name in sample.furtherColumns(idColumnName) { try add(name) }
    }

    func next() throws -> RosterItem? {
        guard let next = try scanner.next() else {
            guard scanner.itemCount > 0 else { throw JSONSample.emptyError }
            return nil
        }
        do {
            switch next {
            case .tooLong: return reject(.rowTooLong, column: nil, "")
            case .text(let text): return try item(JSONItem(text))
            case .pageError(let text):
                let words = text.withUnsafeBufferPointer { try? JSONItem($0).errorWords }
                return reject(.errorAnswer, column: "error", words ?? JSONItem.noErrorWords)
            }
        } catch let error as MalformedJSON {
            // The item itself stays out of reports: it may hold credentials.
            return reject(.malformedJSON, column: nil, "not valid JSON at byte \(error.offset) of the item")
        } catch JSONItem.Failure.invalidUTF8(let column, let value) {
            return reject(.invalidUTF8, column: column, value)
        } catch JSONItem.Failure.duplicateMember(let name, let values) {
            return reject(.duplicateMember, column: name, values)
        } catch JSONItem.Failure.fieldTooLong(let column, let value) {
            return reject(.fieldTooLong, column: column, value)
        }
    }

    private func item(_ item: JSONItem) throws -> RosterItem {
        switch item.shape {
        case .string(let text): return try row(text, column: nil, item, without: [])
        case .other: return reject(.missingID, column: idColumnName, "")
        case .object: break
        }
        if item.isImportError { return reject(.importError, column: "error", item.errorText ?? "") }
        if item.isSession(wanted: wanted) {
            return reject(.session, column: "id", item["id"]?.value ?? "")
        }
        let name = item.isImport ? JSONItem.importID : idColumnName
        let found =
            item[name] ?? item.member(named: item.isImport ? name : foldedIDColumnName)
            ?? (wanted == nil ? item.otherID : nil)
        if item.isErrorAnswer(hasID: found.map { IdentityID($0.value) != nil } ?? false) {
            return reject(.errorAnswer, column: "error", item.errorWords)
        }
        guard let id = found, !id.isNull else { return reject(.missingID, column: name, "") }
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
            guard let index = try columnIndices[member.name] ?? add(member.name) else { continue }
            var value = member.value
            if value.withUTF8(\.holdsRecoveryLink) {
                return reject(.earlierInvitation, column: member.name, value)
            }
            while columns.count <= index { columns.append("") }
            columns[index] = value
        }
        return .row(RosterRow(line: scanner.itemCount, identityID: id, columns: columns))
    }

    @discardableResult
    private func add(_ name: String) throws -> Int? {
        guard columnIndices.count < RosterBounds.columnsMax - 1 else {
            throw RosterError(
                .tooManyColumns,
                "has more than \(RosterBounds.columnsMax) columns at item \(scanner.itemCount); leave out "
                    + "traits that invitations do not need"
            )
        }
        if leftBehind.includes(name) {
            leftBehind.note(name)
            columnIndices.updateValue(nil, forKey: name)
            return nil
        }
        columnIndices[name] = columnNames.count
        columnNames.append(name)
        return columnNames.count - 1
    }

    private func reject(_ reason: RejectedRow.Reason, column: String?, _ value: String) -> RosterItem {
        .rejected(RejectedRow(line: scanner.itemCount, column: column, reason: reason, showing: value))
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

    /// What the members of a nested identity are called: `identity.id`.
    static let nestedPrefix = "identity."
    static let nestedID = nestedPrefix + "id"

    /// The ID of an item that lacks the roster's ID column; nil where it is not plainly an identity's.
    ///
    /// An `id` counts where the item is an identity: anything else may have one of its own.
    var otherID: Member? {
        let names = ["identity_id", Self.nestedID, "identity"] + (marks.contains(.identity) ? ["id"] : [])
        return names.lazy.compactMap { self[$0] }.first { IdentityID($0.value) != nil }
    }

    /// Whether it is a session (`GET /admin/sessions`), whose `id` is nobody's.
    ///
    /// An `identity_id` beside it is an identity's, and so is what the operator names other than `id`.
    func isSession(wanted: String?) -> Bool {
        guard marks.contains(.session), !marks.contains(.identity) else { return false }
        if let wanted { return wanted.lowercased() == "id" }
        return self["identity_id"].flatMap { IdentityID($0.value) } == nil
    }

    /// Whether it is what a server or a gateway says in place of identities.
    func isErrorAnswer(hasID: Bool) -> Bool {
        guard !isImport else { return false }
        // An ID that comes with an error and with nothing else is the error's.
        if hasID { return marks.contains(.errorObject) && !marks.contains(.beyondErrors) }
        return marks.contains(.error) || (errorText != nil && !marks.contains(.beyondErrors))
    }

    private static let errorWordsMax = 200
    static let noErrorWords = "it does not say which"

    /// What an error answer says, without what may be secret; for people.
    var errorWords: String {
        errorText.map(Redactor(lengthMax: Self.errorWordsMax).said) ?? Self.noErrorWords
    }
}
