// Everything that a run takes from outside.

package import IdentityAPI
package import Pacing

/// A connection to the server, and the way to end it.
package struct ServerLink: Sendable {
    package let connection: ServerConnection
    package let close: @Sendable () -> Void

    package init(_ connection: ServerConnection, close: @escaping @Sendable () -> Void = {}) {
        self.connection = connection
        self.close = close
    }
}

/// The world outside of a run: clock, network, signals, chance, and those who follow what happens.
package struct RunContext: Sendable {
    package var time: TimeSource
    /// Whose process this is, for people.
    package var process: String
    /// The program's version.
    package var version: String
    /// Connects to the server, for so many requests at a time.
    package var connect: @Sendable (_ concurrency: Int) async throws -> ServerLink
    /// From now on signals are caught: the names of those that ask to stop, such as `sigint`.
    package var stopSignals: @Sendable () async -> AsyncStream<String>
    /// Ends the process, for a second signal.
    package var exitNow: @Sendable (ExitStatus) -> Void
    package var random: @Sendable () -> any RandomNumberGenerator & Sendable
    package var events: RunEvents

    package init(
        time: TimeSource,
        process: String,
        version: String,
        connect: @escaping @Sendable (_ concurrency: Int) async throws -> ServerLink,
        stopSignals: @escaping @Sendable () async -> AsyncStream<String>,
        exitNow: @escaping @Sendable (ExitStatus) -> Void,
        random: @escaping @Sendable () -> any RandomNumberGenerator & Sendable = {
            SystemRandomNumberGenerator()
        },
        events: RunEvents
    ) {
        self.time = time
        self.process = process
        self.version = version
        self.connect = connect
        self.stopSignals = stopSignals
        self.exitNow = exitNow
        self.random = random
        self.events = events
    }
}
