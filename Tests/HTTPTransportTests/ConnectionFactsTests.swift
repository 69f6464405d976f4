// What is told of a connection, whether it came about or not.

import HTTPTransport
import TestSupport
import Testing

extension HTTPRequest {
    static func inspected(_ url: String, timeout: Duration = .seconds(20)) -> HTTPRequest {
        HTTPRequest(
            url: url,
            headers: [HTTPHeader(name: "Authorization", value: "Bearer ory_pat_x")],
            timeout: timeout,
            wantsConnectionFacts: true
        )
    }
}

extension CurlTests {
    @Suite struct ConnectionFactsTests {
        @Test func nothingIsToldUnlessItIsAskedFor() async throws {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil { connection.answer() }
            }
            let transport = try CurlTransport.forTests()
            #expect(try await transport.send(.code(server.url)).connection == nil)
            #expect(try await transport.send(.inspected(server.url)).connection != nil)
            #expect(try await transport.send(.code(server.url)).connection == nil)
            // The one that is looked at makes its own; the next takes up an old one.
            #expect(server.connections == 2)
            server.stop()
            #expect(try await transport.failure(of: .code(server.url)).connection == nil)
        }

        @Test func anAnswerTellsWhereItCameFromAndWhatTookHowLong() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer()
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.inspected("http://localhost:\(server.port)/"))
            let facts = try #require(response.connection)
            #expect(facts.address == "127.0.0.1")
            #expect(facts.port == Int(server.port))
            let times = try [
                #require(facts.nameLookup), #require(facts.connected), #require(facts.answered), facts.total,
            ]
            #expect(times == times.sorted())
            #expect(facts.nameLookup.map { $0 > .zero } == true)
            #expect(facts.secured == nil)
            #expect(facts.certificates.isEmpty)
            #expect(facts.certificateProblem == nil)
        }

        @Test func aNameWithoutAnAddressGotNowhere() async throws {
            let error = try await CurlTransport.forTests().failure(
                of: .inspected("http://nonexistent.invalid/")
            )
            let facts = try #require(error.connection)
            #expect(error.phase == .nameLookup)
            #expect(facts.nameLookup == nil && facts.connected == nil && facts.address == nil)
        }

        @Test func aRefusedConnectionGotAsFarAsTheAddress() async throws {
            let server = try ScriptedServer { _ in }
            server.stop()
            let error = try await CurlTransport.forTests().failure(of: .inspected(server.url))
            let facts = try #require(error.connection)
            #expect(error.phase == .connection)
            #expect(facts.nameLookup != nil)
            #expect(facts.connected == nil && facts.address == nil)
        }

        @Test func aHandshakeThatNeverEndsGotAsFarAsTheConnection() async throws {
            let server = try ScriptedServer { $0.stall() }
            let transport = try CurlTransport.forTests { $0.connectTimeout = .milliseconds(100) }
            let error = try await transport.failure(of: .inspected("https://127.0.0.1:\(server.port)/"))
            let facts = try #require(error.connection)
            #expect(error.kind == .connectTimeout)
            #expect(error.phase == .tls)
            #expect(facts.address == "127.0.0.1")
            #expect(facts.secured == nil)
        }

        @Test func aProxyThatRefusesATunnelIsTold() async throws {
            let proxy = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer("407 Proxy Authentication Required")
            }
            let transport = try CurlTransport.forTests { $0.proxy = .url("http://127.0.0.1:\(proxy.port)") }
            let error = try await transport.failure(of: .inspected("https://example.invalid/"))
            #expect(error.phase == .connection)
            #expect(error.connection?.proxyStatus == 407)
            #expect(error.connection?.port == Int(proxy.port))
        }

        @Test func anAnswerThatDoesNotComeFailedInTheExchange() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .inspected(server.url, timeout: .milliseconds(50)))
            #expect(error.phase == .exchange)
            #expect(error.connection?.connected != nil)
            #expect(error.connection?.answered == nil)
        }
    }

    @Suite(.needsOpenSSL) struct CertificateFactsTests {
        private func certificates(server subject: String, days: Int = 2) async throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            try await OpenSSL.makeCertificate("authority", for: "DNS:authority", in: folder)
            try await OpenSSL.makeCertificate("server", for: subject, days: days, signedIn: folder)
            return folder
        }

        /// What a client learns that trusts the authority, or only what the system does.
        private func failure(
            in folder: TemporaryFolder,
            isTrusting: Bool = true
        ) async throws -> (TransportError, heard: String) {
            var result: TransportError?
            let heard = Heard()
            try await OpenSSLServer.running(
                in: folder,
                arguments: [],
                answering: heard.receive
            ) { server in
                let transport = try CurlTransport.forTests {
                    if isTrusting { $0.caFile = folder("authority.pem") }
                }
                result = try await transport.failure(of: .inspected(server.url))
                // The handle that has looked verifies again, and on a connection of its own.
                let again = try await transport.failure(of: .code(server.url))
                #expect(again.kind == .certificate)
                #expect(again.connection == nil)
            }
            return (try #require(result), heard.text)
        }

        @Test func aGoodCertificateIsTold() async throws {
            let folder = try await certificates(server: "IP:127.0.0.1,DNS:kratos.example.com")
            try await OpenSSLServer.running(in: folder, arguments: ["-www"]) { server in
                let transport = try CurlTransport.forTests { $0.caFile = folder("authority.pem") }
                let response = try await transport.send(.inspected(server.url))
                let facts = try #require(response.connection)
                #expect(facts.secured.map { $0 > .zero } == true)
                #expect(facts.certificateProblem == nil)
                let certificate = try #require(facts.certificates.first)
                #expect(certificate.subject == "O = Latchstring, CN = server")
                #expect(certificate.issuer == "CN = latchstring-tests")
                #expect(certificate.alternativeNames == "IP Address:127.0.0.1, DNS:kratos.example.com")
                let start = try #require(certificate.start.secondsSince1970)
                let expire = try #require(certificate.expire.secondsSince1970)
                #expect(expire - start == 2 * 86_400)
            }
        }

        @Test func anExpiredCertificateIsToldWithItsDates() async throws {
            let folder = try await certificates(server: "IP:127.0.0.1", days: -1)
            let (error, heard) = try await failure(in: folder)
            let facts = try #require(error.connection)
            #expect(error.kind == .certificate)
            #expect(error.phase == .tls)
            #expect(!error.wasSent)
            #expect(error.message.contains("expired"))
            #expect(facts.certificateProblem == .expired)
            #expect(facts.address == "127.0.0.1")
            #expect(facts.secured == nil)
            let certificate = try #require(facts.certificates.first)
            #expect(certificate.subject == "O = Latchstring, CN = server")
            let start = try #require(certificate.start.secondsSince1970)
            let expire = try #require(certificate.expire.secondsSince1970)
            #expect(expire - start == -86_400)
            #expect(!heard.contains("ory_pat_x"))
            #expect(!heard.contains("HTTP/1.1"))
        }

        @Test func aCertificateForAnotherNameIsTold() async throws {
            let folder = try await certificates(server: "DNS:kratos.example.com")
            let (error, heard) = try await failure(in: folder)
            #expect(error.kind == .certificate)
            #expect(error.connection?.certificateProblem == .otherName)
            #expect(error.connection?.certificates.first?.alternativeNames == "DNS:kratos.example.com")
            #expect(!heard.contains("HTTP/1.1"))
        }

        @Test func aCertificateOfAnUnknownAuthorityIsTold() async throws {
            let folder = try await certificates(server: "IP:127.0.0.1")
            let (error, _) = try await failure(in: folder, isTrusting: false)
            #expect(error.connection?.certificateProblem == .unknownAuthority)
            #expect(error.connection?.certificates.first?.issuer == "CN = latchstring-tests")
        }

        @Test func aCertificateThatVouchesForItselfIsTold() async throws {
            let folder = try await certificates(server: "IP:127.0.0.1")
            try await OpenSSL.makeCertificate("server", for: "IP:127.0.0.1", in: folder)
            let (error, _) = try await failure(in: folder, isTrusting: false)
            #expect(error.connection?.certificateProblem == .selfSigned)
            let certificate = try #require(error.connection?.certificates.first)
            #expect(certificate.subject == certificate.issuer)
        }

        /// An unverified server is shown no certificate of ours.
        @Test func theLookAtACertificateShowsNoneInReturn() async throws {
            let folder = try await certificates(server: "IP:127.0.0.1")
            try await OpenSSL.makeCertificate("client", for: "DNS:client", signedIn: folder)
            let heard = Heard(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            // It tells of itself, too, and of who has come.
            let wanting = ["-verify", "1", "-CAfile", folder("authority.pem")]
            try await OpenSSLServer.running(in: folder, arguments: wanting, answering: heard.receive) {
                server in
                func transport(caFile: String?) throws -> CurlTransport {
                    try CurlTransport.forTests {
                        $0.caFile = caFile
                        $0.clientCertificateFile = folder("client.pem")
                        $0.clientKeyFile = folder("client-key.pem")
                    }
                }
                let error = try await transport(caFile: nil).failure(of: .inspected(server.url))
                #expect(error.connection?.certificateProblem == .selfSigned)
                #expect(error.connection?.certificates.first?.subject == "O = Latchstring, CN = server")
                #expect(!heard.text.contains("Client certificate"))

                let trusting = try transport(caFile: folder("authority.pem"))
                #expect(try await trusting.send(.inspected(server.url)).status == 200)
                #expect(heard.text.contains("Client certificate"))
            }
        }
    }
}
