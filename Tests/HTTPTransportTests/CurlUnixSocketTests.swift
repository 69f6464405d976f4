// A server behind a Unix socket.

import Foundation
import HTTPTransport
import TestSupport
import Testing

extension CurlTests {
    @Suite struct CurlUnixSocketTests {
        @Test func requestsGoToTheSocketWhateverTheirHost() async throws {
            let folder = try TemporaryFolder()
            let server = try ScriptedServer(socketPath: folder("kratos.sock")) { connection in
                while connection.readRequest() != nil { connection.answer() }
            }
            // The proxy is of no account.
            let transport = try CurlTransport.forTests {
                $0.unixSocketPath = folder("kratos.sock")
                $0.proxy = .url("http://127.0.0.1:1")
            }
            for _ in 1...3 {
                let response = try await transport.send(.code("http://kratos.invalid/admin/recovery/code"))
                #expect(response.status == 201)
            }
            #expect(server.connections == 1)
            let request = try #require(server.requests.last)
            #expect(request.line == "POST /admin/recovery/code HTTP/1.1")
            #expect(request.has(header: "Host: kratos.invalid"))

            var inspected = HTTPRequest(url: "http://kratos.invalid/", timeout: .seconds(20))
            inspected.wantsConnectionFacts = true
            let facts = try #require(try await transport.send(inspected).connection)
            #expect(facts.address == nil)
            #expect(facts.port == nil)
            #expect(facts.answered != nil)
        }

        @Test func aSocketThatIsNotThereIsNamed() async throws {
            let folder = try TemporaryFolder()
            let transport = try CurlTransport.forTests { $0.unixSocketPath = folder("none.sock") }
            let error = try await transport.failure(of: .code("http://localhost/"))
            #expect(error.kind == .connectionFailed)
            #expect(!error.wasSent)
            #expect(error.message.contains("\(folder("none.sock")): No such file or directory"), "\(error)")
        }

        @Test func aSocketThatNobodyListensOnIsNamed() async throws {
            let folder = try TemporaryFolder()
            let path = folder("dead.sock")
            do {
                let server = try ScriptedServer(socketPath: path) { _ in }
                server.stop()
            }
            let transport = try CurlTransport.forTests { $0.unixSocketPath = path }
            let error = try await transport.failure(of: .code("http://localhost/"))
            #expect(error.kind == .connectionFailed)
            #expect(error.message.contains("\(path): Connection refused"), "\(error)")
        }

        @Test(arguments: [108, 109, 4096])
        func aPathThatIsTooLongIsRefusedAtOnce(_ length: Int) throws {
            let path = "/" + String(repeating: "s", count: length - 1)
            let error = #expect(throws: TransportError.self) {
                try CurlTransport.forTests { $0.unixSocketPath = path }
            }
            #expect(error?.kind == .invalidRequest)
            #expect(error?.message.contains("\(length) bytes") == true)
            #expect(error?.message.contains(path) == true)
        }

        @Test func aPathOf107BytesIsNotTooLong() async throws {
            let folder = try TemporaryFolder()
            let name = String(repeating: "s", count: 106 - folder.path.utf8.count)
            let server = try ScriptedServer(socketPath: folder(name)) { connection in
                connection.readRequest()
                connection.answer()
            }
            #expect(folder(name).utf8.count == 107)
            let transport = try CurlTransport.forTests { $0.unixSocketPath = folder(name) }
            #expect(try await transport.send(.code("http://localhost/")).status == 201)
            #expect(server.requests.count == 1)
        }

        @Test(arguments: ["", "/run/a\u{0}b"])
        func aPathThatIsNoneIsRefusedAtOnce(_ path: String) throws {
            let error = #expect(throws: TransportError.self) {
                try CurlTransport.forTests { $0.unixSocketPath = path }
            }
            #expect(error?.kind == .invalidRequest)
        }
    }
}
