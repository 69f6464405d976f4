// A relay on loopback that misbehaves as a test wants it to.

import Foundation
import Synchronization

/// An SMTP server with a fault for each step, and a record of what it took.
///
/// Each connection has a thread; a fault is chosen when a command has come. Nothing here sleeps: a relay that
/// stalls does so until its client is gone.
package final class FaultyRelay: Sendable {
    /// What a client has done, in the order of a dialogue.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case connected, ehlo, auth, mail, recipient, data
        /// The message and its final dot have come.
        case message
        case reset, quit
    }

    /// What the relay does in place of its usual reply.
    package enum Fault: Hashable, Sendable {
        /// Says this, and goes on; several lines are parted by LF.
        case reply(String)
        case replyAndClose(String)
        /// Says this before its usual reply.
        case saysMore(String)
        case close
        /// Ends the connection so that unread bytes are lost (RST).
        case reset
        /// Says nothing until the client is gone.
        case stall
        /// The same, after the mail was taken: its reply would come too late.
        case takeAndStall
        /// Takes the mail, and closes without a reply.
        case takeAndClose
        /// Bytes that are no reply.
        case garbage([UInt8])
        /// After 354: reads so many bytes of the message, and closes, or resets.
        case readAndClose(Int)
        case readAndReset(Int)
    }

    /// Where a dialogue is when a fault is asked for.
    package struct Moment: Sendable {
        package var step: Step
        /// Of the connection, from 1.
        package var connection: Int
        /// How many mails the connection has had before.
        package var mailsBefore: Int
        /// The command as it came; of a message its first line.
        package var command: String
        /// Empty before RCPT.
        package var recipient: String
    }

    /// A mail that the relay took.
    package struct Taken: Sendable {
        package var connection: Int
        /// The whole command: `MAIL FROM:<…> SIZE=…`.
        package var mailCommand: String
        package var recipients: [String]
        /// With single dots.
        package var message: [UInt8]
    }

    package typealias Script = @Sendable (Moment) -> Fault?

    struct State {
        var taken: [Taken] = []
        var commands: [String] = []
        var openConnections = 0
        var connections = 0
        var peak = 0
        var isStopped = false
    }

    let state = Mutex(State())
    let script: Script
    let extensions: [String]
    let credential: String?
    let listener: Int32
    package let port: Int

    /// - Parameters:
    ///   - extensions: what EHLO announces.
    ///   - credential: `user password` of those that AUTH takes, by PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER.
    ///   - script: what goes wrong.
    package init(
        extensions: [String] = ["PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8"],
        credential: String? = nil,
        port: Int = 0,
        _ script: @escaping Script = { _ in nil }
    ) throws {
        self.extensions = extensions
        self.credential = credential
        self.script = script
        listener = Socket.make()
        self.port = try Socket.listen(listener, port: port)
        let box = Unmanaged.passRetained(Listening(listener, self))
        Thread.detachNewThread { box.takeRetainedValue().run() }
    }

    deinit { stop() }

    package var url: String { "smtp://127.0.0.1:\(port)" }
    package var taken: [Taken] { state.withLock(\.taken) }
    /// Every command of every connection, in the order of their coming.
    package var commands: [String] { state.withLock(\.commands) }
    package var connections: Int { state.withLock(\.connections) }
    /// How many connections were open at once.
    package var peak: Int { state.withLock(\.peak) }
    package var openConnections: Int { state.withLock(\.openConnections) }

    /// Takes no further connections.
    package func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        // It wakes the thread that accepts, which closes it.
        if isFirst { _ = shutdown(listener, Int32(SHUT_RDWR)) }
    }
}

/// The thread that accepts; it does not keep the relay alive.
private final class Listening: Sendable {
    private let listener: Int32
    private let relay: WeakRelay

    init(_ listener: Int32, _ relay: FaultyRelay) {
        self.listener = listener
        self.relay = WeakRelay(relay)
    }

    func run() {
        defer { close(listener) }
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            guard let relay = relay.value else {
                close(socket)
                return
            }
            Socket.sendAtOnce(socket)
            let number = relay.state.withLock { state in
                state.connections += 1
                state.openConnections += 1
                state.peak = max(state.peak, state.openConnections)
                return state.connections
            }
            Thread.detachNewThread {
                FaultyDialogue(relay: relay, socket: socket, number: number).run()
                relay.state.withLock { $0.openConnections -= 1 }
            }
        }
    }
}

private final class WeakRelay: Sendable {
    private let held: Mutex<Weak>

    private struct Weak {
        weak var relay: FaultyRelay?
    }

    init(_ relay: FaultyRelay) { held = Mutex(Weak(relay: relay)) }

    var value: FaultyRelay? { held.withLock(\.relay) }
}

/// Sockets of loopback, blocking.
enum Socket {
    static func make() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// The port it listens on.
    static func listen(_ descriptor: Int32, port: Int) throws -> Int {
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && Glibc.listen(descriptor, 512) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Replies to pipelined commands are short packets, and none is to wait for the one before.
    static func sendAtOnce(_ descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Closes with a RST.
    static func reset(_ descriptor: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
