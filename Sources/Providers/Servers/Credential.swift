// The credential of a run, which may be replaced while the run is on.

import Synchronization

/// Where requests get their bearer token from; it can be read anew when the server refuses it.
package final class Credential: Sendable {
    /// Reads the token again from where it came from.
    package typealias Renewal = @Sendable () async throws -> BearerToken

    private struct State {
        var token: BearerToken?
        /// Every token so far, for taking them out of texts.
        var known: [BearerToken]
        /// Whether the server has taken the present token for good.
        var wasAccepted = false
        var renewals = 0
        var renewing: Task<Bool, Never>?
    }

    private let state: Mutex<State>
    private let renewal: Renewal?

    /// - Parameter renewal: nil where the token cannot change.
    package init(_ token: BearerToken?, renewal: Renewal? = nil) {
        state = Mutex(State(token: token, known: [token].compactMap { $0 }))
        self.renewal = renewal
    }

    /// The token to send now; nil where none is needed.
    package var token: BearerToken? { state.withLock(\.token) }

    /// How often another token took the place of one that was refused.
    package var renewals: Int { state.withLock(\.renewals) }

    var known: [BearerToken] { state.withLock(\.known) }

    /// The server took this token.
    func accepted(_ token: BearerToken?) {
        state.withLock { state in
            if state.token == token { state.wasAccepted = true }
        }
    }

    /// The server refused this token: whether there is another one to try.
    ///
    /// It is read again once, however many requests ask at the same time; and not a second time before the
    /// server has taken what was read, so that a source of bad tokens does not go on for ever.
    func hasOther(than refused: BearerToken?) async -> Bool {
        let renewing: Task<Bool, Never>? = state.withLock { state in
            if state.token != refused { return Task { true } }
            if let renewing = state.renewing { return renewing }
            guard let renewal, state.renewals == 0 || state.wasAccepted else { return nil }
            let task = Task { await self.renew(refused, by: renewal) }
            state.renewing = task
            return task
        }
        return await renewing?.value ?? false
    }

    private func renew(_ refused: BearerToken?, by renewal: Renewal) async -> Bool {
        let token = try? await renewal()
        return state.withLock { state in
            state.renewing = nil
            guard let token, token != refused else { return false }
            state.token = token
            state.known.append(token)
            state.wasAccepted = false
            state.renewals += 1
            return true
        }
    }
}
