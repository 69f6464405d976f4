// The signals that a command catches, as streams.

import Campaign
import Glibc
import Pacing
import UnixSignals

enum StopSignals {
    /// The signals that ask to stop: SIGHUP too, unless it was set to be ignored (`nohup`).
    private static var signals: [UnixSignal] {
        var inherited = sigaction()
        let isKnown = sigaction(SIGHUP, nil, &inherited) == 0
        let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
        let isIgnored =
            isKnown && unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self) == ignored
        return isIgnored ? [.sigint, .sigterm] : [.sigint, .sigterm, .sighup]
    }

    /// From now on these signals are caught: their names, until nobody listens any more.
    @Sendable static func caught() async -> AsyncStream<String> {
        await stream(of: signals, name(of:))
    }

    /// From now on SIGUSR1 is caught.
    @Sendable static func progressRequests() async -> AsyncStream<Void> {
        await stream(of: [.sigusr1]) { _ in }
    }

    /// Does work that signals end with their own exit codes; on return they do again what they did before.
    static func whileWaiting<T: ~Copyable>(
        _ time: TimeSource,
        _ work: (RunControl) async throws -> T
    ) async throws -> T {
        let control = RunControl(time: time)
        var actions = signals.map { (signal: $0.rawValue, action: sigaction()) }
        for index in actions.indices { sigaction(actions[index].signal, nil, &actions[index].action) }
        let trapped = await caught()
        let watch = Task { for await signal in trapped { _ = control.requestStop(bySignal: signal) } }
        defer {
            watch.cancel()
            for (signal, action) in actions {
                withUnsafePointer(to: action) { _ = sigaction(signal, $0, nil) }
            }
        }
        return try await work(control)
    }

    private static func stream<T: Sendable>(
        of signals: [UnixSignal],
        _ value: @escaping @Sendable (UnixSignal) -> T
    ) async -> AsyncStream<T> {
        let trapped = await UnixSignalsSequence(trapping: signals)
        // More than these cannot wait: who sends so many wants the process to end.
        return AsyncStream(bufferingPolicy: .bufferingOldest(16)) { continuation in
            let passing = Task {
                for await signal in trapped { continuation.yield(value(signal)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in passing.cancel() }
        }
    }

    @Sendable private static func name(of signal: UnixSignal) -> String {
        switch signal {
        case .sigint: "sigint"
        case .sighup: "sighup"
        default: "sigterm"
        }
    }
}
