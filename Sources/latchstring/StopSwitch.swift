// Signals: the first one drains, the second one ends the process at once.

import Glibc
import Synchronization
import UnixSignals

/// What the first signal sets and the run looks at.
final class StopSwitch: Sendable {
    private struct State {
        var signal: String?
        var onStop: (@Sendable (String) -> Void)?
        /// Whether there is work that has to come to an end first.
        var isWorking = false
    }

    private let state = Mutex(State())

    /// The signal that asked to stop, such as `sigint`; nil while none has.
    var signal: String? { state.withLock(\.signal) }

    /// From now on there is work that a first signal lets come to an end.
    func workBegins() { state.withLock { $0.isWorking = true } }

    /// Calls back when a signal comes, or at once when one has come already.
    private func onStop(_ body: @escaping @Sendable (String) -> Void) {
        let signal = state.withLock { state in
            state.onStop = body
            return state.signal
        }
        if let signal { body(signal) }
    }

    /// Does work that a signal cancels; nil when it was cancelled before it came to an end.
    func cancelling<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T? {
        let task = Task { try await work() }
        onStop { _ in task.cancel() }
        do { return try await task.value } catch is CancellationError { return nil }
    }

    /// Returns whether it was the first.
    private func request(_ signal: String) -> Bool {
        let (isFirst, body) = state.withLock { state in
            guard state.signal == nil else { return (false, nil as (@Sendable (String) -> Void)?) }
            state.signal = signal
            return (true, state.onStop)
        }
        if isFirst { body?(signal) }
        return isFirst
    }

    /// Watches for signals until its task is cancelled.
    ///
    /// - Parameter goOn: how to go on, in a sentence, for the last line.
    func watch(_ signals: UnixSignalsSequence, goOn: String, console: Console) async {
        for await signal in signals {
            let name = Self.name(of: signal)
            if request(name) {
                guard state.withLock(\.isWorking) else { continue }
                console.note(
                    "\nStopping: what is on its way is awaited and recorded; once more stops at once."
                )
            } else {
                // Only the ledger matters, and it is safe at every moment.
                Console.error("stopped at once; what was on its way is in doubt. \(goOn)")
                _exit(name == "sigint" ? ExitStatus.interrupted.rawValue : ExitStatus.terminated.rawValue)
            }
        }
    }

    /// Does work that signals end with their own exit codes; on return they do again what they did before.
    static func whileWaiting<T: ~Copyable>(_ work: (StopSwitch) async throws -> T) async throws -> T {
        let stopSwitch = StopSwitch()
        var actions = signals.map { (signal: $0.rawValue, action: sigaction()) }
        for index in actions.indices { sigaction(actions[index].signal, nil, &actions[index].action) }
        let trapped = await UnixSignalsSequence(trapping: signals)
        let watch = Task { for await signal in trapped { _ = stopSwitch.request(name(of: signal)) } }
        defer {
            watch.cancel()
            for (signal, action) in actions {
                withUnsafePointer(to: action) { _ = sigaction(signal, $0, nil) }
            }
        }
        return try await work(stopSwitch)
    }

    /// The signals to watch for: SIGHUP too, unless it was set to be ignored (`nohup`).
    static var signals: [UnixSignal] {
        var inherited = sigaction()
        let isKnown = sigaction(SIGHUP, nil, &inherited) == 0
        let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
        let isIgnored =
            isKnown && unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self) == ignored
        return isIgnored ? [.sigint, .sigterm] : [.sigint, .sigterm, .sighup]
    }

    private static func name(of signal: UnixSignal) -> String {
        switch signal {
        case .sigint: "sigint"
        case .sighup: "sighup"
        default: "sigterm"
        }
    }
}
