// The `openssl` command, where there is one: it makes the certificates, and is the server.

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs the command, and keeps what it makes in a folder of its own.
enum OpenSSL {
    struct Failure: Error {
        let arguments: [String]
    }

    static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static let executable = Executable.path(FilePath(path ?? ""))

    /// Runs it to its end, in a folder; anything but a success is an error.
    static func run(_ arguments: [String], in folder: String) async throws {
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(arguments),
            workingDirectory: FilePath(folder),
            output: .discarded,
            error: .discarded
        )
        guard result.terminationStatus.isSuccess else { throw Failure(arguments: arguments) }
    }

    /// Makes `NAME.pem`, a certificate that vouches for itself, and its key, `NAME-key.pem`.
    static func makeCertificate(_ name: String, for subject: String, in folder: String) async throws {
        let options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        try await run(
            options.split(separator: " ").map(String.init) + [
                "-subj", "/CN=latchstring-tests", "-addext", "subjectAltName=\(subject)",
                "-keyout", "\(name)-key.pem", "-out", "\(name).pem",
            ],
            in: folder
        )
    }

    /// Calls the body with a folder that is gone afterwards.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "latchstring-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}

extension Trait where Self == ConditionTrait {
    static var needsOpenSSL: Self {
        .enabled(if: OpenSSL.path != nil, "the openssl command makes the certificates and is the server")
    }
}
