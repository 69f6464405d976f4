// A client of the tests' own: plain blocking sockets, so that nothing is mended on the way.

import Glibc

/// What came back on a connection, as it came.
struct RawAnswer: Sendable {
    let statusLine: String
    let headerLines: [String]
    let body: [UInt8]
    /// Whether the body is as long as `Content-Length` says.
    let isComplete: Bool

    var status: Int { Int(statusLine.split(separator: " ")[1]) ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
        headerLines.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}

/// One connection to a simulated server.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    struct Failure: Error {
        let code: Int32
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        // A test that would wait for ever fails instead.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // What fails here is closed by `deinit`, and may be so only once: the number may be another's by
        // then.
        guard result == 0 else { throw Failure(code: errno) }
    }

    init(unixPath path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor,
                    $0.baseAddress?.advanced(by: sent),
                    $0.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            // A process that is stopped for a moment comes back with this.
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(code: errno) }
            sent += count
        }
    }

    /// The next answer; nil where the connection ends before its head does.
    func receive(withoutBody: Bool = false) throws -> RawAnswer? {
        let blank = Array("\r\n\r\n".utf8)
        var end = firstIndex(of: blank)
        while end == nil {
            guard try more() else { return nil }
            end = firstIndex(of: blank)
        }
        guard let end else { return nil }
        var lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n").map(
            String.init
        )
        received.removeFirst(end + 4)
        let statusLine = lines.removeFirst()
        let field = lines.first { $0.lowercased().hasPrefix("content-length: ") }
        if !withoutBody, lines.contains("Transfer-Encoding: chunked") {
            let body = try chunks()
            return RawAnswer(
                statusLine: statusLine,
                headerLines: lines,
                body: body ?? [],
                isComplete: body != nil
            )
        }
        let isEmpty = withoutBody || statusLine.hasPrefix("HTTP/1.1 204")
        let length = isEmpty ? 0 : field.flatMap { Int($0.dropFirst(16)) } ?? .max
        while received.count < length, try more() {}
        let body = Array(received.prefix(length))
        received.removeFirst(body.count)
        return RawAnswer(
            statusLine: statusLine,
            headerLines: lines,
            body: body,
            isComplete: length == .max || body.count == length
        )
    }

    /// A body in chunks; nil where the connection ends before it does.
    private func chunks() throws -> [UInt8]? {
        let lineEnd = Array("\r\n".utf8)
        var body: [UInt8] = []
        while true {
            while firstIndex(of: lineEnd) == nil { guard try more() else { return nil } }
            let line = received.prefix(firstIndex(of: lineEnd) ?? 0)
            guard let count = Int(String(decoding: line, as: UTF8.self), radix: 16) else { return nil }
            received.removeFirst(line.count + 2)
            while received.count < count + 2 { guard try more() else { return nil } }
            body += received.prefix(count)
            received.removeFirst(count + 2)
            if count == 0 { return body }
        }
    }

    /// Everything up to the end of the connection.
    func receiveToEnd() throws -> String {
        while try more() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether an answer begins within the time given.
    func hasAnswer(within milliseconds: Int32) -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !received.isEmpty || poll(&state, 1, milliseconds) > 0
    }

    private func firstIndex(of pattern: [UInt8]) -> Int? {
        guard received.count >= pattern.count else { return nil }
        return (0...received.count - pattern.count).first { received[$0...].starts(with: pattern) }
    }

    /// Reads on; false at the end of the connection.
    private func more() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count: Int
        repeat { count = recv(descriptor, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw Failure(code: errno) }
        received.append(contentsOf: buffer[..<count])
        return count > 0
    }
}

extension RawClient {
    /// Asks for a code or a link.
    func ask(_ identity: String, _ endpoint: String = "code", headers: String = "") throws {
        let body = "{\"identity_id\":\"\(identity)\"}"
        try send(
            "POST /admin/recovery/\(endpoint) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}

extension RawClient {
    func get(_ target: String, headers: String = "") throws -> RawAnswer {
        try send("GET \(target) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
        guard let answer = try receive() else { throw Failure(code: ECONNRESET) }
        return answer
    }

    func send(_ method: String, _ target: String, _ body: String = "", headers: String = "") throws
        -> RawAnswer
    {
        try send(
            "\(method) \(target) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        guard let answer = try receive() else { throw Failure(code: ECONNRESET) }
        return answer
    }
}

extension RawAnswer {
    /// The IDs of the identities in a list, in their order.
    var ids: [String] {
        text.matches(of: #/"id":"([0-9a-f-]{36})",("credentials"|"external_id"|"schema_id")/#).map {
            String($0.1)
        }
    }

    /// Where the next page of a list is.
    var nextTarget: String? {
        header("Link")?.firstMatch(of: #/<([^>]*)>; rel="next"/#).map { String($0.1) }
    }
}
