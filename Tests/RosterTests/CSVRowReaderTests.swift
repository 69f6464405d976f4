// The bounds of fields and rows, and time that stays linear.

import Model
import Roster
import Testing

@Suite struct CSVRowReaderTests {
    private static let fieldMax = RosterBounds.fieldBytesMax
    private static let rowMax = RosterBounds.rowBytesMax

    @Test(arguments: ["", "\""])
    func aFieldOverTheBoundIsRejected(quote: String) throws {
        let longest = String(repeating: "x", count: Self.fieldMax)
        let text = "id,name\n#1,\(quote)\(longest)\(quote)\n#2,\(quote)\(longest)y\(quote)\n#3,z\n"
        let cut = String(repeating: "x", count: 200)
        let items = try Reading(roster(text)).items
        #expect(items == ["2 #1 [\(longest)]", "3 name field_too_long <\(cut)>", "4 #3 [z]"])
    }

    @Test func doubledQuotesCountOnceForTheBound() throws {
        let longest = String(repeating: "\"", count: Self.fieldMax)
        let items = try Reading(roster("id,name\n#1,\"\(longest)\(longest)\"\n#2,z\n")).items
        #expect(items == ["2 #1 [\(longest)]", "3 #2 [z]"])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func aRowOverTheBoundIsRejected(lineBreak: String) throws {
        let part = String(repeating: "x", count: Self.fieldMax - 1)
        // 16 fields of 1 MiB with their commas, less what the ID takes.
        let parts = [String](repeating: part, count: 15)
        let last = String(part.dropLast(36))
        let header = "id" + (1...16).map { ",c\($0)" }.joined()
        let rows = [
            "#1," + (parts + [last]).joined(separator: ","),
            "#2," + (parts + [last + "y"]).joined(separator: ","),
            "#3" + String(repeating: ",", count: 16),
        ]
        let bytes = roster(([header] + rows).joined(separator: lineBreak))
        for seed in [nil, 5] as [UInt64?] {
            let reader = try RosterReader(source: PieceSource(bytes, seed: seed, pieceMax: 200_000))
            // Rows as wide as that come one by one.
            var items: [RosterItem] = []
            while case let more = try reader.next(max: 10), !more.isEmpty {
                #expect(more.count == 1 || items.count == 2)
                items += more
            }
            try #require(items.count == 3)
            guard case .row(let first) = items[0], case .rejected(let second) = items[1] else {
                Issue.record("the second row only should be a reject")
                return
            }
            #expect(first.columns == parts + [last])
            #expect((second.line, second.column, second.reason) == (3, nil, .rowTooLong))
            #expect(second.value.hasPrefix(uuid(2)))
            #expect(Reading.line(items[2]).hasPrefix("4 #3 "))
        }
    }

    @Test func aQuoteIsLookedForUpToTheRowBound() throws {
        let line = String(repeating: "y", count: 1023) + "\n"
        let filler = String(repeating: line, count: Self.rowMax / 1024)
        let items = try Reading(roster("id,name\n#1,a\n#2,\"b\n\(filler)\"\n#3,c\n"), max: 1000).items
        #expect(items.count == 3 + Self.rowMax / 1024 + 1)
        #expect(items[1] == "3 name unterminated_quote <#2,\"b>")
        #expect(items[2].hasPrefix("4 - not_a_row <yyy"))
        #expect(items.suffix(2).first?.hasSuffix(" id unterminated_quote <\">") == true)
        #expect(items.last == "\(Self.rowMax / 1024 + 5) #3 [c]")
    }

    /// Every one of these lines opens a quote that no later line closes, however far one looks: without a
    /// memory of where that is hopeless, this takes hours.
    @Test func manyStrayQuotesTakeLinearTime() throws {
        let count = 100_000
        let bytes = roster("id,name\n#1,x\n" + String(repeating: "a\",\"b\n", count: count) + "#2,y\n")
        let reader = try RosterReader(source: PieceSource(bytes))
        var rejects = 0
        var last: RosterItem?
        while let item = try reader.next(max: 1).first {
            if case .rejected(let row) = item, row.reason == .unterminatedQuote, row.column == "name" {
                rejects += 1
            }
            last = item
        }
        #expect(rejects == count)
        #expect(last.map(Reading.line) == "\(count + 3) #2 [y]")
    }

    /// What the memory of hopeless places may not change: rows after a stray quote that are quoted properly.
    @Test func rowsAfterAStrayQuoteKeepTheirQuotes() throws {
        let text = "id,name\n#1,x\n#2,\"y\n#3,z\"\n#4,\"a\nb\"\n#5,\"c\"\"\nd\"\n#6,\"e\n#7,f\n"
        #expect(
            try Reading(roster(text)).items == [
                "2 #1 [x]", "3 #2 [y\n#3,z]".replacing("#3", with: uuid(3)), "5 #4 [a\nb]", "7 #5 [c\"\nd]",
                "9 name unterminated_quote <#6,\"e>", "10 #7 [f]",
            ]
        )
    }
}
