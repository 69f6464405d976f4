// The connections that a simulated server has open, so that it can break down, and know when all are gone.

import NIOCore
import Synchronization

/// Every connection from its acceptance to its end.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDown = false
        /// Those who wait until none is open.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Notes a connection until it is closed; closes it at once while the server is down.
    func add(_ channel: any Channel) {
        let isDown = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isDown
        }
        channel.closeFuture.whenComplete { _ in self.remove(channel) }
        if isDown { channel.close(promise: nil) }
    }

    /// Closes every connection, and each that is accepted from now on.
    func cut() {
        let open = state.withLock { state in
            state.isDown = true
            return Array(state.channels.values)
        }
        for channel in open { channel.close(promise: nil) }
    }

    /// Connections may stay open again.
    func welcome() { state.withLock { $0.isDown = false } }

    /// Returns when no connection is open.
    func allClosed() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiting.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func remove(_ channel: any Channel) {
        let released = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in released { continuation.resume() }
    }
}
