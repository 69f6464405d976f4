// Whether those in the roster are on the server, by a sample.

import Providers
import Model

/// Reads what a look-up of some of the roster's IDs came to.
struct IdentitiesCheck {
    let asked: [IdentityID]

    func finding(_ outcome: LookupOutcome) -> Finding {
        switch outcome {
        case .found(let identities): finding(identities)
        case .tooLong(let answer), .fatal(let answer):
            .warning(
                .identities,
                answer.message,
                answer.advice + (answer.advice.isEmpty ? "" : "; ")
                    + "until then nobody knows whether the roster's IDs are on the server"
            )
        case .transient(let failure, _):
            .warning(.identities, "they could not be looked up (\(failure.reason))", "ask again")
        case .unread:
            .warning(
                .identities,
                "they could not be looked up: the server left the request unread",
                "ask again"
            )
        case .again:
            .warning(.identities, "they could not be looked up: the credential is being renewed", "ask again")
        }
    }

    private func finding(_ identities: [ListedIdentity]) -> Finding {
        let found = Dictionary(identities.map { ($0.id, $0) }) { first, _ in first }
        let unknown = asked.count { found[$0] == nil }
        guard unknown < asked.count else {
            return .problem(
                .identities,
                "the server knows none of \(asked.count) looked up",
                "check \(.server) and \(.idColumn): that is another server, or the column holds other IDs"
            )
        }
        let inactive = found.values.count { !$0.isActive }
        let addressless = found.values.count { !$0.hasRecoveryAddress }
        let remarks: [(count: Int, what: String, advice: Wording)] = [
            (unknown, "unknown", "run with \(.verify), so that unknown and inactive ones cost no request"),
            (
                inactive, "inactive, whose codes would open nothing",
                "run with \(.verify), or make them active"
            ),
            (
                addressless, "without a recovery address, who cannot ask for another code themselves",
                "have the identities' schema name one"
            ),
        ].filter { $0.count > 0 }
        guard !remarks.isEmpty else {
            return .ok(
                .identities,
                "all of \(asked.count) looked up are there, active, with a recovery address"
            )
        }
        let counts = remarks.map { "\($0.count) \($0.what)" }.joined(separator: "; ")
        return .warning(
            .identities,
            "of \(asked.count) looked up, \(counts)",
            remarks.map(\.advice).joined(separator: "; ")
        )
    }
}
