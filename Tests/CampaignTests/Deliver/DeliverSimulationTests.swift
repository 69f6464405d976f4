// Mails in a simulation: whatever is killed when, nobody gets two codes and nobody is forgotten.

import Delivery
import Exports
import Files
import Foundation
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

/// Writes mails that say their codes.
struct PlainWriter: LetterWriting {
    func needs(_ column: String) -> Bool { true }

    func mail(
        _ letter: Letter,
        key: Secret<[UInt8]>,
        at now: Timestamp
    ) throws(LetterFault) -> OutgoingMail {
        if letter.fields.columns["name"] == "" { throw .missingValue("the template needs name") }
        return OutgoingMail(
            sender: "it@example.com",
            recipient: letter.address,
            messageID: "<\(letter.identityID).\(letter.generation)@example.com>",
            message: Array("code \(letter.fields.code.revealed)\r\n".utf8)
        )
    }
}

/// One campaign's mails, through any number of processes, some of which are killed.
private struct DeliverSimulation {
    static let identities = 60
    private static let now = LedgerFixture.now

    let campaign: LedgerFixture
    let relay: FakeRelay
    var random: SeededGenerator
    var time = now
    /// Claims that a killed process has left.
    var claimsLost = 0
    var batches: Set<IdentityID> = []

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        campaign = try LedgerFixture()
        let run = try campaign.beginRun()
        try campaign.enrol(
            (1...Self.identities).map {
                .identity(id($0), line: $0 + 1, columns: ["user \($0)", "user\($0)@example.com"])
            },
            columns: ["name", "email"]
        )
        let results = try campaign.claim(Self.identities, run).map { claim in
            AttemptResult(
                claim: claim,
                outcome: .issued(.sample(Int(claim.sequence))),
                isAmbiguous: false
            )
        }
        _ = try campaign.ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: 0,
            at: Self.now
        )
        relay = FakeRelay { recipient, attempt in
            let number = Int(recipient.dropFirst(4).prefix { $0.isNumber }) ?? 0
            let kind = (seed &+ UInt64(number &* 7 &+ attempt &* 13)) % 11
            switch kind {
            case 0 where attempt < 4: return .later
            case 1 where attempt < 4: return FakeRelay.Answer(.notTaken("the connection was closed"))
            case 2 where attempt < 4: return FakeRelay.Answer(.inDoubt("no reply after the dot"))
            case 3 where attempt < 4:
                return FakeRelay.Answer(.inDoubt("no reply after the dot"), isTaken: true)
            default: return number % 17 == 0 ? .refused : .sent
            }
        }
    }

    /// One process; it is killed after so many commits, or works until nothing is due.
    mutating func process(killedAfter kills: Int?) async throws {
        let ledger = campaign.ledger
        let begun = try ledger.beginDeliveries(
            DeliveryStart(startedAt: time, process: "p", version: "1", relay: "r")
        )
        let letters = LetterBook()
        let source = TimeSource(ManualClock(), wallClock: { [time] in time })
        var request = DeliverRequest(
            folder: CampaignFolder(outputFolder: campaign.folder.path, name: "spring"),
            relay: "r"
        )
        request.scope = DeliveryScope()
        let sources = try request.sources(ledger)
        let queue = DeliverQueue(
            ledger,
            run: begun.run,
            request.scope,
            PutOffRule(giveUpAfter: .seconds(3600)),
            desk: LetterDesk(sources.table, sources.columns, needs: { _ in true }),
            letters: letters
        )
        let stage = DeliverStage(
            relay,
            letters,
            PlainWriter(),
            key: begun.key,
            resendsInDoubt: true,
            time: source
        )
        var (held, results): ([Claim], [StageResult<MailEnd>]) = ([], [])
        var progress = RunProgress()
        var commits = 0
        while true {
            let claiming = max(0, 8 - held.count)
            let claims = try queue.commit(results, progress: progress, claiming: claiming, at: time).claims
            results = []
            held += claims
            commits += 1
            guard !held.isEmpty else { break }
            // Some are sent, in any order; what is not committed by then is lost with the process.
            for _ in 0..<Int.random(in: 1...held.count, using: &random) {
                let claim = held.remove(at: Int.random(in: 0..<held.count, using: &random))
                let attempt = await stage.attempt([claim], attemptsBefore: 0, onSend: nil)
                if attempt.contact != .notSent { progress.requests += 1 }
                let result = Self.result(of: attempt, claim, at: time)
                results.append(result)
                if case .tryingAgain = result.outcome { held.append(claim) }
            }
            if let kills, commits >= kills {
                claimsLost += held.count + results.count
                try campaign.reopen()
                return
            }
        }
        try ledger.finishDeliveries(
            begun.run,
            mails: progress.requests,
            stoppedBecause: nil,
            at: time
        )
    }

    private static func result(
        of attempt: Attempt<MailEnd>,
        _ claim: Claim,
        at time: Timestamp
    ) -> StageResult<MailEnd> {
        func record(_ failure: Failure, _ isPermanent: Bool) -> FailureRecord {
            FailureRecord(failure, isPermanent: isPermanent, requestID: "", at: time)
        }
        var isAmbiguous = false
        let outcome: StageResult<MailEnd>.Outcome
        switch attempt.outcome {
        case .done(let end): outcome = .done(end)
        case .failed(let failure): outcome = .failed(record(failure, true))
        case .retry(let failure, let mayBeDone, _):
            isAmbiguous = mayBeDone
            outcome = .tryingAgain(record(failure, false))
        case .again, .unread, .tooLong, .stop: outcome = .dueAgain(nil)
        }
        return StageResult(claims: [claim], outcome: outcome, isAmbiguous: isAmbiguous, requestID: "")
    }

    /// A batch is handed over between processes.
    mutating func handOver() throws {
        let ledger = campaign.ledger
        let batch = try ledger.beginBatch(BatchStart(at: time, ending: "csv", options: "{}"))
        while try ledger.fillBatch(batch.number) == .more {}
        guard try ledger.batches().contains(where: { $0.number == batch.number }) else { return }
        var members: Set<IdentityID> = []
        try ledger.forEachMember(ofBatch: batch.number) { members.insert($0.identityID) }
        batches.formUnion(members)
        let sum = [UInt8](repeating: 7, count: 32)
        try ledger.noteBatchFile(batch.number, sha256: sum)
        let files = BatchFiles(size: 1, modifiedNanoseconds: 1, manifestSHA256: sum)
        try ledger.finishBatch(batch.number, sha256: sum, files: files, at: time)
    }

    func check() throws -> (doubled: Int, lost: Int) {
        var codes: [String: Set<String>] = [:]
        var ids: [String: Set<String>] = [:]
        for mail in relay.taken {
            codes[mail.recipient, default: []].insert(mail.text)
            ids[mail.recipient, default: []].insert(mail.messageID)
        }
        for (recipient, texts) in codes { #expect(texts.count == 1, "\(recipient) has two codes") }
        for (recipient, found) in ids { #expect(found.count == 1, "\(recipient) has two Message-IDs") }
        var states: [DeliveryState: Int] = [:]
        var doubts = 0
        var known: Set<IdentityID> = []
        try campaign.ledger.forEachDelivery { row in
            states[row.state, default: 0] += 1
            doubts += row.doubts
            known.insert(row.identityID)
            let isTaken = codes["user\(Int(row.identityID.low & 0xff))@example.com"] != nil
            if row.state == .sent { #expect(isTaken, "\(row.identityID) is told as sent, and was not") }
        }
        #expect(states[.claimed] == nil && states[.inDoubt] == nil && states[.later] == nil, "\(states)")
        for number in 1...Self.identities {
            let isMailed = codes["user\(number)@example.com"] != nil
            let isHandled = isMailed || batches.contains(id(number)) || known.contains(id(number))
            #expect(isHandled, "user \(number) is forgotten")
            #expect(!(isMailed && batches.contains(id(number))), "user \(number) is mailed and in a batch")
        }
        let doubled = relay.taken.count - codes.count
        #expect(doubled <= doubts, "\(doubled) doubles of \(doubts) that may be")
        return (doubled, claimsLost)
    }
}

@Suite struct DeliverSimulationTests {
    @Test func whateverIsKilledNobodyGetsTwoCodesAndNobodyIsForgotten() async throws {
        var (doubled, lost) = (0, 0)
        for seed in 0..<UInt64(24) {
            var simulation = try DeliverSimulation(seed: seed)
            for round in 0..<4 {
                let kills = Int.random(in: 1...12, using: &simulation.random)
                try await simulation.process(killedAfter: kills)
                simulation.time = simulation.time.advanced(by: .seconds(200))
                if round == 1, seed % 3 == 0 { try simulation.handOver() }
            }
            // To the end, however often it is put off.
            for _ in 0..<6 {
                try await simulation.process(killedAfter: nil)
                simulation.time = simulation.time.advanced(by: .seconds(400))
            }
            let found = try simulation.check()
            doubled += found.doubled
            lost += found.lost
        }
        #expect(doubled > 0 && lost > 20, "it has been through what it is for: \(doubled), \(lost)")
    }
}
