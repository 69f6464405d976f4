// A TCP server of the tests' own: it does to each connection exactly what the test's script says.

import Dispatch
import Foundation
import Synchronization

/// Listens on a free port of 127.0.0.1, or on a Unix socket, and runs the script for each connection, each on
/// a thread of its own.
final class ScriptedServer: Sendable {
    /// A request as it came.
    struct Request: Sendable {
        let line: String
        let headers: [String]
        let body: [UInt8]

        func has(header: String) -> Bool {
            headers.contains { $0.lowercased() == header.lowercased() }
        }

        func has(headerNamed name: String) -> Bool {
            headers.contains { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        }
    }

    /// What the server and the thread that accepts share; it lives as long as either.
    private final class Core: Sendable {
        struct State {
            /// Nil once nobody listens any more.
            var listener: Int32?
            var requests: [Request] = []
            var connections = 0
            /// By the connection's index: the number of a socket is soon that of another.
            var open: [Int: Int32] = [:]
            var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        }

        let state: Mutex<State>

        init(listener: Int32) {
            state = Mutex(State(listener: listener))
        }

        /// Closed by the thread that accepts, and by it alone: its number may not pass to another before.
        func closeListener() {
            state.withLock { state in
                guard let listener = state.listener else { return }
                state.listener = nil
                _ = Foundation.close(listener)
            }
        }
    }

    /// 0 for a Unix socket.
    let port: UInt16
    private let core: Core

    var url: String { "http://127.0.0.1:\(port)/admin/recovery/code" }
    var requests: [Request] { core.state.withLock(\.requests) }
    var connections: Int { core.state.withLock(\.connections) }

    /// - Parameter socketPath: a Unix socket to make and to listen on, in place of a port.
    init(socketPath: String? = nil, _ script: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        let listener: Int32
        (listener, port) = try socketPath.map { (try Self.listen(at: $0), 0) } ?? Self.listen()
        core = Core(listener: listener)
        Thread { [weak self, core] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                guard let self else {
                    _ = Foundation.close(socket)
                    continue
                }
                let index = core.state.withLock { state in
                    state.connections += 1
                    state.open[state.connections - 1] = socket
                    return state.connections - 1
                }
                let connection = ScriptedConnection(server: self, socket: socket, index: index)
                Thread {
                    script(connection)
                    connection.close()
                }.start()
            }
            core.closeListener()
        }.start()
    }

    deinit {
        stop()
    }

    /// Ends all connections; scripts that still read from them see their end.
    func stop() {
        core.state.withLock { state in
            // The thread that accepts sees it, and ends.
            if let listener = state.listener { shutdown(listener, Int32(SHUT_RDWR)) }
            for socket in state.open.values { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// Waits until so many requests have arrived.
    func received(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = core.state.withLock { state in
                guard state.requests.count < count else { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    fileprivate func note(_ request: Request) {
        let due = core.state.withLock { state in
            state.requests.append(request)
            let count = state.requests.count
            let due = state.waiters.filter { $0.count <= count }
            state.waiters.removeAll { $0.count <= count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    fileprivate func close(_ index: Int, reset: Bool) {
        core.state.withLock { state in
            guard let socket = state.open.removeValue(forKey: index) else { return }
            if reset {
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(
                    socket,
                    SOL_SOCKET,
                    SO_LINGER,
                    &linger,
                    socklen_t(MemoryLayout.size(ofValue: linger))
                )
            }
            _ = Foundation.close(socket)
        }
    }

    /// A Unix socket that listens.
    private static func listen(at path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1))
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let failure = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) != 0 || Foundation.listen(listener, 1024) != 0
            }
        }
        guard !failure else { throw POSIXError(.EADDRNOTAVAIL) }
        return listener
    }

    /// A listening socket and its port.
    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failure = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) != 0 || Foundation.listen(listener, 1024) != 0
                    || getsockname(listener, pointer, &length) != 0
            }
        }
        guard !failure else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// One connection, in the hands of the script.
final class ScriptedConnection: Sendable {
    private let server: ScriptedServer
    private let socket: Int32
    private let unread = Mutex<[UInt8]>([])
    /// The number of the connection, from 0.
    let index: Int

    fileprivate init(server: ScriptedServer, socket: Int32, index: Int) {
        self.server = server
        self.socket = socket
        self.index = index
    }

    /// Reads one request, its body by its `Content-Length`; nil where the client closes before its end.
    @discardableResult
    func readRequest() -> ScriptedServer.Request? {
        let end = Array("\r\n\r\n".utf8)
        return unread.withLock { unread in
            while unread.firstRange(of: end) == nil {
                guard readMore(&unread) else { return nil }
            }
            guard let blank = unread.firstRange(of: end) else { return nil }
            let head = String(decoding: unread[..<blank.lowerBound], as: UTF8.self)
            unread.removeSubrange(..<blank.upperBound)
            var lines = head.components(separatedBy: "\r\n")
            let line = lines.removeFirst()
            let length =
                lines.first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
            while unread.count < length {
                guard readMore(&unread) else { return nil }
            }
            let request = ScriptedServer.Request(line: line, headers: lines, body: Array(unread[..<length]))
            unread.removeSubrange(..<length)
            server.note(request)
            return request
        }
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes a whole answer that keeps the connection open.
    func answer(_ status: String = "201 Created", headers: [String] = [], body: String = "{}") {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Writes a whole answer with a compressed body.
    func answer(gzip body: [UInt8]) {
        write("HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
        write(body)
    }

    /// Passes everything on to another port and back, until either side is gone.
    func relay(to port: Int) {
        let other = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(other, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        defer { Foundation.close(other) }
        guard isConnected else { return }
        let isBack = DispatchSemaphore(value: 0)
        let back = Thread { [socket] in
            Self.copy(from: other, to: socket)
            isBack.signal()
        }
        back.start()
        Self.copy(from: socket, to: other)
        // Until then its number is in use: the next connection may get the same.
        isBack.wait()
    }

    private static func copy(from source: Int32, to target: Int32) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &chunk, chunk.count, 0)
            guard count > 0, send(target, chunk, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(target, Int32(SHUT_RDWR))
        shutdown(source, Int32(SHUT_RDWR))
    }

    /// Waits until the client is gone, without answering.
    func stall() {
        unread.withLock { unread in
            while readMore(&unread) {}
        }
    }

    func close() {
        server.close(index, reset: false)
    }

    /// Closes the connection so that the client sees "connection reset by peer".
    func reset() {
        server.close(index, reset: true)
    }

    private func readMore(_ unread: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        unread += chunk[..<count]
        return true
    }
}
