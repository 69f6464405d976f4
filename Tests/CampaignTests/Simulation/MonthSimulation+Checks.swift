// What must hold after each night: between the ledger, the batches, and the truth at the server.

import Exports
import Files
import Foundation
import Ledger
import SQLiteLedger
import TestSupport
import Model

@testable import Campaign

extension MonthSimulation {
    /// After a command that came to its end.
    func check(_ run: MonthRun.End, isWhole: Bool, roster: [IdentityID]) throws {
        if let violation = server.violation { throw SimulationFailure(violation) }
        guard let result = run.result else {
            throw SimulationFailure("a run failed: \(run.error.map { "\($0)" } ?? "without an error")")
        }
        try require(result.unwritten.isEmpty, "not written: \(result.unwritten.map(\.sentence))")
        let ledger = try SQLiteLedger.open(at: campaign.ledgerPath)
        defer { try? ledger.close() }
        let users = server.users
        var codes = 0
        for id in invited {
            let invitations = try ledger.invitations(of: id)
            codes += invitations.count
            try check(invitations, of: id, users[id])
        }
        let counts = try ledger.counts(now: run.ended)
        try check(counts, isDone: result.stop == nil)
        try require(
            server.codesGiven <= codes + counts.ambiguousAttempts,
            "\(server.codesGiven) codes were given, \(codes) are kept, \(counts.ambiguousAttempts) attempts ambiguous"
        )
        try noteBatches()
        guard result.stop == nil else { return }
        try checkDone(ledger, users, run, isWhole ? roster : invited)
    }

    /// Generations follow one another, the last is the current one, and the server gave every code.
    private func check(_ invitations: [GenerationRecord], of id: IdentityID, _ user: MonthUser?)
        throws(SimulationFailure)
    {
        try require(
            invitations.map(\.generation) == Array(1..<(invitations.count + 1)),
            "\(id) has the generations \(invitations.map(\.generation))"
        )
        try require(
            invitations.map(\.isCurrent) == invitations.indices.map { $0 == invitations.count - 1 },
            "\(id) has more than one current invitation, or none"
        )
        try require(invitations.count <= Self.reissueMax + 1, "\(id) was issued for \(invitations.count) times")
        for record in invitations {
            try require(
                user?.codes.contains { $0.code == record.invitation.recoveryCode } ?? false,
                "\(id) was never given the code of generation \(record.generation)"
            )
        }
    }

    /// Each identity is in exactly one state.
    private func check(_ counts: CampaignCounts, isDone: Bool) throws(SimulationFailure) {
        let states = counts.issued + counts.failed + counts.pending + counts.claimed + counts.inDoubt
        // Where nobody could be asked who has activated, nobody is enrolled.
        try require(
            isDone ? counts.identities == invited.count : counts.identities <= invited.count,
            "\(counts.identities) of \(invited.count) are enrolled"
        )
        try require(states == counts.identities, "\(counts) are not \(counts.identities) identities")
        try require(counts.claimed == 0, "\(counts.claimed) are left claimed")
    }

    /// After a run that has done all that was due.
    private func checkDone(
        _ ledger: SQLiteLedger,
        _ users: [IdentityID: MonthUser],
        _ run: MonthRun.End,
        _ scope: [IdentityID]
    ) throws {
        let givenUp = try givenUp(ledger)
        for id in invited {
            guard let user = users[id], let current = try ledger.invitations(of: id).last else { continue }
            let known = try ledger.activation(of: id)?.activation.state
            if known == .activated { try require(user.passwordAt != nil, "\(id) has not activated") }
            guard !user.isDeleted else { continue }
            try require(
                (known == .activated) == (user.passwordAt != nil),
                "\(id) is \(known.map { "\($0)" } ?? "unknown"), with a password since \(user.passwordAt as Any)"
            )
            guard user.passwordAt == nil, scope.contains(id) else { continue }
            let isValid = current.invitation.expiresAt > run.began
            if givenUp.contains(id) {
                try require(current.generation == Self.reissueMax + 1, "\(id) was given up too early")
                continue
            }
            try require(isValid, "\(id) has no valid invitation, and is not given up")
            try require(
                mailedBy[id]?[current.generation] != nil,
                "\(id) was not handed over in generation \(current.generation)"
            )
        }
        for id in scope where users[id]?.isDeleted == false {
            try require(try !ledger.invitations(of: id).isEmpty || isRefused(id, ledger), "\(id) has nothing")
        }
        try checkSums(ledger, run.ended)
    }

    /// Whether the server did not have the identity when it was asked for it.
    private func isRefused(_ id: IdentityID, _ ledger: SQLiteLedger) throws -> Bool {
        try ledger.memberships(of: [id])[id] == .failedPermanently
    }

    private func checkSums(_ ledger: SQLiteLedger, _ now: Timestamp) throws {
        let standing = try ledger.funnel(now: now)
        var expected = standing
        (expected.valid, expected.expired, expected.activated) = (0, 0, 0)
        let givenUp = try givenUp(ledger)
        for id in invited {
            guard let current = try ledger.invitations(of: id).last else { continue }
            if try ledger.activation(of: id)?.activation.state == .activated {
                expected.activated += 1
            } else if current.invitation.expiresAt > now {
                expected.valid += 1
            } else {
                expected.expired += 1
            }
        }
        expected.givenUp = givenUp.count
        try require(standing == expected, "\(standing) in the ledger, \(expected) expected")
    }

    // MARK: - Batches

    /// Whatever batch is there stays as it is: somebody may have loaded it.
    func noteBatches() throws {
        let path = "\(campaign.path)/handover"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasSuffix(".csv") && !name.hasPrefix(".") {
            guard let bytes = FileManager.default.contents(atPath: "\(path)/\(name)") else { continue }
            if let known = loaded[name] {
                try require(known == bytes, "the batch \(name) has changed")
            } else {
                loaded[name] = bytes
                try mail(name, String(decoding: bytes, as: UTF8.self))
            }
        }
        try require(Set(loaded.keys).isSubset(of: names), "a batch is gone")
    }

    func loadBatches() throws { try noteBatches() }

    /// Nobody is in two batches of a generation, nobody is mailed who has activated, and every code is right.
    private func mail(_ name: String, _ text: String) throws {
        let rows = readCSV(text)
        guard let header = rows.first, let id = header.firstIndex(of: "identity_id"),
            let code = header.firstIndex(of: "recovery_code"),
            let generation = header.firstIndex(of: "generation")
        else { throw SimulationFailure("\(name) has no header") }
        for row in rows.dropFirst() {
            guard let identity = IdentityID(row[id]), let number = Int(row[generation]),
                let user = server.users[identity]
            else { throw SimulationFailure("\(name) has the row \(row)") }
            let other = mailedBy[identity]?[number]
            try require(other == nil, "\(identity) is in \(name) and in \(other ?? "") by generation \(number)")
            mailedBy[identity, default: [:]][number] = name
            try require(user.passwordAt == nil, "\(identity) has activated and is in \(name)")
            try require(user.codes.contains { $0.code == row[code] }, "\(identity) was never given that code")
        }
    }

    // MARK: - Given up

    /// Those whom the ledger has given up.
    func givenUp() throws -> Set<IdentityID> {
        guard FileManager.default.fileExists(atPath: campaign.ledgerPath) else { return [] }
        let ledger = try SQLiteLedger.open(at: campaign.ledgerPath)
        defer { try? ledger.close() }
        return try givenUp(ledger)
    }

    private func givenUp(_ ledger: SQLiteLedger) throws -> Set<IdentityID> {
        var found: Set<IdentityID> = []
        try ledger.forEachFailure { row in
            if row.failure.kind == .notActivated { found.insert(row.identityID) }
        }
        return found
    }
}
