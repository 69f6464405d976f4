// TLS against a real implementation of it: whom the transport trusts, and HTTP/2, which it speaks there only.

import Foundation
import HTTPTransport
import Testing

@Suite(
    .timeLimit(.minutes(2)),
    .enabled(if: OpenSSLServer.path != nil, "the openssl command makes the certificates and is the server")
)
struct CurlTLSTests {
    @Test func aCertificateThatNobodyVouchesForIsRefusedBeforeAnythingIsSent() async throws {
        let server = try OpenSSLServer(arguments: ["-www"])
        let sent = Counter()
        let transport = try CurlTransport.forTests()
        let error = try await transport.failure(
            of: .code("https://127.0.0.1:\(server.port)/") { sent.increment() }
        )
        #expect(error.kind == .certificate)
        #expect(!error.wasSent)
        #expect(error.message.contains("self-signed"))
        #expect(sent.value == 0)
    }

    @Test func aCertificateOfAnotherHostIsRefused() async throws {
        let server = try OpenSSLServer(subject: "DNS:example.com", arguments: ["-www"])
        let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
        let error = try await transport.failure(of: .code("https://127.0.0.1:\(server.port)/"))
        #expect(error.kind == .certificate)
        #expect(!error.wasSent)
    }

    @Test func aTrustedCertificateIsAccepted() async throws {
        let server = try OpenSSLServer(arguments: ["-www"])
        let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/", timeout: .seconds(20))
        let response = try await transport.send(request)
        #expect(response.status == 200)
        #expect(response.httpVersion == .http1_0)
    }

    @Test func aFileOfCertificatesThatIsMissingIsNamed() async throws {
        let server = try OpenSSLServer(arguments: ["-www"])
        let transport = try CurlTransport.forTests { $0.caFile = "/nonexistent/ca.pem" }
        let error = try await transport.failure(of: .code("https://127.0.0.1:\(server.port)/"))
        #expect(error.kind == .tls)
        #expect(error.message.contains("/nonexistent/ca.pem"))
    }

    @Test func http2IsSpokenWhereTheServerOffersIt() async throws {
        let server = try OpenSSLServer(arguments: ["-alpn", "h2,http/1.1"])
        let speaker = HTTP2Server(server)
        let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
        let url = "https://127.0.0.1:\(server.port)/admin/recovery/code"
        let answers = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await transport.send(.code(url)) } }
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

/// The least that passes for an HTTP/2 server: it answers every stream with 200 and `h2` (RFC 9113, 4.1 and 6).
private final class HTTP2Server: Sendable {
    let answered = Counter()

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let noStream: [UInt8] = [0, 0, 0, 0]

    init(_ server: OpenSSLServer) {
        let input = server.fromClient.fileHandleForReading
        let output = server.toClient.fileHandleForWriting
        Thread { [answered] in
            var unread: [UInt8] = []
            /// Reads so many bytes; nil at the end.
            func read(_ count: Int) -> [UInt8]? {
                while unread.count < count {
                    let more = input.availableData
                    guard !more.isEmpty else { return nil }
                    unread += more
                }
                defer { unread.removeFirst(count) }
                return Array(unread.prefix(count))
            }
            func write(type: UInt8, flags: UInt8, stream: [UInt8], _ payload: [UInt8]) {
                try? output.write(contentsOf: [0, 0, UInt8(payload.count), type, flags] + stream + payload)
            }

            // What the server prints about the handshake comes first.
            while unread.firstRange(of: Self.preface) == nil {
                let more = input.availableData
                guard !more.isEmpty else { return }
                unread += more
            }
            if let start = unread.firstRange(of: Self.preface) { unread.removeSubrange(..<start.upperBound) }

            write(type: 4, flags: 0, stream: Self.noStream, [])  // Our settings: none.
            while let head = read(9), read(Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])) != nil {
                let (type, flags) = (head[3], head[4])
                if type == 4, flags & 1 == 0 { write(type: 4, flags: 1, stream: Self.noStream, []) }
                guard type == 0 || type == 1, flags & 1 != 0 else { continue }
                // The stream's request is complete. Field 8 of HPACK's table is ":status: 200".
                write(type: 1, flags: 4, stream: Array(head[5...]), [0x88])
                write(type: 0, flags: 1, stream: Array(head[5...]), Array("h2".utf8))
                answered.increment()
            }
        }.start()
    }
}
