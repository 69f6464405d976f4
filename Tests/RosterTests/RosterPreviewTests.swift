// Looking into a roster for the first row that names an identity.

import Testing
import Model

@testable import Roster

@Suite struct RosterPreviewTests {
    private func open(_ text: String, canReopen: Bool = true, opened: () -> Void = {}) throws
        -> any RosterItems
    {
        try RosterPreview.open(canReopen: canReopen) {
            opened()
            return try RosterReader(
                source: MemoryByteSource(roster(text)),
                options: RosterOptions(idColumn: "id")
            )
        }
    }

    private func items(_ roster: any RosterItems, max: Int) throws -> [RosterItem] {
        var items: [RosterItem] = []
        while case let next = try roster.next(max: max), !next.isEmpty {
            #expect(next.count <= max)
            items += next
        }
        return items
    }

    @Test(arguments: [0, 1, 999, 1000, 1001, 5000, 19_999, 20_000, 25_000], [1, 700, 5000])
    func everyItemComesOnceInItsOrder(_ rejects: Int, _ max: Int) throws {
        let text = "id,name\n" + String(repeating: "x,y\n", count: rejects) + "#1,a\nz,b\n#2,c\n"
        var openings = 0
        let preview = try open(text) { openings += 1 }
        let reader = try RosterReader(
            source: MemoryByteSource(roster(text)),
            options: RosterOptions(idColumn: "id")
        )
        #expect(try items(preview, max: max) == items(reader, max: max))
        #expect(preview.fingerprint == reader.fingerprint && preview.bytesRead == reader.bytesRead)
        #expect(preview.idColumnName == "id" && preview.columnNames == ["name"])
        #expect(openings == (rejects < RosterPreview.rejectsMax ? 1 : 2))
    }

    @Test(arguments: [1, 1000, 30_000])
    func aRosterOfRejectsIsRefused(_ rejects: Int) throws {
        let text = "id,name\n" + String(repeating: "x,y\n", count: rejects)
        let error = #expect(throws: RosterError.self) { try open(text) }
        #expect(error?.code == .nothingToEnrol && error?.saysEmpty == false)
        #expect(
            error?.description == "the roster: none of \(rejects) rows names an identity "
                + "(\(rejects) not_a_uuid; the first on line 2): check id-column and delimiter"
        )
    }

    @Test func ofAPipeTheBeginningDecides() throws {
        let text = "id,name\n" + String(repeating: "x,y\n", count: 30_000) + "#1,a\n"
        let error = #expect(throws: RosterError.self) { try open(text, canReopen: false) }
        #expect(error?.description.contains("none of its first 20000 rows names an identity") == true)
        #expect(try !items(open(text), max: 1000).isEmpty)
    }

    @Test func ofJSONThereIsNoDelimiter() throws {
        let error = #expect(throws: RosterError.self) { try open(#"[{"id":"x"},{"id":"y"}]"#) }
        #expect(error?.code == .nothingToEnrol)
        #expect(
            error?.description.contains("id-column") == true
                && error?.description.contains("delimiter") == false
        )
    }

    @Test(arguments: ["", "\n\n \n", "id,name\n", "[]", "{\"identities\":[]}"])
    func whatHasNoRowsSaysSo(_ text: String) throws {
        let error = #expect(throws: RosterError.self) { try open(text) }
        #expect(error?.saysEmpty == true, "\(String(describing: error))")
    }

    @Test func anEmptyRosterHasNothing() throws {
        let empty = EmptyRoster(fingerprint: "f", bytes: 7)
        #expect(try empty.next(max: 10).isEmpty && empty.fingerprint == "f" && empty.bytesRead == 7)
    }
}
