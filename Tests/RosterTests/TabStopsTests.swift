// Tables that are padded with tabs, as Go's text/tabwriter writes them.

import Roster
import Testing
import Model

@Suite struct TabStopsTests {
    private static let header = ["ID", "VERIFIED ADDRESS 1", "RECOVERY ADDRESS 1", "SCHEMA ID", "SCHEMA URL"]
    private static let url = "http://127.0.0.1:4433/schemas/ZGVmYXVsdA"

    /// What `tabwriter.NewWriter(w, 0, 8, 1, '\t', 0)` makes of rows, each cell with a tab behind it.
    static func written(_ rows: [[String]]) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                let width = (cell.unicodeScalars.count + 8) / 8 * 8
                if column == widths.count { widths.append(width) }
                widths[column] = max(widths[column], width)
            }
        }
        var text = ""
        for row in rows {
            for (cell, width) in zip(row, widths) {
                text += cell
                text += String(repeating: "\t", count: (width - cell.unicodeScalars.count + 7) / 8)
            }
            text += "\n"
        }
        return text
    }

    private static let listings: [[[String]]] = [
        [[uuid(1), "a@example.org", "a@example.org", "default", url]],
        [[uuid(1), "", "", "default", url]],
        [
            [uuid(1), "", "b@x", "default", url],
            [uuid(2), "a-rather-long-address@example.org", "", "d", url],
        ],
        [[uuid(1), "", "", "default", ""], [uuid(2), "x@y", "", "", ""], [uuid(3), "", "", "", url]],
        [
            [uuid(1), "zoë@exämple.org", "客户@例子.公司", "default", url],
            [uuid(2), "😀", "\"q", "preset://e", url],
        ],
        [
            [uuid(1), "a@x, b@x, c@x", "a@x, b@x", "1234567", url],
            [uuid(2), "1234567", "12345678", "12", url],
        ],
    ]

    @Test(arguments: listings)
    func everyCellStandsUnderItsHeader(_ people: [[String]]) throws {
        let table = Self.written([Self.header] + people)
        for end in ["", "\t\t\t\t\t\nNEXT PAGE TOKEN\t\t\t\teyJwYWdl\t\n", "\nIS LAST PAGE\ttrue\n"] {
            let reading = try Reading(Array((table + end).utf8))
            #expect(reading.idColumn == "ID")
            #expect(reading.columns == Array(Self.header.dropFirst()))
            let expected = people.enumerated().map { index, row in
                "\(index + 2) #\(index + 1) [\(row.dropFirst().joined(separator: "|"))]"
            }
            #expect(Array(reading.items.prefix(people.count)) == expected)
            #expect(reading.items.count <= people.count + 1)
        }
    }

    @Test func aGivenTabReadsItTheSame() throws {
        let table = Self.written([Self.header, [uuid(1), "", "b@x", "default", Self.url]])
        let reading = try Reading(Array(table.utf8), RosterOptions(delimiter: .tab))
        #expect(reading.items == ["2 #1 [|b@x|default|\(Self.url)]"])
    }

    @Test func anIDThatComesLater() throws {
        let table = Self.written([
            ["NAME", "ID", "AGE"], ["a long name of somebody", uuid(1), "7"], ["", uuid(2), ""],
        ])
        let reading = try Reading(Array(table.utf8))
        #expect(reading.columns == ["NAME", "AGE"])
        #expect(reading.items == ["2 #1 [a long name of somebody|7]", "3 #2 [|]"])
    }

    @Test func aFurtherPageHasItsOwnColumns() throws {
        let table =
            Self.written([Self.header, [uuid(1), "", "b@x", "default", ""]])
            + Self.written([Self.header, [uuid(2), "", "a-rather-long-address@example.org", "d", "u"]])
        let rows = try Reading(Array(table.utf8)).items.filter { $0.contains(" #") }
        #expect(rows == ["2 #1 [|b@x|default|]", "4 #2 [|a-rather-long-address@example.org|d|u]"])
    }

    /// A row that does not fit, far below, is a reject.
    @Test func aRowThatDoesNotFitIsAReject() throws {
        let rows = (0..<2000).map { _ in [uuid(1), "", "b@x", "default", ""] }
        let table = Self.written([Self.header] + rows) + "\(uuid(2))\tb@x\t\tdefault\n\(uuid(3))\n"
        let items = try Reading(Array(table.utf8)).items
        #expect(items.count == 2002)
        #expect(items[2000] == #"2002 - wrong_number_of_fields <#2\u0009b@x\u0009\u0009default>"#)
        #expect(items[2001] == "2003 #3 [|||]")
    }

    @Test func columnsThatCannotBeToldAreRefused() throws {
        let table = Self.written([Self.header, [uuid(1), "", "b@x", "default", Self.url]])
        let text = table.replacing("ID\t\t\t\t\t", with: "ID\t\t\t")
        for options in [RosterOptions(), RosterOptions(delimiter: .tab)] {
            let error = try #require(failure(Array(text.utf8), options))
            #expect(error.code == .noIDColumn)
            #expect(error.description.contains("padded with tabs"))
            #expect(error.description.contains("--format json or -q"))
        }
    }

    /// A table whose delimiter is one tab is none of these.
    @Test func namelessColumnsBetweenTabsStay() throws {
        let reading = try Reading(roster("id\t\tmail\tn\n#1\tx\ta@x\t1\n#2\t\tb@x\t2\n"))
        #expect(reading.columns == ["column_2", "mail", "n"])
        #expect(reading.items == ["2 #1 [x|a@x|1]", "3 #2 [|b@x|2]"])
    }

    @Test(arguments: [
        "ID                                     NAME   AGE\n#1   Ann    3d\n#2   Bob    4d\n",
        "id                                   email\n------------------------------------ -----\n#1 a@x\n",
        "#1 Ann\n#2 Bob\n",
        "#1   a@x, b@x   default\n#2   c@x        default\n",
    ])
    func columnsSeparatedByBlanksAreRefused(_ text: String) throws {
        let error = try #require(failure(roster(text)))
        #expect(error.code == .noIDColumn)
        #expect(error.description.contains("separated by blanks"))
        #expect(error.description.contains("--format json or -q"))
    }
}
