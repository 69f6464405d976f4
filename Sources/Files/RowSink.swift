// Where rows go: a file, or a pipe to another program.

import Glibc

/// Takes the bytes of an output, row after row.
package protocol RowSink: ~Copyable {
    /// Appends bytes to a buffer that is passed on when it is full.
    mutating func write(_ body: (inout [UInt8]) -> Void) throws(FileError)
}

extension AtomicFile: RowSink {}

/// The writing end of a pipe, by way of a buffer; closed with the value.
package struct PipeSink: RowSink, ~Copyable {
    private let descriptor: Int32
    private let reader: String
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 16

    /// - Parameters:
    ///   - descriptor: becomes the value's own.
    ///   - reader: who reads from the pipe, for errors.
    package init(_ descriptor: Int32, to reader: String) {
        self.descriptor = descriptor
        self.reader = reader
        buffer.reserveCapacity(Self.bufferSize + 4096)
    }

    deinit { close(descriptor) }

    package mutating func write(_ body: (inout [UInt8]) -> Void) throws(FileError) {
        body(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Passes on what is left; the reader sees the end.
    package consuming func finish() throws(FileError) { try flush() }

    private mutating func flush() throws(FileError) {
        if let code = Descriptor.write(buffer, to: descriptor) { throw .failed("write to", reader, code) }
        buffer.removeAll(keepingCapacity: true)
    }
}
