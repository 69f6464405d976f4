// The signals that a command catches, as a stream.

import Campaign
import Glibc
import Pacing
import UnixSignals

enum ProcessSignals {
    /// The signals that ask to stop: SIGHUP too, unless it was set to be ignored (`nohup`).
    static var stopping: [UnixSignal] {
        var inherited = sigaction()
        let isKnown = sigaction(SIGHUP, nil, &inherited) == 0
        let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
        let isIgnored =
            isKnown && unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self) == ignored
        return isIgnored ? [.sigint, .sigterm] : [.sigint, .sigterm, .sighup]
    }

    /// Does work that signals end with their own exit codes; on return they do again what they did before.
    static func whileWaiting<T: ~Copyable>(
        _ time: TimeSource,
        _ work: (RunControl) async throws -> T
    ) async throws -> T {
        let control = RunControl(time: time)
        var actions = stopping.map { (signal: $0.rawValue, action: sigaction()) }
        for index in actions.indices { sigaction(actions[index].signal, nil, &actions[index].action) }
        let trapped = await stream(of: stopping)
        let watch = Task {
            for await case .stop(let signal) in trapped { _ = control.requestStop(bySignal: signal) }
        }
        defer {
            watch.cancel()
            for (signal, action) in actions {
                withUnsafePointer(to: action) { _ = sigaction(signal, $0, nil) }
            }
        }
        return try await work(control)
    }

    /// From now on these signals are caught, until nobody listens any more.
    static func stream(of signals: [UnixSignal]) async -> AsyncStream<RunSignal> {
        let trapped = await UnixSignalsSequence(trapping: signals)
        // More than these cannot wait: who sends so many wants the process to end.
        return AsyncStream(bufferingPolicy: .bufferingOldest(16)) { continuation in
            let passing = Task {
                for await signal in trapped { continuation.yield(meaning(of: signal)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in passing.cancel() }
        }
    }

    private static func meaning(of signal: UnixSignal) -> RunSignal {
        switch signal {
        case .sigusr1: .progress
        case .sigint: .stop("sigint")
        case .sighup: .stop("sighup")
        default: .stop("sigterm")
        }
    }
}
