// A TLS server on a free port, for as long as a test needs it.

import Foundation
import Subprocess
import TestSupport

/// `openssl s_server` on a free port of 127.0.0.1.
struct OpenSSLServer: Sendable {
    enum Failure: Error { case start }

    let port: Int
    /// The server's certificate, for clients that are to trust it.
    let certificate: String

    var url: String { "https://127.0.0.1:\(port)/admin/recovery/code" }

    /// Runs a server with a certificate of its own.
    ///
    /// - Parameters:
    ///   - subject: whom the certificate is for, as its `subjectAltName`.
    ///   - arguments: what it does with a connection.
    ///   - answering: takes what a client sends, decrypted, and returns what it is sent.
    static func running(
        subject: String = "IP:127.0.0.1",
        arguments: [String],
        answering: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] },
        _ body: (OpenSSLServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        try await OpenSSL.makeCertificate("server", for: subject, in: folder)
        try await running(in: folder, arguments: arguments, answering: answering, body)
    }

    /// Runs a server with the certificate `server.pem` and the key `server-key.pem` of a folder.
    static func running(
        in folder: TemporaryFolder,
        arguments: [String],
        answering: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] },
        _ body: (OpenSSLServer) async throws -> Void
    ) async throws {
        let certificate = folder("server.pem")
        let own = ["-accept", "127.0.0.1:0", "-cert", certificate, "-key", folder("server-key.pem")]
        _ = try await Subprocess.run(
            OpenSSL.executable,
            arguments: Arguments(["s_server"] + own + arguments),
            input: .inputWriter,
            output: .sequence,
            error: .discarded
        ) { execution in
            let (ports, found) = AsyncStream<Int>.makeStream()
            let (output, input) = (execution.standardOutput, execution.standardInputWriter)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    defer { found.finish() }
                    var greeting: [UInt8]? = []
                    for try await buffer in output {
                        var bytes = buffer.withUnsafeBytes(Array.init)
                        if let before = greeting {
                            greeting = before + bytes
                            guard let (port, rest) = port(in: before + bytes) else { continue }
                            greeting = nil
                            found.yield(port)
                            bytes = rest
                        }
                        let answer = answering(bytes)
                        if !answer.isEmpty { _ = try await input.write(answer) }
                    }
                }
                // Whatever comes of the test, the server ends, and with it its output.
                defer { try? execution.send(signal: .kill) }
                guard let port = await ports.first(where: { _ in true }) else { throw Failure.start }
                try await body(OpenSSLServer(port: port, certificate: certificate))
            }
        }
    }

    /// The port from the line `ACCEPT 127.0.0.1:PORT`, which it prints once it listens, and what follows that
    /// line.
    private static func port(in output: [UInt8]) -> (port: Int, rest: [UInt8])? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines.dropLast() where line.starts(with: "ACCEPT".utf8) {
            let number = line.split(separator: UInt8(ascii: ":")).last.map {
                String(decoding: $0, as: UTF8.self)
            }
            return number.flatMap { Int($0) }.map { ($0, Array(output[(line.endIndex + 1)...])) }
        }
        return nil
    }
}
