// Why a run ends before its work does.

import Ledger
import Pacing
package import Model

/// Why a run stopped early.
package enum StopReason: Sendable, Hashable {
    /// Asked to, by a signal such as SIGINT; the code is the signal's name in lower case.
    case signal(String)
    /// An answer that is the same for every identity.
    case fatal(FatalAnswer)
    /// The number of identities asked for is done.
    case maxIdentities
    /// The time that the run was given is over.
    case maxDuration
    /// More identities failed than the operator wants to see; the sentence says how many.
    case maxFailures(Wording)
    /// Nearly everything has failed for as long as the run was to bear it; the sentence says for how long.
    case outage(Wording)
    /// The roster cannot be read to its end; the sentence says why.
    case roster(Wording)
    /// The run was declared lost, and another one goes on with its work; the sentence says so.
    case fenced(Wording)
    /// The ledger cannot be written; the sentence says why.
    case ledger(Wording)

    /// For what a call on the ledger has thrown.
    package init(ofLedger error: any Error) {
        let isFence = (error as? LedgerError)?.code == .fenced
        self = isFence ? .fenced("\(error)") : .ledger("\(error)")
    }

    /// What is found about the ledger outweighs what was asked for, also where it comes later.
    package func outweighs(_ known: StopReason) -> Bool { weight > known.weight }

    private var weight: Int {
        switch self {
        case .ledger: 2
        case .fenced: 1
        default: 0
        }
    }

    /// Whether the ledger is the reason.
    package var isLedgers: Bool { if case .ledger = self { true } else { false } }

    /// That the bound on failures is exceeded.
    package static func exceeded(_ bound: FailureBound, failed: Int, issued: Int) -> StopReason {
        .maxFailures(
            "\(failed) of \(failed + issued) identities have failed, more than \(.maxFailures) \(bound) "
                + "allows: is it the right roster, and the right server? failures.csv has the reasons"
        )
    }

    /// That the server has not worked for too long.
    static func exhausted(_ exhaustion: Admission.Exhaustion, busyAnswer: String) -> StopReason {
        switch exhaustion {
        case .outage(let duration):
            .outage(
                "nearly every request has failed for \(duration.inWords), as long as \(.giveUpAfter) allows; "
                    + "no identity was marked as failed for it"
            )
        case .refusals(let duration):
            .outage(
                "the server has answered nothing but \(busyAnswer) for \(duration.inWords) after the "
                    + "first wait that it asked for, as long as \(.giveUpAfter) allows; no identity was "
                    + "marked as failed for it"
            )
        }
    }

    /// The word for summaries.
    package var code: String {
        switch self {
        case .signal(let name): name
        case .fatal(let answer): answer.code.rawValue
        case .maxIdentities: "max_identities"
        case .maxDuration: "max_duration"
        case .maxFailures: "max_failures"
        case .outage: "outage"
        case .roster: "roster_unreadable"
        case .fenced: "fenced"
        case .ledger: "ledger_not_writable"
        }
    }
}

extension StopReason {
    /// Whether what was asked is no server of the kind, or none at all: its URL may be mistyped.
    package var isOfWrongServer: Bool {
        guard case .fatal(let answer) = self else { return false }
        switch answer.code {
        case .wrongURL, .publicPort, .redirected, .notKratos, .hostNotResolved, .plainHTTP, .unreachable:
            return true
        default: return false
        }
    }
}

/// What tells a run from outside to stop: the runner awaits it, and looks at it now and then.
package protocol StopSignal: Sendable {
    /// Why the run is to stop; nil while it is not.
    var stop: StopReason? { get }

    /// Returns when the run is to stop; nil where the task is cancelled first, or where it can only be looked
    /// at.
    func untilStopped() async -> StopReason?
}

extension StopSignal {
    package func untilStopped() async -> StopReason? { nil }
}
