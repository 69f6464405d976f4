// Clients that show a certificate of their own, to a server that wants one.

import HTTPTransport
import TestSupport
import Testing

extension CurlTests {
    @Suite(.needsOpenSSL) struct CurlClientCertificateTests {
        /// A folder with an authority, and certificates from it for a server and a client.
        private func certificates() async throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            try await OpenSSL.makeCertificate("authority", for: "DNS:authority", in: folder)
            for (name, subject) in [("server", "IP:127.0.0.1"), ("client", "DNS:client")] {
                try await OpenSSL.makeCertificate(name, for: subject, signedIn: folder)
            }
            return folder
        }

        /// Runs a server that talks to nobody without a certificate of the authority's.
        private func running(
            in folder: TemporaryFolder,
            _ arguments: [String] = [],
            _ body: (OpenSSLServer) async throws -> Void
        ) async throws {
            let wanting = [
                "-www", "-Verify", "1", "-verify_return_error", "-CAfile", folder("authority.pem"),
            ]
            try await OpenSSLServer.running(in: folder, arguments: wanting + arguments, body)
        }

        private func transport(
            in folder: TemporaryFolder,
            _ change: (inout CurlTransport.Configuration) -> Void
        ) throws -> CurlTransport {
            try CurlTransport.forTests {
                $0.caFile = folder("authority.pem")
                change(&$0)
            }
        }

        private func refusal(
            _ change: (inout CurlTransport.Configuration) -> Void
        ) throws -> TransportError {
            try #require(throws: TransportError.self) { try CurlTransport.forTests(change) }
        }

        @Test(arguments: [["-tls1_2"], ["-tls1_3"]])
        func aServerThatWantsACertificateGetsIt(_ version: [String]) async throws {
            let folder = try await certificates()
            try await running(in: folder, version) { server in
                let transport = try transport(in: folder) {
                    $0.clientCertificateFile = folder("client.pem")
                    $0.clientKeyFile = folder("client-key.pem")
                }
                let response = try await transport.send(HTTPRequest(url: server.url, timeout: .seconds(20)))
                #expect(response.status == 200)
                #expect(String(decoding: response.body, as: UTF8.self).contains("CN=client"))
            }
        }

        @Test func theKeyMayStandInTheCertificatesFile() async throws {
            let folder = try await certificates()
            let parts = ["client.pem", "client-key.pem"].compactMap { text(ofFile: folder($0)) }
            let both = try folder.write(parts.joined(), to: "both.pem")
            try await running(in: folder) { server in
                let transport = try transport(in: folder) { $0.clientCertificateFile = both }
                let response = try await transport.send(HTTPRequest(url: server.url, timeout: .seconds(20)))
                #expect(response.status == 200)
            }
        }

        @Test func aServerThatMissesTheCertificateSaysSo() async throws {
            let folder = try await certificates()
            try await running(in: folder, ["-tls1_3"]) { server in
                let error = try await transport(in: folder) { _ in }.failure(of: .code(server.url))
                #expect(error.kind == .clientCertificate)
                #expect(error.message.hasPrefix("the server wants a client certificate"), "\(error)")
                #expect(error.phase == .tls)
            }
        }

        @Test(arguments: [["-tls1_2"], ["-tls1_3"]])
        func aCertificateThatTheServerDoesNotTrustIsNamed(_ version: [String]) async throws {
            let folder = try await certificates()
            try await OpenSSL.makeCertificate("stranger", for: "DNS:stranger", in: folder)
            try await running(in: folder, version) { server in
                let transport = try transport(in: folder) {
                    $0.clientCertificateFile = folder("stranger.pem")
                    $0.clientKeyFile = folder("stranger-key.pem")
                }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .clientCertificate)
                #expect(
                    error.message.contains("refuses the client certificate \(folder("stranger.pem"))"),
                    "\(error)"
                )
            }
        }

        @Test func aKeyOfAnotherCertificateIsNamed() async throws {
            let folder = try await certificates()
            try await running(in: folder) { server in
                let transport = try transport(in: folder) {
                    $0.clientCertificateFile = folder("client.pem")
                    $0.clientKeyFile = folder("server-key.pem")
                }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .clientCertificate)
                #expect(!error.wasSent)
                #expect(error.message.contains(folder("client.pem")), "\(error)")
                #expect(error.message.contains(folder("server-key.pem")), "\(error)")
            }
        }

        @Test func aKeyThatIsNoneIsNamed() async throws {
            let folder = try await certificates()
            let label = "PRIVATE KEY"
            let broken = try folder.write(
                "-----BEGIN \(label)-----\nAAAA\n-----END \(label)-----\n",
                to: "broken.pem"
            )
            try await running(in: folder) { server in
                let transport = try transport(in: folder) {
                    $0.clientCertificateFile = folder("client.pem")
                    $0.clientKeyFile = broken
                }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .clientCertificate)
                #expect(!error.wasSent)
                #expect(error.message.contains(broken), "\(error)")
            }
        }

        /// In both forms that keys have.
        @Test(arguments: ["pkcs8 -topk8 -v2 aes256", "ec -aes256"])
        func aKeyWithAPassphraseIsRefusedAtOnceAndNobodyIsAsked(_ command: String) async throws {
            let folder = try await certificates()
            let files = "-in client-key.pem -out locked.pem -passout pass:hunter2"
            try await OpenSSL.run(OpenSSL.words("\(command) \(files)"), in: folder)
            let error = try refusal {
                $0.clientCertificateFile = folder("client.pem")
                $0.clientKeyFile = folder("locked.pem")
            }
            #expect(error.kind == .clientCertificate)
            #expect(error.message.contains("\(folder("locked.pem")) has a passphrase"))
        }

        @Test func filesThatAreNotWhatTheyShouldBeAreNamedAtOnce() async throws {
            let folder = try await certificates()
            let client = folder("client.pem")
            let cases: [(certificate: String?, key: String?, words: String)] = [
                ("/nonexistent/a.pem", nil, "certificate /nonexistent/a.pem cannot be read: No such file"),
                (client, "/nonexistent/b.pem", "key /nonexistent/b.pem cannot be read: No such file"),
                (folder.path, nil, "\(folder.path) cannot be read: Is a directory"),
                (folder("client-key.pem"), nil, "client-key.pem holds no certificate"),
                (client, nil, "\(client) holds a client certificate but not its private key"),
                (client, folder("server.pem"), "server.pem holds no private key"),
                (nil, folder("client-key.pem"), "client-key.pem is of no use without a client certificate"),
            ]
            for (certificate, key, words) in cases {
                let error = try refusal {
                    $0.clientCertificateFile = certificate
                    $0.clientKeyFile = key
                }
                #expect(error.kind == .clientCertificate)
                #expect(!error.wasSent)
                #expect(error.message.contains(words), "\(error)")
            }
        }
    }
}
