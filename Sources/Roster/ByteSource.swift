// Where the bytes of a roster come from.

import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Something that yields bytes until it is at its end.
package protocol ByteSource {
    /// What errors call the source.
    var name: String { get }

    /// Fills at most the buffer and returns how many bytes came; 0 only at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
    package var name: String { "the roster" }
}

/// A file, a pipe, or standard input for the path `-`.
package final class FileByteSource: ByteSource {
    package let name: String
    private let descriptor: Int32
    private let isOwner: Bool

    /// Opens the file; throws a `RosterError` with the path and the system's words.
    package init(path: String) throws {
        guard path != "-" else {
            (name, descriptor, isOwner) = ("standard input", 0, false)
            return
        }
        var descriptor: Int32
        repeat {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw Self.failure("opened", path, errno) }
        (name, self.descriptor, isOwner) = (path, descriptor, true)
    }

    deinit {
        if isOwner { close(descriptor) }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            let number = errno
            if number != EINTR { throw Self.failure("read", name, number) }
        }
    }

    private static func failure(_ verb: String, _ path: String, _ number: Int32) -> RosterError {
        let words = String(cString: strerror(number))
        return RosterError(
            .unreadable,
            "cannot be \(verb): \(words); check the path and its permissions",
            source: path
        )
    }
}

/// Bytes already in memory: the sample that a reader decides by.
struct MemoryByteSource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}
