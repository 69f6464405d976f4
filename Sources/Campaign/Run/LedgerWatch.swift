// Looking for damage in the ledger before a run, beside it, and at its end.

import Ledger
import Pacing
import Synchronization
import Model
import Work

/// Checks a run's ledger again and again: a small one before anything else, too, and when all is done.
///
/// A campaign of millions must not wait for its check, and one that is damaged must not be worked on for
/// long.
final class LedgerWatch: Sendable {
    private struct State {
        var damage: Wording?
        var watching: Task<Void, Never>?
    }

    private let check: any LedgerChecking
    private let time: TimeSource
    private let control: RunControl
    private let queue = SerialQueue(label: "ledger check")
    private let state = Mutex(State())

    /// Between two checks is at least so long, and so many times as long as the first of them took.
    private static let pauseMin: Duration = .seconds(1)
    private static let pauseFactor = 200.0
    /// How often a check is told to end.
    private static let cancelInterval: Duration = .milliseconds(20)

    /// - Parameter control: is told of damage, which stops the run.
    init(_ check: any LedgerChecking, time: TimeSource, control: RunControl) {
        self.check = check
        self.time = time
        self.control = control
    }

    /// What was found so far; a sentence.
    var damage: Wording? { state.withLock { $0.damage } }

    /// Returns when the ledger is known to be sound, or when it is too large to wait for that.
    ///
    /// - Throws: `LedgerError` where it is damaged.
    func begin() async throws {
        let isChecked = check.isQuick
        if isChecked { try await queue.perform { [check] in try check.run() } }
        let watching = Task { await watch(isChecked: isChecked) }
        state.withLock { $0.watching = watching }
    }

    private func watch(isChecked: Bool) async {
        var pause = isChecked ? Self.pauseMin : .zero
        while damage == nil {
            do { try await time.sleep(time.elapsed() + pause) } catch { return }
            let start = time.elapsed()
            await look()
            pause = max(Self.pauseMin, (time.elapsed() - start) * Self.pauseFactor)
        }
    }

    /// Ends the watch with a last check, where that is short; on return nothing reads the ledger any more.
    ///
    /// - Parameter isInDoubt: whether something has gone wrong with the ledger: then it is checked however
    ///   long
    ///   that takes.
    func end(isInDoubt: Bool) async {
        guard isInDoubt || check.isShort else { return await cancel() }
        guard let watching = state.withLock({ $0.watching.take() }) else { return }
        watching.cancel()
        await watching.value
        if damage == nil { await look() }
    }

    /// Ends the watch, and the check that is under way; on return nothing reads the ledger any more.
    func cancel() async {
        guard let watching = state.withLock({ $0.watching.take() }) else { return }
        watching.cancel()
        let telling = Task {
            while !Task.isCancelled {
                check.cancel()
                try? await Task.sleep(for: Self.cancelInterval)
            }
        }
        await watching.value
        telling.cancel()
    }

    private func look() async {
        do { try await queue.perform { [check] in try check.run() } } catch { found("\(error)") }
    }

    private func found(_ sentence: Wording) {
        state.withLock { $0.damage = sentence }
        control.requestStop(.ledger(sentence))
    }
}
