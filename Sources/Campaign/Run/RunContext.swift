// Everything that a run takes from outside.

package import Exports
package import Providers
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

/// What a signal asks of a run.
package enum RunSignal: Hashable, Sendable {
    /// To stop; the signal's name, such as `sigint`.
    case stop(String)
    /// To tell how far it is.
    case progress
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
    /// From now on signals are caught.
    package var signals: @Sendable () async -> AsyncStream<RunSignal>
    /// Ends the process, for a second signal.
    package var exitNow: @Sendable (ExitStatus) -> Void
    package var random: @Sendable () -> any RandomNumberGenerator & Sendable
    package var events: RunEvents
    /// Told of every step of handing over, for tests.
    package var afterBatchStep: @Sendable (BatchOutputs.Step) throws -> Void = { _ in }

    package init(
        time: TimeSource,
        process: String,
        version: String,
        connect: @escaping @Sendable (_ concurrency: Int) async throws -> ServerLink,
        signals: @escaping @Sendable () async -> AsyncStream<RunSignal>,
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
        self.signals = signals
        self.exitNow = exitNow
        self.random = random
        self.events = events
    }
}
