// Counting rows: line breaks in quotes, none at the end, nothing at all.

import Files
import TestSupport
import Testing

@Suite struct CSVRowCountTests {
    @Test(arguments: [
        ("", 0), ("id,code", 0), ("id,code\n", 0), ("id,code\n1,2\n", 1), ("id,code\n1,2\n3,4", 1),
        ("id,\"a\n\"\"\nb\"\n\"1\n\",2\n", 1), ("id\n\"unclosed\n1\n2\n", 0),
    ])
    func rowsAreCountedWithoutTheHeader(_ text: String, _ rows: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "a.csv")
        #expect(try CSVRowCount.rows(inFile: path) == rows)
    }

    @Test func rowsBeyondTheBufferAreCounted() throws {
        let folder = try TemporaryFolder()
        let rows = (1...5000).map { "\($0),\"a \"\"quoted\"\" text\nof two lines\"\n" }.joined()
        let path = try folder.write("id,text\n" + rows, to: "a.csv")
        #expect(try CSVRowCount.rows(inFile: path) == 5000)
    }

    @Test func whatCannotBeReadIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try CSVRowCount.rows(inFile: folder("none.csv")) }
    }
}
