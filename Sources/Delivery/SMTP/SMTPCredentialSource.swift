// The credential of a relay, which may be replaced while mails are sent.

import Synchronization

/// Reads a credential once, and once more when the relay has refused it.
final class SMTPCredentialSource: Sendable {
    private struct State {
        var reading: Task<SMTPCredential, any Error>?
        var current: SMTPCredential?
        var rereadings = 0
        /// Whether the relay has taken the current one.
        var wasAccepted = false
    }

    private let read: @Sendable () async throws -> SMTPCredential
    private let state = Mutex(State())

    init(_ read: @escaping @Sendable () async throws -> SMTPCredential) {
        self.read = read
    }

    /// The credential to connect with.
    func current() async throws -> SMTPCredential {
        let reading: Task<SMTPCredential, any Error> = state.withLock { state in
            if let current = state.current { return Task { current } }
            return Self.reading(&state, read)
        }
        return try await settled(reading)
    }

    /// The one that is known already; nil before the first reading.
    var known: SMTPCredential? { state.withLock(\.current) }

    /// The relay has taken it.
    func accepted(_ credential: SMTPCredential) {
        state.withLock { state in
            if state.current == credential { state.wasAccepted = true }
        }
    }

    /// The relay has refused this one: another one to try; nil where there is none.
    ///
    /// It is not read a third time before the relay has taken what was read, so that a source of bad ones
    /// does not go on for ever.
    func other(than refused: SMTPCredential) async -> SMTPCredential? {
        let reading: Task<SMTPCredential, any Error>? = state.withLock { state in
            if let current = state.current, current != refused { return Task { current } }
            if state.reading == nil {
                guard state.rereadings == 0 || state.wasAccepted else { return nil }
                state.rereadings += 1
                state.wasAccepted = false
            }
            return Self.reading(&state, read)
        }
        guard let reading, let other = try? await settled(reading), other != refused else { return nil }
        return other
    }

    private static func reading(
        _ state: inout State,
        _ read: @escaping @Sendable () async throws -> SMTPCredential
    ) -> Task<SMTPCredential, any Error> {
        if let reading = state.reading { return reading }
        // A task of its own: who asks may be cancelled, and others wait for it, too.
        let reading = Task { try await read() }
        state.reading = reading
        return reading
    }

    private func settled(_ reading: Task<SMTPCredential, any Error>) async throws -> SMTPCredential {
        let result = await reading.result
        state.withLock { state in
            guard state.reading == reading else { return }
            state.reading = nil
            if case .success(let credential) = result { state.current = credential }
        }
        return try result.get()
    }
}
