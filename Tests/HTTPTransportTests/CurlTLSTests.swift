// TLS against a real implementation of it: whom the transport trusts, and HTTP/2, which it speaks there only.

import HTTPTransport
import TestSupport
import Testing

extension CurlTests {
    @Suite(.needsOpenSSL) struct CurlTLSTests {
        @Test func aCertificateThatNobodyVouchesForIsRefusedBeforeAnythingIsSent() async throws {
            try await OpenSSLServer.running(arguments: ["-www"]) { server in
                let sent = Counter()
                let transport = try CurlTransport.forTests()
                let error = try await transport.failure(of: .code(server.url) { sent.increment() })
                #expect(error.kind == .certificate)
                #expect(!error.wasSent)
                #expect(error.message.contains("self-signed"))
                #expect(sent.value == 0)
            }
        }

        @Test func aCertificateOfAnotherHostIsRefused() async throws {
            try await OpenSSLServer.running(subject: "DNS:example.com", arguments: ["-www"]) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .certificate)
                #expect(!error.wasSent)
            }
        }

        @Test func aTrustedCertificateIsAccepted() async throws {
            try await OpenSSLServer.running(arguments: ["-www"]) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                let response = try await transport.send(HTTPRequest(url: server.url, timeout: .seconds(20)))
                #expect(response.status == 200)
                #expect(response.httpVersion == .http1_0)
            }
        }

        @Test func aFileOfCertificatesThatOpenSSLCannotReadIsNobodysOutage() async throws {
            try await OpenSSLServer.running(arguments: ["-www"]) { server in
                // Its Base64 is sound, and what it stands for is no certificate.
                let folder = try TemporaryFolder()
                let text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
                let file = try folder.write(text, to: "ca.pem")
                let transport = try CurlTransport.forTests { $0.caFile = file }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .certificate)
                #expect(error.message.contains(file))
            }
        }

        @Test func http2IsSpokenWhereTheServerOffersIt() async throws {
            let speaker = HTTP2Server()
            let arguments = ["-alpn", "h2,http/1.1"]
            try await OpenSSLServer.running(arguments: arguments, answering: speaker.receive) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                let answers = try await withThrowingTaskGroup { group in
                    for _ in 0..<20 { group.addTask { try await transport.send(.code(server.url)) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                // The server takes one connection after the other, so all twenty have shared it.
                #expect(answers.count == 20)
                for answer in answers {
                    #expect(answer.status == 200)
                    #expect(answer.httpVersion == .http2)
                    #expect(String(decoding: answer.body, as: UTF8.self) == "h2")
                }
                #expect(speaker.answered.value == 20)
            }
        }

        @Test func aGoAwayBetweenRequestsFailsNobody() async throws {
            let speaker = HTTP2Server { $0 == 2 ? .answerAndGoAway : .answer }
            let arguments = ["-alpn", "h2,http/1.1"]
            try await OpenSSLServer.running(arguments: arguments, answering: speaker.receive) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                for _ in 1...5 {
                    let answer = try await transport.send(.code(server.url))
                    #expect(answer.status == 200)
                    #expect(String(decoding: answer.body, as: UTF8.self) == "h2")
                }
                #expect(speaker.requests == 5)
            }
        }

        @Test func aStreamThatEndsInTheMiddleOfItsAnswerIsIncomplete() async throws {
            let speaker = HTTP2Server { $0 == 1 ? .half : .answer }
            let arguments = ["-alpn", "h2,http/1.1"]
            try await OpenSSLServer.running(arguments: arguments, answering: speaker.receive) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                let error = try await transport.failure(of: .code(server.url))
                // As it happens, libcurl hands over nothing of a stream that has ended before it was looked
                // at.
                #expect([.incompleteAnswer, .connectionClosed].contains(error.kind), "\(error)")
                #expect(error.wasSent)
                #expect(try await transport.send(.code(server.url)).status == 200)
                #expect(speaker.requests == 2)
            }
        }
    }
}
