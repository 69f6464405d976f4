import Foundation
import Files
import Model
import TestSupport
import Testing

@Suite struct RowSinkTests {
    @Test func aReaderGetsEverythingAndSeesTheEnd() throws {
        let (reading, writing) = try Descriptor.pipe()
        let size = 300_000
        let writer = Thread {
            var sink = PipeSink(writing, to: "the test")
            for _ in 0..<size / 10 { try? sink.write { $0 += Array("0123456789".utf8) } }
            try? sink.finish()
        }
        writer.start()
        let read = FileHandle(fileDescriptor: reading, closeOnDealloc: true).readDataToEndOfFile()
        #expect(String(decoding: read, as: UTF8.self) == String(repeating: "0123456789", count: size / 10))
    }

    @Test func aReaderThatIsGoneIsAnError() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reading, writing) = try Descriptor.pipe()
        close(reading)
        var sink = PipeSink(writing, to: "the test")
        try sink.write { $0 += Array("few".utf8) }
        var failure: FileError?
        do { try sink.finish() } catch { failure = error }
        #expect(failure?.description.contains("write to the test") == true)
    }
}
