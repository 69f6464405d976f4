// How far a run is, told when SIGUSR1 asks for it.

import Synchronization
import UnixSignals

/// Tells how far a run is whenever it is asked, also when quiet.
final class ProgressOnRequest: Sendable {
    private let line = Mutex<@Sendable () -> String>({ "looking at the roster" })

    /// What is to be told from now on.
    func tell(_ line: @escaping @Sendable () -> String) { self.line.withLock { $0 = line } }

    /// Answers signals until its task is cancelled.
    func answer(_ signals: UnixSignalsSequence) async {
        for await _ in signals { Console.told(line.withLock { $0 }()) }
    }
}
