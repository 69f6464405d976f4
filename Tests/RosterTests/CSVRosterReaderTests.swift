// Awkward files, each read whole and cut into pieces: the rows and rejects are the same.

import Roster
import Testing
import Model

/// A roster and what it must yield.
struct CSVCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var idColumn = "identity_id"
    var columns: [String] = []
    var options = RosterOptions()
    let items: [String]

    var testDescription: String { name }
}

@Suite struct CSVRosterReaderTests {
    @Test(arguments: CSVCase.all)
    func yields(_ expected: CSVCase) throws {
        try check(expected, roster(expected.text))
    }

    @Test(arguments: CSVCase.all)
    func yieldsTheSameAfterAByteOrderMark(_ expected: CSVCase) throws {
        try check(expected, [0xef, 0xbb, 0xbf] + roster(expected.text))
    }

    @Test(arguments: CSVCase.all)
    func yieldsTheSameInUTF16(_ expected: CSVCase) throws {
        try check(expected, utf16(roster(expected.text), bigEndian: true))
        try check(expected, utf16(roster(expected.text), bigEndian: false))
    }

    private func check(_ expected: CSVCase, _ bytes: [UInt8]) throws {
        let whole = try Reading(bytes, expected.options)
        #expect(whole.items == expected.items)
        #expect(whole.idColumn == expected.idColumn)
        #expect(whole.columns == expected.columns)
        for seed in 0..<20 as Range<UInt64> {
            let cut = try Reading(bytes, expected.options, seed: seed)
            #expect(cut == whole, "cut with seed \(seed)")
        }
    }

    /// Its values would go out under the names of the first table.
    @Test(arguments: [
        "id,phone,name", "device,ID,name", "Identity,city,team", "id,phone*,2nd mail", "user uuid,mail,name",
    ])
    func anotherTableBelowIsRefused(_ header: String) throws {
        let text = "id,name,mail\n#1,Ann,a@x\nidentity-to-be,Bo,b@x\n\n\(header)\n#2,1,2\n"
        for seed in [nil, 1, 2, 3] as [UInt64?] {
            let reader = try RosterReader(source: PieceSource(roster(text), seed: seed))
            var items: [RosterItem] = []
            let error = #expect(throws: RosterError.self) {
                while case let next = try reader.next(max: 1), !next.isEmpty { items += next }
            }
            #expect(items.map(Reading.line) == ["2 #1 [Ann|a@x]", "3 id not_a_uuid <identity-to-be>"])
            #expect(error?.code == .anotherTable && error?.description.contains("line 5") == true)
        }
    }

    @Test func invalidUTF8IsRejectedWithItsColumn() throws {
        let bytes =
            roster("identity_id,name\n#1,Ann\n#2,") + [0x4d, 0xfc, 0x6c] + roster("\n#3,Zoë\n") + [0xff]
            + roster(",x\n#4,\"") + [0xc3] + roster("\"\n#5,y")
        for seed in [nil, 1, 2, 3] as [UInt64?] {
            #expect(
                try Reading(bytes, seed: seed).items == [
                    "2 #1 [Ann]", "3 name invalid_utf8 <M\u{fffd}l>", "4 #3 [Zoë]",
                    "5 identity_id invalid_utf8 <\u{fffd}>", "6 name invalid_utf8 <\u{fffd}>", "7 #5 [y]",
                ]
            )
        }
    }

    @Test func aLoneSurrogateInUTF16IsRejected() throws {
        var bytes = utf16(roster("id;name\n#1;😀\n#2;?\n#3;ok\n"), bigEndian: false)
        let mark = try #require(bytes.firstIndex(of: UInt8(ascii: "?")))
        bytes.replaceSubrange(mark...mark + 1, with: [0x00, 0xd8])
        for seed in [nil, 1, 2, 3] as [UInt64?] {
            let items = try Reading(bytes, seed: seed).items
            #expect(items.count == 3)
            #expect(items[0] == "2 #1 [😀]")
            #expect(items[1].hasPrefix("3 name invalid_utf8 "))
            #expect(items[2] == "4 #3 [ok]")
        }
    }

    @Test func halfACodeUnitAtTheEndIsRejected() throws {
        let bytes = utf16(roster("id;name\n#1;a\n#2;b"), bigEndian: true) + [0x00]
        #expect(try Reading(bytes).items == ["2 #1 [a]", "3 name invalid_utf8 <b\u{fffd}>"])
    }
}
