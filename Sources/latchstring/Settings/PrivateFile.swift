// Files with secrets in them: read only where nobody else can.

import Campaign
import Foundation
import Glibc
import Model

enum PrivateFile {
    private static let sizeMax = 64 << 10

    /// The text of a small file that must not be open to others.
    ///
    /// A pipe of the shell's, such as `<(pass kratos)`, is nobody else's; and what systemd puts into a
    /// service's credentials folder (`CREDENTIALS_DIRECTORY`) is the service's, though its mode may show a
    /// group.
    ///
    /// - Parameters:
    ///   - what: names the file in errors, such as `the API key file`.
    ///   - isKey: whether it holds an API key, which can also be given in other ways.
    ///   - mayBeOpen: whether it is no secret, so that anybody may read it.
    /// - Throws: `CommandFailure` where it cannot be read, is open to others, or is larger than 64 KiB.
    static func text(
        at path: String,
        _ what: String,
        isKey: Bool = false,
        mayBeOpen: Bool = false
    ) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .error,
                "\(what) \(path) cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw CommandFailure(
                .error,
                "\(what) \(path) cannot be looked at: \(String(cString: strerror(errno)))"
            )
        }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        let credentials = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
        let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
        guard mayBeOpen || !isFile || isCredential || status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            let others =
                "a mounted secret, where that is not possible, is read by --api-key-command 'cat FILE' "
                + "or given in the variable LATCHSTRING_API_KEY"
            throw CommandFailure(
                .error,
                "\(what) \(path) is open to others",
                advice: "chmod 600 it (its mode is 0\(mode))" + Wording(isKey ? "; \(others)" : "")
            )
        }
        return text(of: try bytes(of: descriptor, path, what))
    }

    /// The text of UTF-8, without a byte order mark.
    private static func text(of bytes: ArraySlice<UInt8>) -> String {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        return String(decoding: bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0), as: UTF8.self)
    }

    private static func bytes(of descriptor: Int32, _ path: String, _ what: String) throws -> ArraySlice<
        UInt8
    > {
        var bytes = [UInt8](repeating: 0, count: sizeMax + 1)
        var count = 0
        while count < bytes.count {
            let part = bytes[count...].withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if part < 0, errno == EINTR { continue }
            guard part >= 0 else {
                throw CommandFailure(
                    .error,
                    "\(what) \(path) cannot be read: \(String(cString: strerror(errno)))"
                )
            }
            if part == 0 { break }
            count += part
        }
        guard count <= sizeMax else {
            throw CommandFailure(
                .error,
                "\(what) \(path) is larger than \(sizeMax / 1024) KiB",
                advice: "is it the right one?"
            )
        }
        return bytes[..<count]
    }
}
