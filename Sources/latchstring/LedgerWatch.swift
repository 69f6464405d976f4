// Looking for damage in the ledger before a run, or beside it.

import Campaign
import Ledger
import Synchronization

/// Checks a run's ledger: a small one before anything else, a large one while the run is on.
///
/// A campaign of millions must not wait for its check, and one that is damaged must not be worked on for long.
final class LedgerWatch: Sendable {
    private struct State {
        var damage: String?
        var onDamage: (@Sendable (String) -> Void)?
        var checking: Task<Void, Never>?
    }

    private let check: LedgerCheck
    private let queue = SerialQueue(label: "ledger check")
    private let state = Mutex(State())

    init(ledgerPath: String) { check = LedgerCheck(path: ledgerPath) }

    /// What was found so far; a sentence.
    var damage: String? { state.withLock { $0.damage } }

    /// Returns when the ledger is known to be sound, or when it is too large to wait for that.
    ///
    /// - Throws: `LedgerError` where it is damaged.
    func begin() async throws {
        if check.isQuick { return try await queue.perform { [check] in try check.run() } }
        let checking = Task { [self] in
            do { try await queue.perform { [check] in try check.run() } } catch { found("\(error)") }
        }
        state.withLock { $0.checking = checking }
    }

    /// Calls the handler when damage is found, or at once where it was.
    func onDamage(_ handler: @escaping @Sendable (String) -> Void) {
        let damage = state.withLock { state in
            state.onDamage = handler
            return state.damage
        }
        if let damage { handler(damage) }
    }

    /// Ends the check; on return nothing reads the ledger any more.
    func end() async {
        check.cancel()
        await state.withLock { $0.checking }?.value
    }

    private func found(_ sentence: String) {
        let handler = state.withLock { state in
            state.damage = sentence
            return state.onDamage
        }
        handler?(sentence)
    }
}
