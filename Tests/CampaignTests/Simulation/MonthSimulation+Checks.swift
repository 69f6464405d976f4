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
    /// What the ledger has of one identity.
    struct Kept {
        let invitations: [GenerationRecord]
        let state: ActivationState?
        let membership: CampaignMembership?

        var current: GenerationRecord? { invitations.last }
    }

    /// After a command that came to its end.
    func check(_ run: MonthRun.End) throws {
        if let violation = server.violation { throw SimulationFailure(violation) }
        let result: RunResult
        do { result = try run.result.get() } catch { throw SimulationFailure("a run failed: \(error)") }
        try require(result.unwritten.isEmpty, "not written: \(result.unwritten.map(\.sentence))")
        let ledger = try SQLiteLedger.open(at: campaign.ledgerPath)
        defer { try? ledger.close() }
        let memberships = try ledger.memberships(of: invited)
        var kept: [IdentityID: Kept] = [:]
        for id in invited {
            kept[id] = Kept(
                invitations: try ledger.invitations(of: id),
                state: try ledger.activation(of: id)?.activation.state,
                membership: memberships[id]
            )
        }
        let users = server.users
        for (id, kept) in kept { try check(kept.invitations, of: id, users[id]) }
        let counts = try ledger.counts(now: run.ended)
        try check(counts)
        let codes = kept.values.map(\.invitations.count).reduce(0, +)
        try require(
            server.codesGiven <= codes + counts.ambiguousAttempts,
            "\(server.codesGiven) codes were given, \(codes) are kept, "
                + "\(counts.ambiguousAttempts) attempts are ambiguous"
        )
        try noteBatches()
        try checkBatches(ledger, run.ended)
        guard result.stop == nil else { return }
        let givenUp = try givenUp(ledger)
        for id in invited {
            guard let user = users[id], let kept = kept[id] else { continue }
            try checkDone(kept, of: id, user, isGivenUp: givenUp.contains(id), by: run)
        }
        try checkSums(ledger, kept, givenUp.count, run.ended)
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
        try require(
            invitations.count <= Self.reissueMax + 1,
            "\(id) was issued for \(invitations.count) times"
        )
        for record in invitations {
            try require(
                user?.codes.contains { $0.code == record.invitation.recoveryCode } ?? false,
                "\(id) was never given the code of generation \(record.generation)"
            )
        }
    }

    /// Each identity is in exactly one state.
    private func check(_ counts: CampaignCounts) throws(SimulationFailure) {
        let states = counts.issued + counts.failed + counts.pending + counts.claimed + counts.inDoubt
        try require(
            counts.identities == invited.count,
            "\(counts.identities) of \(invited.count) are enrolled"
        )
        try require(states == counts.identities, "\(counts) are not \(counts.identities) identities")
        try require(counts.claimed == 0, "\(counts.claimed) are left claimed")
    }

    /// After a run that has done all that was due.
    private func checkDone(
        _ kept: Kept,
        of id: IdentityID,
        _ user: MonthUser,
        isGivenUp: Bool,
        by run: MonthRun.End
    ) throws(SimulationFailure) {
        guard let current = kept.current else {
            // The server did not have the identity when it was asked for it.
            return try require(kept.membership == .failedPermanently, "\(id) has nothing")
        }
        if kept.state == .activated { try require(user.passwordAt != nil, "\(id) has not activated") }
        guard !user.isDeleted else {
            return try require(
                kept.state == .activated || kept.state == .gone || isGivenUp,
                "\(id) is deleted, and \(kept.state.map { "\($0)" } ?? "nothing") is known of it"
            )
        }
        guard user.passwordAt == nil else {
            return try require(kept.state == .activated, "\(id) has activated, which is not known")
        }
        guard !isGivenUp else {
            return try require(current.generation == Self.reissueMax + 1, "\(id) was given up too early")
        }
        try require(
            current.invitation.expiresAt > run.began,
            "\(id) has no valid invitation, and is not given up"
        )
        // A code that expires while the run is on comes too late for a batch, and the next run sees to it.
        guard current.invitation.expiresAt > run.ended else { return }
        try require(
            mailedBy[id]?[current.generation] != nil,
            "\(id) was not handed over in generation \(current.generation)"
        )
    }

    private func checkSums(
        _ ledger: SQLiteLedger,
        _ kept: [IdentityID: Kept],
        _ givenUp: Int,
        _ now: Timestamp
    ) throws {
        let standing = try ledger.funnel(now: now)
        var expected = Funnel()
        for (id, kept) in kept {
            guard let current = kept.current else { continue }
            expected.invited += 1
            if kept.state == .activated {
                expected.activated += 1
            } else if current.invitation.expiresAt > now {
                expected.valid += 1
            } else {
                expected.expired += 1
            }
            if mailedBy[id]?[current.generation] != nil { expected.handedOver += 1 }
            if current.generation > 1 { expected.reissued += 1 }
        }
        expected.givenUp = givenUp
        expected.activationTime = standing.activationTime
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

    /// A run leaves no batch unfinished, and no file that is not a batch's.
    private func checkBatches(_ ledger: SQLiteLedger, _ now: Timestamp) throws {
        let outputs = CampaignOutputs(folder: campaign, ledger: ledger)
        let listed = try BatchOutputs(outputs, now: { now }).list()
        for batch in listed {
            try require(
                (batch.batch.state == .written && !batch.isBroken) || batch.batch.state == .undone,
                "the batch \(batch.batch.number) is \(batch.batch.state), its files \(batch.file as Any) and "
                    + "\(batch.manifest as Any)"
            )
        }
        try require(
            Set(listed.filter { $0.batch.state == .written }.map(\.batch.fileName)) == Set(loaded.keys),
            "\(listed.count) batches in the ledger, \(loaded.count) files"
        )
    }

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
            try require(
                other == nil,
                "\(identity) is in \(name) and in \(other ?? "") by generation \(number)"
            )
            mailedBy[identity, default: [:]][number] = name
            mailedCodes[identity] = row[code]
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
