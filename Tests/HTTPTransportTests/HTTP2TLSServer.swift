// HTTP/2 over TLS on several connections at once.

import TestSupport

/// An ``HTTP2Server`` behind TLS.
///
/// `openssl s_server` takes one connection after the other, so each connection is passed on to one of its
/// own.
enum HTTP2TLSServer {
    /// - Parameter connections: how many may come; further ones are closed.
    static func running(
        _ speaker: HTTP2Server,
        connections: Int = 10,
        _ body: (OpenSSLServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        try await OpenSSL.makeCertificate("server", for: "IP:127.0.0.1", in: folder)
        try await running(speaker, [], connections, in: folder, body)
    }

    private static func running(
        _ speaker: HTTP2Server,
        _ ports: [Int],
        _ connections: Int,
        in folder: TemporaryFolder,
        _ body: (OpenSSLServer) async throws -> Void
    ) async throws {
        guard ports.count < connections else {
            let front = try ScriptedServer { connection in
                if connection.index < ports.count { connection.relay(to: ports[connection.index]) }
            }
            return try await body(OpenSSLServer(port: Int(front.port), certificate: folder("server.pem")))
        }
        let number = ports.count
        try await OpenSSLServer.running(
            in: folder,
            arguments: ["-alpn", "h2,http/1.1"],
            answering: { speaker.receive($0, on: number) }
        ) { server in
            try await running(speaker, ports + [server.port], connections, in: folder, body)
        }
    }
}
