// What a ledger has to hold, kept beside it from what it was told.

import Model
import TestSupport
import Ledger

@testable import Campaign

/// How every identity stands, by its number in the order of enrolment, from 0.
struct CampaignBook {
    enum State: Hashable {
        case pending
        case claimed
        case inDoubt
        case issued(String)
        case failed(isPermanent: Bool)
    }

    private(set) var states: [State] = []
    /// Ambiguous attempts of each identity.
    private(set) var ambiguous: [Int] = []
    private(set) var claimed = 0

    mutating func enrol(_ count: Int) {
        states += [State](repeating: .pending, count: count)
        ambiguous += [Int](repeating: 0, count: count)
    }

    /// What a new run finds, and finds due.
    mutating func beginRun(retryFailed: Bool) {
        for index in states.indices {
            switch states[index] {
            case .claimed:
                states[index] = .inDoubt
                ambiguous[index] += 1
            case .failed(let isPermanent) where !isPermanent || retryFailed:
                states[index] = .pending
            case .pending, .inDoubt, .issued, .failed: break
            }
        }
        claimed = 0
    }

    /// Takes in a commit that succeeded.
    mutating func record(_ results: [AttemptResult], _ claims: [Claim]) throws(SimulationFailure) {
        for result in results { try record(result) }
        for claim in claims {
            let index = Int(claim.sequence) - 1
            let expected: State = claim.wasInDoubt ? .inDoubt : .pending
            guard states[index] == expected else {
                throw SimulationFailure("identity \(index) was claimed while \(states[index])")
            }
            states[index] = .claimed
        }
        claimed += claims.count
    }

    private mutating func record(_ result: AttemptResult) throws(SimulationFailure) {
        let index = Int(result.claim.sequence) - 1
        guard states[index] == .claimed else {
            throw SimulationFailure("identity \(index) was recorded while \(states[index])")
        }
        if result.isAmbiguous { ambiguous[index] += 1 }
        switch result.outcome {
        case .tryingAgain: return
        case .issued(let invitation): states[index] = .issued(invitation.recoveryCode)
        case .failed(let failure): states[index] = .failed(isPermanent: failure.isPermanent)
        case .dueAgain: states[index] = .pending
        }
        claimed -= 1
    }

    /// Takes in what a run gives back when it ends.
    mutating func release(_ claims: [Claim]) throws(SimulationFailure) {
        for claim in claims {
            let index = Int(claim.sequence) - 1
            guard states[index] == .claimed else {
                throw SimulationFailure("identity \(index) was given back while \(states[index])")
            }
            states[index] = claim.wasInDoubt ? .inDoubt : .pending
            claimed -= 1
        }
    }

    /// Codes beyond the one that is in the ledger, for which no ambiguous attempt accounts.
    func unaccounted(given: [[String]]) -> Int? {
        states.indices.first { index in
            var known = ambiguous[index]
            switch states[index] {
            case .issued, .claimed: known += 1
            case .pending, .inDoubt, .failed: break
            }
            return given[index].count > known
        }
    }
}

/// The same counts as the ledger's.
extension CampaignCounts {
    init(_ book: CampaignBook) {
        self.init()
        identities = book.states.count
        ambiguousAttempts = book.ambiguous.reduce(0, +)
        for standing in book.states {
            switch standing {
            case .pending: pending += 1
            case .claimed: claimed += 1
            case .inDoubt: inDoubt += 1
            case .issued: issued += 1
            case .failed: failed += 1
            }
        }
    }
}

/// Something that must not be.
struct SimulationFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
