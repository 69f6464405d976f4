// What a ledger should say, in the plainest way that could be written.

import Ledger
import TestSupport
import Model

/// A campaign in memory, by the book.
struct LedgerModel {
    enum State { case pending, claimed, inDoubt, issued, failed }

    struct Identity {
        let id: IdentityID
        var roster: RosterID
        var line: Int
        var columns: [String]
        var state = State.pending
        var attempts = 0
        var ambiguousAttempts = 0
        var code = ""
        var failure: FailureRecord?
    }

    private(set) var identities: [Identity] = []
    private(set) var rejectedRows: [RejectedRow] = []
    private(set) var roster = RosterID(number: 0)
    private(set) var enrolment = EnrolmentCounts()

    mutating func beginRoster(_ id: RosterID) {
        roster = id
        rejectedRows = []
        enrolment = EnrolmentCounts()
    }

    mutating func enrol(_ entries: [RosterEntry]) -> EnrolmentCounts {
        var counts = EnrolmentCounts()
        for entry in entries {
            switch entry {
            case .rejected(let row):
                rejectedRows.append(row)
                counts.rejected += 1
            case .identity(let id, let line, let columns):
                if let index = identities.firstIndex(where: { $0.id == id }) {
                    if identities[index].roster == roster {
                        counts.duplicates += 1
                        rejectedRows.append(
                            RejectedRow(
                                line: line,
                                column: "identity_id",
                                reason: "duplicate",
                                value: id.text,
                                firstLine: identities[index].line
                            )
                        )
                        continue
                    }
                    (identities[index].roster, identities[index].line) = (roster, line)
                    identities[index].columns = columns
                } else {
                    identities.append(Identity(id: id, roster: roster, line: line, columns: columns))
                    counts.enrolledNew += 1
                }
                counts.enrolled += 1
            }
        }
        enrolment += counts
        return counts
    }

    mutating func beginRun(retryFailed: Bool) {
        for index in identities.indices {
            switch identities[index].state {
            case .claimed:
                identities[index].state = .inDoubt
                identities[index].attempts += 1
                identities[index].ambiguousAttempts += 1
            case .failed where retryFailed || identities[index].failure?.isPermanent == false:
                identities[index].state = .pending
            default: break
            }
        }
    }

    mutating func claim(_ count: Int) -> [Claim] {
        // Those of older rosters first.
        let order = identities.indices.sorted { (identities[$0].roster, $0) < (identities[$1].roster, $1) }
        let due =
            order.filter { identities[$0].state == .inDoubt }
            + order.filter { identities[$0].state == .pending }
        return due.prefix(count).map { index in
            let wasInDoubt = identities[index].state == .inDoubt
            identities[index].state = .claimed
            return Claim(
                sequence: Int64(index + 1),
                identityID: identities[index].id,
                wasInDoubt: wasInDoubt,
                attempts: identities[index].attempts
            )
        }
    }

    mutating func record(_ result: AttemptResult) {
        let index = Int(result.claim.sequence) - 1
        identities[index].attempts += 1
        if result.isAmbiguous { identities[index].ambiguousAttempts += 1 }
        switch result.outcome {
        case .issued(let invitation):
            identities[index].state = .issued
            identities[index].code = invitation.recoveryCode
        case .failed(let failure):
            identities[index].state = .failed
            identities[index].failure = failure
        case .tryingAgain(let failure):
            identities[index].failure = failure
        case .dueAgain(let failure):
            identities[index].state = .pending
            if let failure { identities[index].failure = failure }
        }
    }

    mutating func release(_ claims: [Claim]) {
        for claim in claims {
            identities[Int(claim.sequence) - 1].state = claim.wasInDoubt ? .inDoubt : .pending
        }
    }

    mutating func requeueRefused() {
        for index in identities.indices
        where identities[index].state == .failed && identities[index].failure?.kind == "rejected_by_server" {
            identities[index].state = .pending
        }
    }

    func counts() -> CampaignCounts {
        var counts = CampaignCounts()
        counts.identities = identities.count
        for identity in identities {
            counts.ambiguousAttempts += identity.ambiguousAttempts
            switch identity.state {
            case .pending: counts.pending += 1
            case .claimed: counts.claimed += 1
            case .inDoubt: counts.inDoubt += 1
            case .issued: counts.issued += 1
            case .failed:
                counts.failed += 1
                if let failure = identity.failure { counts.failures[failure.kind.rawValue, default: 0] += 1 }
            }
        }
        return counts
    }

    var refusalsOnly: Int? {
        let failures = identities.compactMap(\.failure)
        let isAll =
            !identities.contains { $0.state == .issued }
            && failures.allSatisfy { $0.kind == "rejected_by_server" }
        return isAll ? failures.count : nil
    }
}
