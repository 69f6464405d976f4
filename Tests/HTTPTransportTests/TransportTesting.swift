// What the tests of the transport share.

import Dispatch
import HTTPTransport
import Synchronization
import Testing

extension CurlTransport {
    /// A transport that no environment of the tests' machine can divert.
    static func forTests(_ change: (inout Configuration) -> Void = { _ in }) throws -> CurlTransport {
        var configuration = Configuration(userAgent: "latchstring/0.0.0-tests", proxy: .none)
        change(&configuration)
        return try CurlTransport(configuration: configuration)
    }

    /// Sends a request that has to fail, and returns how it did.
    func failure(
        of request: HTTPRequest,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> TransportError {
        try await #require(throws: TransportError.self, sourceLocation: sourceLocation) {
            try await send(request)
        }
    }
}

extension HTTPRequest {
    /// A request for a code, such as the modules above send.
    static func code(
        _ url: String,
        timeout: Duration = .seconds(20),
        onSend: (@Sendable () -> Void)? = nil
    ) -> HTTPRequest {
        HTTPRequest(
            method: .post,
            url: url,
            headers: [HTTPHeader(name: "Content-Type", value: "application/json")],
            body: Array(#"{"identity_id":"021d045c-26f8-4316-8389-fc0ac90734e1"}"#.utf8),
            timeout: timeout,
            onSend: onSend
        )
    }
}

/// Counts from any thread.
final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}

/// Holds threads until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() {
        semaphore.signal()
    }
}

/// Keeps what a server hears, and answers every request alike.
final class Heard: Sendable {
    private let kept = Mutex<[UInt8]>([])
    private let answer: [UInt8]

    var text: String { String(decoding: kept.withLock { $0 }, as: UTF8.self) }

    init(answering answer: String = "") {
        self.answer = Array(answer.utf8)
    }

    func receive(_ bytes: [UInt8]) -> [UInt8] {
        kept.withLock { $0 += bytes }
        return bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil ? [] : answer
    }
}
