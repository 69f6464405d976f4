// A name that has no address, and one that cannot be looked up for now.

import Glibc
import Synchronization
import Testing

@testable import HTTPTransport

@Suite struct NameCheckTests {
    private static let host = "http://no-such-host.latchstring.test/"

    @Test(arguments: [
        (EAI_AGAIN, TransportError.Kind.hostNotResolvedForNow), (EAI_SYSTEM, .hostNotResolvedForNow),
        (EAI_MEMORY, .hostNotResolvedForNow),
        // It has an address by now.
        (0, .hostNotResolvedForNow),
        (EAI_NONAME, .hostNotResolved), (EAI_FAIL, .hostNotResolved), (-5, .hostNotResolved),
    ])
    func theCodeTells(_ code: Int32, _ kind: TransportError.Kind) async throws {
        let asked = Mutex<[String]>([])
        let transport = try CurlTransport.forTests {
            $0.nameLookup = { name in
                asked.withLock { $0.append(name) }
                return code
            }
        }
        let error = try await transport.failure(of: .code(Self.host))
        #expect(error.kind == kind)
        #expect(!error.wasSent)
        #expect(error.phase == .nameLookup)
        #expect(error.message.contains("no-such-host.latchstring.test"))
        #expect(asked.withLock { $0 } == ["no-such-host.latchstring.test"])
    }

    @Test(arguments: [
        (EAI_AGAIN, TransportError.Kind.proxyNotResolvedForNow), (EAI_NONAME, .proxyNotResolved),
    ])
    func aProxysNameIsCheckedToo(_ code: Int32, _ kind: TransportError.Kind) async throws {
        let transport = try CurlTransport.forTests {
            $0.proxy = .url("http://user:hunter2@no-such-proxy.latchstring.test:3128")
            $0.nameLookup = { $0 == "no-such-proxy.latchstring.test" ? code : 0 }
        }
        let error = try await transport.failure(of: .code("http://127.0.0.1:9/"))
        #expect(error.kind == kind)
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test func aNameThatCannotExistIsNotAskedFor() async throws {
        let transport = try CurlTransport.forTests {
            $0.nameLookup = { _ in
                Issue.record("the name was looked up")
                return EAI_AGAIN
            }
        }
        let error = try await transport.failure(of: .code("http://kratos.invalid./"))
        #expect(error.kind == .hostNotResolved)
    }

    @Test func aNameServiceThatDoesNotAnswerDoesNotWorkForNow() async {
        let gate = Gate()
        let check = NameCheck(
            lookup: { _ in
                gate.wait()
                return EAI_NONAME
            },
            patience: .milliseconds(1)
        )
        let error = await check.refined(Self.error("Could not resolve host: a.test"))
        gate.open()
        #expect(error.kind == .hostNotResolvedForNow)
    }

    @Test func manyRequestsShareALookup() async {
        let gate = Gate()
        let asked = Mutex(0)
        let check = NameCheck(
            lookup: { _ in
                asked.withLock { $0 += 1 }
                gate.wait()
                return EAI_AGAIN
            },
            patience: .seconds(3600)
        )
        await withTaskGroup(of: TransportError.Kind.self) { group in
            for _ in 0..<50 {
                group.addTask { await check.refined(Self.error("Could not resolve host: a.test (why)")).kind }
            }
            while check.waitingCount < 50 { await Task.yield() }
            gate.open()
            for await kind in group { #expect(kind == .hostNotResolvedForNow) }
        }
        #expect(asked.withLock { $0 } == 1)
    }

    @Test func otherErrorsStayAsTheyAre() async {
        let check = NameCheck(lookup: { _ in EAI_AGAIN })
        let refused = TransportError(kind: .connectionFailed, wasSent: false, message: "refused")
        #expect(await check.refined(refused) == refused)
        let nameless = Self.error("some other words")
        #expect(await check.refined(nameless) == nameless)
    }

    private static func error(_ message: String) -> TransportError {
        TransportError(kind: .hostNotResolved, wasSent: false, message: message)
    }

    /// What a lookup waits for.
    private final class Gate: Sendable {
        private let pipe: [Int32]

        init() {
            var ends: [Int32] = [-1, -1]
            Glibc.pipe(&ends)
            pipe = ends
        }

        deinit { for end in pipe { close(end) } }

        func wait() {
            var byte: UInt8 = 0
            _ = read(pipe[0], &byte, 1)
        }

        func open() {
            var byte: UInt8 = 1
            _ = write(pipe[1], &byte, 1)
        }
    }
}
