// A TLS server and its certificate, both made by the `openssl` command where there is one.

import Foundation

/// `openssl s_server` on a free port of 127.0.0.1, with a certificate of its own.
final class OpenSSLServer {
    enum Failure: Error { case certificate, start }

    static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let port: Int
    /// The certificate, for clients that are to trust it.
    let certificate: String
    /// What the clients send, and what is sent to them, decrypted.
    let fromClient = Pipe()
    let toClient = Pipe()
    private let folder: URL
    private let process = Process()

    /// Starts the server; `arguments` say what it does with a connection.
    init(subject: String = "IP:127.0.0.1", arguments: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "latchstring-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let maker = Process()
        maker.executableURL = URL(filePath: Self.path ?? "")
        maker.arguments =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=latchstring-tests"
            .split(separator: " ").map(String.init)
            + ["-addext", "subjectAltName=\(subject)", "-keyout", key, "-out", certificate]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        guard maker.terminationStatus == 0 else { throw Failure.certificate }

        process.executableURL = maker.executableURL
        process.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key] + arguments
        process.standardInput = toClient
        process.standardOutput = fromClient
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It says "ACCEPT 127.0.0.1:PORT" once it listens.
        var output = ""
        var port: Int?
        while port == nil {
            let bytes = fromClient.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw Failure.start }
            output += String(decoding: bytes, as: UTF8.self)
            port = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .first { $0.hasPrefix("ACCEPT") }
                .flatMap { $0.split(separator: ":").last }
                .flatMap { Int($0) }
        }
        self.port = port ?? 0
    }

    deinit {
        // Not SIGTERM: on Linux a child inherits the signal mask of libdispatch's threads, which blocks it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
