// Columns that stay outside, and rejects that show nothing of them.

import Testing
import Model

@testable import Roster

/// A roster, and what is left of it.
struct LeftBehindCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var options = RosterOptions()
    var columns: [String] = []
    let leftBehind: [String]
    let items: [String]

    var testDescription: String { name }
}

@Suite struct LeftBehindTests {
    /// Under another header its codes would go out, or show in a reject.
    @Test(arguments: ["id,mail\n#1,q@r\n", "id,a,b,c,mail\n#1,x,y,z,q@r\n"])
    func anOutputThatWasAppendedIsRefused(_ table: String) throws {
        let output = "identity_id,recovery_code,recovery_link,expires_at,email\n#2,SECRET,SECRET,SECRET,a@b\n"
        let reader = try RosterReader(source: PieceSource(roster(table + output)))
        #expect(try reader.next(max: 100).count == 1)
        let error = #expect(throws: RosterError.self) { try reader.next(max: 100) }
        #expect(error?.code == .appendedOutput && error?.description.contains("line 3") == true)
        #expect(error?.description.contains("SECRET") == false)
    }

    static let flow = "d7dcc607-20ec-48ce-b5cd-52ec59106f65"
    static let link = "https://ui.example/recovery?flow=\(flow)"
    static let time = "2026-11-22T02:25:08.943142855Z"
    static let whole = "2026-11-22T02:25:08Z"
    static let own = OwnColumns.failures.joined(separator: ",")

    static let byName = [
        LeftBehindCase(
            name: "an invitations.csv",
            text: "identity_id,recovery_code,recovery_link,expires_at,email\n#1,SECRET,SECRET,SECRET,a@x\n",
            columns: ["email"],
            leftBehind: ["recovery_code", "recovery_link", "expires_at"],
            items: ["2 #1 [a@x]"]
        ),
        LeftBehindCase(
            name: "an invitations.csv with times of issue and generations",
            text: "\(OwnColumns.invitations.joined(separator: ",")),roster_generation,email\n"
                + "#1,SECRET,SECRET,SECRET,SECRET,2,young,a@x\n",
            columns: ["roster_generation", "email"],
            leftBehind: ["recovery_code", "recovery_link", "expires_at", "issued_at", "generation"],
            items: ["2 #1 [young|a@x]"]
        ),
        LeftBehindCase(
            name: "an earlier invitations.csv of a roster with a column called generation",
            text:
                "identity_id,recovery_code,recovery_link,expires_at,generation\n"
                + "#1,SECRET,SECRET,SECRET,young\n",
            columns: ["generation"],
            leftBehind: ["recovery_code", "recovery_link", "expires_at"],
            items: ["2 #1 [young]"]
        ),
        LeftBehindCase(
            name: "an ordinary roster with columns called issued_at and generation",
            text: "identity_id,issued_at,generation\n#1,2026-11-22,3\n",
            columns: ["issued_at", "generation"],
            leftBehind: [],
            items: ["2 #1 [2026-11-22|3]"]
        ),
        LeftBehindCase(
            name: "in any case, with blanks, with prefixes, twice, in another order",
            text:
                "email; RECOVERY_CODE ;id;roster_roster_Recovery_Link;Recovery_Code\na@x;SECRET;"
                + "#1;SECRET;SECRET\n",
            columns: ["email"],
            leftBehind: ["RECOVERY_CODE", "roster_roster_Recovery_Link", "Recovery_Code"],
            items: ["2 #1 [a@x]"]
        ),
        LeftBehindCase(
            name: "those that are named, in any case",
            text: "id,Pin,email,pass word\n#1,SECRET,a@x,SECRET\n",
            options: RosterOptions(withoutColumns: ["PIN", " pass word"]),
            columns: ["email"],
            leftBehind: ["Pin", "pass word"],
            items: ["2 #1 [a@x]"]
        ),
        LeftBehindCase(
            name: "one without a header that is named",
            text: "#1,SECRET,a\n#2,SECRET,b\n",
            options: RosterOptions(withoutColumns: ["column_2"]),
            columns: ["column_3"],
            leftBehind: ["column_2"],
            items: ["1 #1 [a]", "2 #2 [b]"]
        ),
        LeftBehindCase(
            name: "the other one of two with UUIDs",
            text: "user,device\n#1,#8\n#2,#9\n",
            options: RosterOptions(withoutColumns: ["device"]),
            leftBehind: ["device"],
            items: ["2 #1 []", "3 #2 []"]
        ),
        LeftBehindCase(
            name: "codes that are UUIDs make the ID column no less certain",
            text: "user,recovery_code\n#1,#8\n#2,#9\n",
            leftBehind: ["recovery_code"],
            items: ["2 #1 []", "3 #2 []"]
        ),
        LeftBehindCase(
            name: "a failures.csv",
            text: "\(own),email\n#1,timeout,,,\"a, b\",1,0,\(time),#9,a@x\n",
            columns: ["email"],
            leftBehind: Array(OwnColumns.failures.dropFirst()),
            items: ["2 #1 [a@x]"]
        ),
        LeftBehindCase(
            name: "a failures.csv of a roster with a column of its own called kind",
            text: "\(own),roster_kind\n#1,timeout,,,r,1,0,\(time),#9,staff\n",
            columns: ["roster_kind"],
            leftBehind: Array(OwnColumns.failures.dropFirst()),
            items: ["2 #1 [staff]"]
        ),
        LeftBehindCase(
            name: "an ordinary roster with columns called kind and reason",
            text: "identity_id,kind,reason,attempts\n#1,staff,moved,3\n",
            columns: ["kind", "reason", "attempts"],
            leftBehind: [],
            items: ["2 #1 [staff|moved|3]"]
        ),
        LeftBehindCase(
            name: "an invitations.csv without its header",
            text: "#1,123456,\(link),\(time),a@x\n#2,,\(link),\(time),b@x\n#3,654321,\(link),\(time),c@x\n",
            columns: ["column_5"],
            leftBehind: ["column_2", "column_3", "column_4"],
            items: ["1 #1 [a@x]", "2 #2 [b@x]", "3 #3 [c@x]"]
        ),
        LeftBehindCase(
            name: "one with generations without its header",
            text: "#1,123456,\(link),\(whole),\(whole),1,a@x\n#2,654321,\(link),\(whole),\(whole),2,b@x\n",
            columns: ["column_7"],
            leftBehind: ["column_2", "column_3", "column_4", "column_5", "column_6"],
            items: ["1 #1 [a@x]", "2 #2 [b@x]"]
        ),
        LeftBehindCase(
            name: "one with generations without its header and its links",
            text: "#1,123456,\(whole),\(whole),1,a@x\n#2,654321,\(whole),\(whole),2,b@x\n",
            columns: ["column_6"],
            leftBehind: ["column_2", "column_3", "column_4", "column_5"],
            items: ["1 #1 [a@x]", "2 #2 [b@x]"]
        ),
        LeftBehindCase(
            name: "two times of a database beside numbers are nobody's invitation",
            text: "#1,123456,\(whole),\(whole),a@x\n#2,654321,\(whole),\(whole),b@x\n",
            columns: ["column_2", "column_3", "column_4", "column_5"],
            leftBehind: [],
            items: ["1 #1 [123456|\(whole)|\(whole)|a@x]", "2 #2 [654321|\(whole)|\(whole)|b@x]"]
        ),
        LeftBehindCase(
            name: "links of an invitations.csv alone",
            text: "#1,\(link)\n#2,\(link)\n",
            leftBehind: ["column_2"],
            items: ["1 #1 []", "2 #2 []"]
        ),
        LeftBehindCase(
            name: "a link and a code in another order, beside a name and a department",
            text: "\(link),Ann,123456,#1,IT2\n\(link),Bo,012345,#2,HR4\n",
            columns: ["column_2", "column_5"],
            leftBehind: ["column_1", "column_3"],
            items: ["1 #1 [Ann|IT2]", "2 #2 [Bo|HR4]"]
        ),
        LeftBehindCase(
            name: "codes with their expiry, no links",
            text: "#1,a@x,123456,\(time)\n#2,b@x,654321,\(time)\n",
            columns: ["column_2"],
            leftBehind: ["column_3", "column_4"],
            items: ["1 #1 [a@x]", "2 #2 [b@x]"]
        ),
        LeftBehindCase(
            name: "codes of another alphabet before relative links",
            text: "#1;QX-ZVB;/ui/recovery?a=b&FLOW=\(flow)\n#2;KL-MNO;/ui/recovery?flow=\(flow)\n",
            leftBehind: ["column_2", "column_3"],
            items: ["1 #1 []", "2 #2 []"]
        ),
        LeftBehindCase(
            name: "numbers beside a database's time are nobody's codes",
            text: "#1,123456,2026-11-22T02:25:08.943142Z\n#2,654321,2026-11-22T02:25:08.943142Z\n",
            columns: ["column_2", "column_3"],
            leftBehind: [],
            items: [
                "1 #1 [123456|2026-11-22T02:25:08.943142Z]", "2 #2 [654321|2026-11-22T02:25:08.943142Z]",
            ]
        ),
        LeftBehindCase(
            name: "under other names",
            text:
                "id,Code,portal,expiry,staff\n#1,123456,\(link),\(time),000001\n"
                + "#2,654321,\(link),\(time),000002\n",
            columns: ["expiry", "staff"],
            leftBehind: ["Code", "portal"],
            items: ["2 #1 [\(time)|000001]", "3 #2 [\(time)|000002]"]
        ),
        LeftBehindCase(
            name: "codes under such a name without links",
            text: "id,code\n#1,123456\n#2,654321\n",
            columns: ["code"],
            leftBehind: [],
            items: ["2 #1 [123456]", "3 #2 [654321]"]
        ),
        LeftBehindCase(
            name: "below a title that a spreadsheet filled up",
            text: "Spring invitations,,,,\n#1,123456,\(link),\(time),a@x\n#2,654321,\(link),\(time),b@x\n",
            columns: ["column_5"],
            leftBehind: ["column_2", "column_3", "column_4"],
            items: ["1 - not_a_row <[redacted]>", "2 #1 [a@x]", "3 #2 [b@x]"]
        ),
        LeftBehindCase(
            name: "rows of an invitations.csv below another table, as wide and wider",
            text:
                "id,a,b,c\n#1,x,y,z\n#2,123456,\(link),\(time)\n#3,123456,\(link),\(time),a@x\n#4,"
                + "p?a=b,q,r\n",
            columns: ["a", "b", "c"],
            leftBehind: [],
            items: [
                "2 #1 [x|y|z]", "3 b earlier_invitation <[redacted]>",
                "4 - wrong_number_of_fields <[redacted]>", "5 #4 [p?a=b|q|r]",
            ]
        ),
        LeftBehindCase(
            name: "links and times elsewhere are nobody's invitation",
            text: "#1,a@x,https://x.example/a?b=c,\(time)\n#2,b@x,https://x.example/a?b=d,\(time)\n",
            columns: ["column_2", "column_3", "column_4"],
            leftBehind: [],
            items: [
                "1 #1 [a@x|https://x.example/a?b=c|\(time)]", "2 #2 [b@x|https://x.example/a?b=d|\(time)]",
            ]
        ),
    ]

    static let json = [
        LeftBehindCase(
            name: "JSON: a link under another name",
            text: ##"[{"id":"#1","portal":"\##(link)"},{"id":"#2","portal":"x?y=z"}]"##,
            columns: ["portal"],
            leftBehind: [],
            items: ["1 portal earlier_invitation <[redacted]>", "2 #2 [x?y=z]"]
        ),
        LeftBehindCase(
            name: "JSON: at the top, in traits, and where they come later",
            text: ##"[{"id":"#1","recovery_code":"SECRET","a":"1","traits":{"Recovery_Link":"SECRET"}},"##
                + ##"{"id":"#2","roster_expires_at":"SECRET","a":"2","b":"3"}]"##,
            columns: ["a", "b"],
            leftBehind: ["recovery_code", "traits.Recovery_Link", "roster_expires_at"],
            items: ["1 #1 [1]", "2 #2 [2|3]"]
        ),
        LeftBehindCase(
            name: "JSON: a name and what is below it",
            text:
                ##"{"id":"#1","traits":{"pin":"SECRET","home":{"street":"SECRET","no":5},"homepage":"x"}}"##,
            options: RosterOptions(withoutColumns: ["traits.PIN", "traits.home"]),
            columns: ["traits.homepage"],
            leftBehind: ["traits.pin", "traits.home.street", "traits.home.no"],
            items: ["1 #1 [x]"]
        ),
    ]

    @Test(arguments: byName + json)
    func staysOutside(_ expected: LeftBehindCase) throws {
        for seed in [nil, 1, 2, 3] as [UInt64?] {
            let source = PieceSource(roster(expected.text), seed: seed)
            let reader = try RosterReader(source: source, options: expected.options)
            var items: [RosterItem] = []
            while case let next = try reader.next(max: 2), !next.isEmpty { items += next }
            #expect(items.map(Reading.line) == expected.items)
            #expect(reader.columnNames == expected.columns)
            #expect(reader.leftBehind == expected.leftBehind)
            #expect((reader.leftBehindInWords == nil) == expected.leftBehind.isEmpty)
            #expect(reader.missingColumns == [])
        }
    }

    static let header = "identity_id,name,recovery_code,recovery_link\n#1,Ann,c,l\n"

    @Test(arguments: [
        ("#2,Bob,SECRET\n", "3 - wrong_number_of_fields <[redacted]>"),
        ("#2,Bob,x,SECRET,SECRET\n", "3 - wrong_number_of_fields <[redacted]>"),
        ("Bob,SECRET,\(link),\n", "3 identity_id not_a_uuid <[redacted]>"),
        ("SECRET,\(link),,\n", "3 identity_id not_a_uuid <[redacted]>"),
        ("\(link),,,\n", "3 identity_id not_a_uuid <[redacted]>"),
        (",Bob,SECRET,\(link)\n", "3 identity_id not_a_uuid <>"),
        ("#2x,Bob,SECRET,\(link)\n", "3 identity_id not_a_uuid <#2x>"),
        ("#2,\"Bob,SECRET,\(link)\n", "3 name unterminated_quote <[redacted]>"),
        ("#2,Bob,SECRET,\"\(link)\n", "3 recovery_link unterminated_quote <[redacted]>"),
    ])
    func rejectsShowNothingOfThem(_ row: String, _ item: String) throws {
        let reading = try Reading(roster(Self.header + row))
        #expect(reading.items == ["2 #1 [Ann]", item])
    }

    @Test func bytesThatAreNoTextShowNothingOfThem() throws {
        let header = "identity_id,name,recovery_code,recovery_link\n#1,Ann,c,l\n"
        let broken = roster("#2,M") + [0xfc] + roster("l,SECRET,SECRET\n#3,Bob,SECRET") + [0xfc, 0x2c, 0x0a]
        #expect(
            try Reading(roster(header) + broken).items == [
                "2 #1 [Ann]", "3 name invalid_utf8 <M\u{fffd}l>", "4 recovery_code invalid_utf8 <[redacted]>",
            ]
        )
        let long = String(repeating: "S", count: RosterBounds.fieldBytesMax + 1)
        #expect(
            try Reading(roster("\(header)#2,Bob,\(long),x\n")).items.last
                == "3 recovery_code field_too_long <[redacted]>"
        )
        #expect(
            try Reading(roster(##"[{"id":"#1"},{"id":"123456","recovery_code":"SECRET"}]"##)).items.last
                == "2 id not_a_uuid <[redacted]>"
        )
    }

    /// Where nothing is left behind, rejects show what they did.
    @Test func otherRostersShowTheirRejects() throws {
        let reading = try Reading(roster("identity_id,name\n#1,Ann\n123456,x\n#2,Bob,more\n"))
        #expect(
            reading.items == [
                "2 #1 [Ann]", "3 identity_id not_a_uuid <123456>",
                "4 - wrong_number_of_fields <#2,Bob,more>",
            ]
        )
    }

    @Test(arguments: [
        ("id,n\n#1,2\n", RosterOptions(withoutColumns: ["ID"])),
        ("identity_id,account\n#1,#2\n", RosterOptions(withoutColumns: ["identity_id"])),
        ("n,user\n1,#1\n", RosterOptions(withoutColumns: ["user"])),
        ("a,b\n#1,#2\n", RosterOptions(idColumn: "a", withoutColumns: ["A"])),
        ("#1\n", RosterOptions(withoutColumns: ["column_1"])),
        ("id,recovery_code\n#1,#2\n", RosterOptions(idColumn: "recovery_code")),
        (##"[{"id":"#1","n":2}]"##, RosterOptions(withoutColumns: ["id"])),
    ])
    func theIDColumnCannotBeLeftBehind(_ text: String, _ options: RosterOptions) {
        let error = failure(roster(text), options)
        #expect(error?.code == .idColumnLeftBehind)
        #expect(error?.description.contains("id-column") == true)
    }

    @Test func whatIsNotThereIsMissing() throws {
        let options = RosterOptions(withoutColumns: ["pin", "Passwort", "traits.x"])
        let csv = try RosterReader(source: PieceSource(roster("id,PIN\n#1,2\n")), options: options)
        #expect(csv.missingColumns == ["Passwort", "traits.x"])
        let text = roster(##"[{"id":"#1"},{"id":"#2","traits":{"x":{"y":1}},"pin":2}]"##)
        let json = try RosterReader(source: PieceSource(text), options: options)
        while case let next = try json.next(max: 1), !next.isEmpty {}
        #expect(json.missingColumns == ["Passwort"])
    }

    @Test func theWordsNameThemWithoutWhatMovesACursor() throws {
        let text = RosterReader.leftBehindInWords(["a\u{1b}[2J", "b"])
        #expect(
            text
                == "The roster's columns a\u{fffd}[2J, b are left behind: they are not enrolled, "
                + "and no output has them."
        )
        #expect(RosterReader.leftBehindInWords(["a"])?.contains("column a is left behind") == true)
        let many = try #require(RosterReader.leftBehindInWords((1...999).map { "c\($0)" }))
        #expect(many.contains(" and 949 more") && many.utf8.count < 1000)
    }
}
