// The API key: from a private file or the environment, never from an argument.

import ArgumentParser
import Foundation
import Glibc
import IdentityAPI

enum Credential {
    private static let sizeMax = 64 << 10

    /// The key from the highest level that has one; nil where none has.
    ///
    /// - Throws: when the file can be read by others, or holds no key.
    static func load(_ settings: Settings, environment: [String: String]) throws -> BearerToken? {
        let inline = environment["LATCHSTRING_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        let file = settings.value("api-key-file")
        if let file, file.origin.hasPrefix("--") || inline == nil { return try read(file.text, environment) }
        guard let inline else { return nil }
        if let file, file.origin.hasPrefix("LATCHSTRING_") {
            throw ValidationError("both LATCHSTRING_API_KEY and \(file.origin) are set: which key is meant?")
        }
        guard let token = BearerToken(inline) else {
            throw CommandFailure(
                .error,
                "LATCHSTRING_API_KEY holds no key: it has characters that no HTTP header can hold"
            )
        }
        return token
    }

    private static func read(_ path: String, _ environment: [String: String]) throws -> BearerToken {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .error,
                "the API key file \(path) cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw CommandFailure(
                .error,
                "the API key file \(path) cannot be looked at: \(String(cString: strerror(errno)))"
            )
        }
        // A pipe of the shell's, such as <(pass kratos), is nobody else's; and what systemd puts into a service's
        // credentials folder is the service's, though its mode may show a group.
        let isFile = status.st_mode & S_IFMT == S_IFREG
        let isCredential = environment["CREDENTIALS_DIRECTORY"].map { path.hasPrefix($0 + "/") } ?? false
        guard !isFile || isCredential || status.st_mode & 0o077 == 0 else {
            throw CommandFailure(.error, "the API key file \(path) is open to others: chmod 600 it")
        }
        var bytes = [UInt8](repeating: 0, count: sizeMax)
        var count = 0
        while count < sizeMax {
            let part = bytes[count...].withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if part < 0, errno == EINTR { continue }
            guard part > 0 else { break }
            count += part
        }
        guard let token = BearerToken(String(decoding: bytes[..<count], as: UTF8.self)) else {
            throw CommandFailure(
                .error,
                "the API key file \(path) holds no key: one line, of characters that a header can hold"
            )
        }
        return token
    }
}
