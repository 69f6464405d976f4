// The `openssl` command, where there is one: it makes the certificates, and is the server.

import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// Runs the command.
enum OpenSSL {
    struct Failure: Error {
        let arguments: [String]
    }

    static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static let executable = Executable.path(FilePath(path ?? ""))

    /// Runs it to its end, in a folder; anything but a success is an error.
    static func run(_ arguments: [String], in folder: TemporaryFolder) async throws {
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(arguments),
            workingDirectory: FilePath(folder.path),
            output: .discarded,
            error: .discarded
        )
        guard result.terminationStatus.isSuccess else { throw Failure(arguments: arguments) }
    }

    /// Makes `NAME.pem`, a certificate that vouches for itself, and its key, `NAME-key.pem`.
    static func makeCertificate(_ name: String, for subject: String, in folder: TemporaryFolder) async throws
    {
        let options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        try await run(
            words(options) + [
                "-subj", "/CN=latchstring-tests", "-addext", "subjectAltName=\(subject)",
                "-keyout", "\(name)-key.pem", "-out", "\(name).pem",
            ],
            in: folder
        )
    }

    /// Makes `NAME.pem`, a certificate that the certificate `authority.pem` of the same folder vouches for,
    /// and its key, `NAME-key.pem`.
    static func makeCertificate(
        _ name: String,
        for subject: String,
        days: Int = 2,
        signedIn folder: TemporaryFolder
    ) async throws {
        let extensions = try folder.write("subjectAltName=\(subject)", to: "\(name).extensions")
        let key = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        try await run(
            words(key) + [
                "-subj", "/O=Latchstring/CN=\(name)", "-keyout", "\(name)-key.pem", "-out", "\(name).request",
            ],
            in: folder
        )
        try await run(
            words("x509 -req -CA authority.pem -CAkey authority-key.pem -CAcreateserial -days \(days)") + [
                "-in", "\(name).request", "-extfile", extensions, "-out", "\(name).pem",
            ],
            in: folder
        )
    }

    static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}

extension Trait where Self == ConditionTrait {
    static var needsOpenSSL: Self {
        .enabled(if: OpenSSL.path != nil, "the openssl command makes the certificates and is the server")
    }
}
