// Every shape of Kratos' JSON, read whole and cut into pieces.

import Roster
import Testing
import Model

struct JSONCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var idColumn = "id"
    var columns: [String] = []
    var options = RosterOptions()
    let items: [String]

    var testDescription: String { name }

    static let all = shapes + members + rejects + streams + pages + answers

    private static let shapes = [
        JSONCase(name: "one identity", text: ##"{"id":"#1"}"##, items: ["1 #1 []"]),
        JSONCase(
            name: "an array",
            text: " [ {\"id\":\"#1\"} ,\n{\"id\":\"#2\"} ]\n",
            items: ["1 #1 []", "2 #2 []"]
        ),
        JSONCase(
            name: "an array of IDs",
            text: ##"["#1","x","{#2}"]"##,
            items: ["1 #1 []", "2 - not_a_uuid <x>", "3 #2 []"]
        ),
        JSONCase(
            name: "blanks and guards around IDs",
            text:
                "[{\"id\":\"\u{feff}#1\u{a0}\"},{\"id\":\"\\u200b#2\"},{\"id\":\"=\\\"#3\\\"\"},"
                + "{\"id\":\"\u{202e}#4\"}]",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", #"4 id not_a_uuid <\u202e#4>"#]
        ),
        JSONCase(
            name: "NUL bytes in values",
            text: ##"[{"id":"#1","n":"a\u0000b"},{"id":"#2","n":"c"}]"##,
            columns: ["n"],
            items: [#"1 n nul_byte <a\u0000b>"#, "2 #2 [c]"]
        ),
        JSONCase(
            name: "a listing",
            text: ##"{"identities":[{"id":"#1"},{"id":"#2"}],"next_page_token":"a]}"}"##,
            items: ["1 #1 []", "2 #2 []"]
        ),
        JSONCase(
            name: "a listing that ends with its identities",
            text: ##"{"next_page_token":"{[\"","n":{"identities":[]},"identities":[{"id":"#1"}]}"##,
            items: ["1 #1 []"]
        ),
        JSONCase(
            name: "JSON lines",
            text: "{\"id\":\"#1\"}\n{\"id\":\"#2\"}\n\n{\"id\":\"#3\"}\n",
            items: ["1 #1 []", "2 #2 []", "3 #3 []"]
        ),
        JSONCase(
            name: "the answer of a batch import",
            text: """
                {"identities":[{"action":"error","patch_id":"#7","error":{"code":409,"message":"exists \
                already"}},
                {"action":"create","identity":"#1","patch_id":"#8"},
                {"action":"error","patch_id":"#9","error":{"reason":"no e-mail","message":"malformed"}}]}
                """,
            idColumn: "identity",
            columns: ["patch_id"],
            items: [
                "1 error import_error <exists already>", "2 #1 [\(uuid(8))]",
                "3 error import_error <no e-mail>",
            ]
        ),
        JSONCase(
            name: "a batch import that failed altogether",
            text: ##"{"identities":[{"action":"error","patch_id":"#7","error":{"message":"exists"}}]}"##,
            idColumn: "identity",
            items: ["1 error import_error <exists>"]
        ),
    ]

    private static let members = [
        JSONCase(
            name: "scalars at the top and in traits, as they are written",
            text: """
                [{"schema_id":"d","id":"#1","traits":{"name":{"last":"Roe","first":"Jo"},"email":"a@x",\
                "tags":["t"]},
                "n":1.50e3,"t":true,"f":false,"nothing":null,"metadata_admin":{"a":1},\
                "recovery_addresses":[{"id":"#2"}],
                "credentials":{"password":{"config":{"hashed_password":"secret"}}}}]
                """,
            columns: [
                "schema_id", "traits.name.last", "traits.name.first", "traits.email", "n", "t", "f",
                "nothing",
            ],
            items: ["1 #1 [d|Roe|Jo|a@x|1.50e3|true|false|]"]
        ),
        JSONCase(
            name: "columns that come later are appended",
            text: ##"[{"b":"1","id":"#1"},{"id":"#2","a":"2"},{"a":"3","b":"4","id":"#3"},{"id":"#4"}]"##,
            columns: ["b", "a"],
            items: ["1 #1 [1]", "2 #2 [|2]", "3 #3 [4|3]", "4 #4 []"]
        ),
        JSONCase(
            name: "escapes",
            text: ##"[{"id":"#1","a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800x","\u0062":"c"}]"##,
            columns: ["a", "b"],
            items: ["1 #1 [\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}x|c]"]
        ),
        JSONCase(
            name: "credentials that are no object",
            text: ##"[{"id":"#1","credentials":"secret"}]"##,
            items: ["1 #1 []"]
        ),
        JSONCase(
            name: "the name in another case, beside a number",
            text: ##"[{"id":5,"Identity_ID":"#1"}]"##,
            idColumn: "Identity_ID",
            columns: ["id"],
            items: ["1 #1 [5]"]
        ),
        JSONCase(
            name: "any member of UUIDs",
            text: ##"[{"n":1,"user":"#1"},{"n":2,"user":"?"},{"n":3,"user":"#3"}]"##,
            idColumn: "user",
            columns: ["n"],
            items: ["1 #1 [1]", "2 user not_a_uuid <?>", "3 #3 [3]"]
        ),
        JSONCase(
            name: "a trait that is chosen",
            text: ##"[{"id":"#1","traits":{"Ref":"#2"}}]"##,
            idColumn: "traits.Ref",
            columns: ["id"],
            options: RosterOptions(idColumn: "TRAITS.ref"),
            items: ["1 #2 [\(uuid(1))]"]
        ),
        JSONCase(
            name: "a member that comes twice",
            text: ##"[{"a":"1","id":"#2","a":"2"},{"id":"#1","id":"#2"},{"a":"1","id":"#3","a":"1"}]"##,
            columns: ["a"],
            items: [
                "1 a duplicate_member <1 | 2>", "2 id duplicate_member <#1 | #2>", "3 #3 [1]",
            ]
        ),
    ]

    private static let rejects = [
        JSONCase(
            name: "every reject of an array",
            text: """
                [{"id":"#1"},{"id":"x"},{"id":"00000000-0000-0000-0000-000000000000"},{"name":"n"},\
                {"id":null},
                7,null,[],{"id":"#2",},{"id":"#3","a":tru},{"id":"#4","a":01},{"id":"#5","a":"\\x"},\
                {"id":"#6"}]
                """,
            columns: ["name"],
            items: [
                "1 #1 []", "2 id not_a_uuid <x>", "3 id nil_uuid <00000000-0000-0000-0000-000000000000>",
                "4 id missing_id <>", "5 id missing_id <>", "6 id missing_id <>", "7 id missing_id <>",
                "8 id missing_id <>", "9 - malformed_json <not valid JSON at byte 45 of the item>",
                "10 - malformed_json <not valid JSON at byte 49 of the item>",
                "11 - malformed_json <not valid JSON at byte 49 of the item>",
                "12 - malformed_json <not valid JSON at byte 49 of the item>", "13 #6 []",
            ]
        )
    ]
}

@Suite struct JSONRosterReaderTests {
    @Test(arguments: JSONCase.all)
    func yields(_ expected: JSONCase) throws {
        let text = roster(expected.text)
        for bytes in [
            text, [0xef, 0xbb, 0xbf] + text, utf16(text, bigEndian: true), utf16(text, bigEndian: false),
        ] {
            let whole = try Reading(bytes, expected.options)
            #expect(whole.items == expected.items)
            #expect(whole.idColumn == expected.idColumn)
            #expect(whole.columns == expected.columns)
            for seed in 0..<10 as Range<UInt64> {
                let cut = try Reading(bytes, expected.options, seed: seed)
                #expect(cut == whole, "cut with seed \(seed)")
            }
        }
    }

    @Test func invalidUTF8IsRejectedWithItsColumn() throws {
        let bytes = roster(##"[{"id":"#1","traits":{"a":""##) + [0xfc] + roster(##""}},{"id":"#2"}]"##)
        #expect(try Reading(bytes).items == ["1 traits.a invalid_utf8 <\u{fffd}>", "2 #2 []"])
    }

    @Test func aValueOfOneEndlessCharacterIsCut() throws {
        let value = "e" + String(repeating: "\u{301}", count: 5000)
        let reader = try RosterReader(source: PieceSource(roster("[\"\(value)\",\"#1\"]")))
        guard case .rejected(let row) = try reader.next(max: 1).first else {
            Issue.record("a row that is none")
            return
        }
        #expect(row.value.unicodeScalars.count == RejectedRow.valueCharactersMax)
    }

    /// However long it is, and whatever the item is rejected for.
    @Test func aRejectShowsNoRecoveryLink() throws {
        let link = "https://ui.example/recovery?flow=\(uuid(7))&token=SECRET"
        let long = "https://ui.example/" + String(repeating: "a", count: 500) + "?flow=\(uuid(7))"
        let bytes = roster(##"["\##(link)","\##(long)",{"id":"#1","a":"x","a":"\##(link)"},"#2"]"##)
        let items = try Reading(bytes).items
        #expect(items.count == 4 && items[3] == "4 #2 []")
        #expect(items[0...2].allSatisfy { $0.hasSuffix(" <[redacted]>") }, "\(items)")
    }

    @Test func anItemThatIsTooLongIsSkipped() throws {
        let long = [UInt8](repeating: UInt8(ascii: " "), count: RosterBounds.rowBytesMax)
        let bytes = roster(##"[{"id":"#1"},{"id":"#2""##) + long + roster(##"},{"id":"#3"}]"##)
        #expect(try Reading(bytes).items == ["1 #1 []", "2 - row_too_long <>", "3 #3 []"])
    }

    @Test func aMemberThatIsTooLongIsRejected() throws {
        let longest = String(repeating: "a", count: RosterBounds.fieldBytesMax)
        let bytes = roster(
            ##"[{"id":"#1","a":"\##(longest)"},{"id":"#2","a":"\##(longest)b"},{"id":"#3","b":[]}]"##
        )
        #expect(
            try Reading(bytes).items == [
                "1 #1 [\(longest)]", "2 a field_too_long <\(longest.prefix(RejectedRow.valueCharactersMax))>",
                "3 #3 []",
            ]
        )
    }

    @Test func theRowsBeforeAFailureAreReadFirst() throws {
        let reader = try RosterReader(source: PieceSource(roster(##"[{"id":"#1"},{"id":"#2"},{"id""##)))
        #expect(try reader.next(max: 10).map(Reading.line) == ["1 #1 []", "2 #2 []"])
        for _ in 1...2 {
            let error = #expect(throws: RosterError.self) { try reader.next(max: 10) }
            #expect(error?.code == .malformedJSON)
            #expect(error?.description.contains("after 2 complete items") == true)
        }
    }

    @Test(arguments: ["data", "identities"])
    func aPageOfAnyLengthIsReadInPieces(_ name: String) throws {
        let filler = String(repeating: "x", count: 1000)
        let count = 500
        let items = (0..<count).map { ##"{"n":"\##(filler)\##($0)","id":"#1"}"## }.joined(separator: ",")
        let bytes = roster(##"{"\##(name)":[\##(items)],"id":"#2"}[{"id":"#3"}]"##)
        let whole = try Reading(bytes, max: 1000)
        #expect(whole.items.count == count + 1)
        #expect(whole.items.last == "\(count + 1) #3 []")
        for seed in 1...2 as ClosedRange<UInt64> {
            let reader = try RosterReader(source: PieceSource(bytes, seed: seed, pieceMax: 100_000))
            var lines: [String] = []
            while case let next = try reader.next(max: 1000), !next.isEmpty {
                lines += next.map(Reading.line)
            }
            #expect(lines == whole.items)
        }
    }

    @Test func aPageThatIsCutOffYieldsWhatItHas() throws {
        let bytes = roster(##"{"data":[{"id":"#1"},{"id":"#2"},{"i"##)
        let reader = try RosterReader(source: PieceSource(bytes))
        #expect(try reader.next(max: 10).map(Reading.line) == ["1 #1 []", "2 #2 []"])
        let error = #expect(throws: RosterError.self) { try reader.next(max: 10) }
        #expect(error?.description.contains("cut off") == true)
    }

    @Test func moreColumnsThanTheMostAreAnError() {
        let members = (0..<1000).map { ##""m\##($0)":1"## }.joined(separator: ",")
        #expect(failure(roster(##"[{"id":"#1",\##(members)}]"##))?.code == .tooManyColumns)
    }
}
