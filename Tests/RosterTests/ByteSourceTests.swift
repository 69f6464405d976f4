import Foundation
import Model
import Roster
import TestSupport
import Testing

@Suite struct ByteSourceTests {
    @Test func aFileIsReadToItsEnd() throws {
        try withFile(roster("id,name\n#1,a\n")) { path in
            let reader = try RosterReader(source: FileByteSource(path: path))
            #expect(try reader.next(max: 5).map(Reading.line) == ["2 #1 [a]"])
            #expect(try reader.next(max: 5).isEmpty)
            #expect(reader.bytesRead == 47)
        }
    }

    @Test func anErrorNamesTheFile() throws {
        try withFile(roster("id,name\n")) { path in
            let error = #expect(throws: RosterError.self) {
                try RosterReader(source: FileByteSource(path: path))
            }
            #expect(error?.description == "\(path): has a header but no rows; add rows below it")
        }
    }

    @Test func aMissingFileIsAnErrorWithItsPath() {
        let error = #expect(throws: RosterError.self) { try FileByteSource(path: "/nowhere/roster.csv") }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("/nowhere/roster.csv: cannot be opened: No such file") == true)
    }

    @Test func aFolderIsAnErrorWithItsPath() {
        let error = #expect(throws: RosterError.self) {
            try RosterReader(source: FileByteSource(path: "/"))
        }
        #expect(error?.code == .unreadable)
        #expect(error?.description.hasPrefix("/: cannot be read: ") == true)
    }

    @Test func standardInputHasAName() throws {
        #expect(try FileByteSource(path: "-").name == "standard input")
    }
}

/// Runs with the path of a temporary file.
func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let path = folder("roster")
    try Data(bytes).write(to: URL(filePath: path))
    try withExtendedLifetime(folder) { try body(path) }
}
