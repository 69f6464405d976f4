// What exit code 3 speaks of, and what is said of it.

import Campaign
import Ledger
import Model

extension RosterNews {
    /// The counts behind exit code 3 in one line, for whoever sees nothing else.
    ///
    /// - Parameter expired: how many invitations of the campaign have expired.
    func words(_ scope: ExitCodeScope, expired: Int = 0) -> String {
        switch scope {
        case .roster:
            Self.line([
                failuresOfRoster,
                Self.givenUp(failures).map { "\($0) given up" },
                rejectsOfRoster,
                expired == 0
                    ? nil : expired == 1 ? "1 invitation has expired" : "\(expired) invitations have expired",
            ])
        case .run:
            Self.line([
                Self.part(
                    Self.failed(failuresInRun),
                    "identity has failed in this run",
                    "identities have failed in this run"
                ),
                Self.givenUp(failuresInRun).map { "\($0) given up in this run" },
                Self.part(newRejects, "row is newly rejected", "rows are newly rejected"),
            ])
        }
    }

    private var failuresOfRoster: String? {
        let (all, new) = (Self.failed(failures), Self.failed(newFailures))
        return Self.part(all, "identity is failed", "identities are failed").map {
            "\($0), \(Self.part(new, of: all)) in this run"
        }
    }

    /// Those who were given up have not failed: their codes came, and were not used.
    private static func failed(_ failures: [String: Int]) -> [String: Int] {
        failures.filter { $0.key != FailureKind.notActivated.rawValue }
    }

    private static func givenUp(_ failures: [String: Int]) -> String? {
        failures[FailureKind.notActivated.rawValue].map { count in
            count == 1 ? "1 identity is" : "\(count) identities are"
        }
    }

    private var rejectsOfRoster: String? {
        Self.part(rejects, "row is rejected", "rows are rejected").map {
            "\($0), \(Self.part(newRejects, of: rejects)) new since the run before"
        }
    }

    private static func line(_ parts: [String?]) -> String {
        let parts = parts.compactMap { $0 }
        return parts.isEmpty ? "identities are still pending or in doubt" : parts.joined(separator: "; ")
    }

    private static func part(_ counts: [String: Int], _ one: String, _ many: String) -> String? {
        let sum = counts.values.reduce(0, +)
        guard sum > 0 else { return nil }
        let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        return "\(sum) \(sum == 1 ? one : many) (\(kinds.joined(separator: ", ")))"
    }

    private static func part(_ new: [String: Int], of all: [String: Int]) -> String {
        let count = new.values.reduce(0, +)
        if count == 0 { return "none of them" }
        return count == all.values.reduce(0, +) ? "all of them" : "\(count) of them"
    }
}
