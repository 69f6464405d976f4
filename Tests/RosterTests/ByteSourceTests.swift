import Roster
import Testing
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
    var template = Array("/tmp/roster-XXXXXX".utf8CString)
    let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try #require(bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
    close(descriptor)
    try body(path)
}
