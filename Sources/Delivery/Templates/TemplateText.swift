// The text of a template's file.

import Files
import Glibc
import Model

/// Reads a file of templates: UTF-8, of no more than 1 MiB.
enum TemplateText {
    /// - Parameter name: what messages call the file.
    static func read(_ path: String, as name: String) throws(MailTemplateError) -> String {
        // A pipe without a writer would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(name, FileError.current("open", path)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw unreadable(name, FileError.current("look at", path))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MailTemplateError(.unreadable, at: name, "it is no file", advice: "put a text file there")
        }
        return try text(of: bytes(of: descriptor, path, name), name)
    }

    private static func bytes(
        of descriptor: Int32,
        _ path: String,
        _ name: String
    ) throws(MailTemplateError) -> [UInt8] {
        let max = MailTemplateFolder.fileBytesMax
        var bytes = [UInt8](repeating: 0, count: max + 1)
        var count = 0
        while count <= max {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, max + 1 - count)
            }
            if read == 0 { break }
            guard read > 0 || errno == EINTR else {
                throw unreadable(name, FileError.current("read", path))
            }
            if read > 0 { count += read }
        }
        guard count <= max else {
            throw MailTemplateError(
                .unreadable,
                at: name,
                "the file has more than 1 MiB",
                advice: "make it smaller: many mail programs show no more than 100 KB"
            )
        }
        return Array(bytes[..<count])
    }

    /// Without a byte order mark.
    private static func text(of bytes: [UInt8], _ name: String) throws(MailTemplateError) -> String {
        let isMarked = bytes.starts(with: [0xef, 0xbb, 0xbf])
        let bytes = isMarked ? Array(bytes[3...]) : bytes
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw MailTemplateError(
                .unreadable,
                at: "\(name):\(lineOfFault(bytes))",
                "the file is no text in UTF-8",
                advice: "save it as UTF-8"
            )
        }
        return text
    }

    private static func lineOfFault(_ bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if part.contains(0) || String(validating: part, as: UTF8.self) == nil { break }
            line += 1
        }
        return line
    }

    private static func unreadable(_ name: String, _ error: FileError) -> MailTemplateError {
        MailTemplateError(.unreadable, at: name, error.message, advice: error.advice)
    }
}
