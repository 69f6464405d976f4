// A run that is taken for lost while it works: its answers are kept, and it stops.

import Campaign
import Ledger
import SQLiteLedger
import TestSupport
import Testing
import Model
import Work

@Suite struct IssuerFenceTests {
    private let clock = ManualClock()

    /// Another process takes the campaign: whoever works on it is lost by that.
    ///
    /// - Parameter issues: for how many of those that are in doubt by that it has a code at once.
    private static func takeOver(_ path: String, issues count: Int = 0) throws {
        let other = try SQLiteLedger.open(at: path)
        let run = try other.beginRun(
            RunStart(startedAt: ManualClock.start, process: "another", version: "0", retryFailed: false)
        )
        func commit(_ results: [AttemptResult], claiming: Int) throws -> [Claim] {
            try other.commit(
                results,
                run: run,
                progress: RunProgress(),
                claiming: claiming,
                at: ManualClock.start
            ).claims
        }
        let claims = try commit([], claiming: count)
        _ = try commit(
            claims.map { AttemptResult(claim: $0, outcome: .issued(.sample(77)), isAmbiguous: false) },
            claiming: 0
        )
        try other.close()
    }

    @Test func noAnswerOfALostRunIsLost() async throws {
        let campaign = try TestCampaign(count: 60)
        let path = campaign.folder("ledger.sqlite")
        let server = ScriptedIssuing { identity, _ in
            if identity.number == 20 { try? Self.takeOver(path) }
            return .issued("\(identity.number)")
        }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop?.code == "fenced" && end.stop.map { "\($0)".contains("taken for lost") } == true)
        #expect(end.unrecordedAnswers == 0 && end.spilledAnswers == 0)
        #expect(server.requests < 60, "nothing more is sent")
        #expect(end.progress.issued == server.requests)
        let codes = try campaign.codes()
        #expect(codes.count == server.requests)
        #expect(codes.allSatisfy { $0.value == "\($0.key.number)" })
        let counts = try campaign.counts()
        #expect((counts.claimed, counts.failed) == (0, 0))
        #expect(counts.pending + counts.inDoubt == 60 - server.requests)
    }

    @Test func aCodeThatCameTooLateIsCounted() async throws {
        let campaign = try TestCampaign(count: 60)
        let path = campaign.folder("ledger.sqlite")
        let server = ScriptedIssuing { identity, _ in
            if identity.number == 20 { try? Self.takeOver(path, issues: 60) }
            return .issued("\(identity.number)")
        }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop?.code == "fenced")
        let codes = try campaign.codes()
        #expect(codes[.numbered(20)] == "000077", "the newer code stays")
        let own = codes.count { $0.value != "000077" }
        #expect(end.progress.issued == own)
        #expect(end.progress.ambiguousAttempts == server.requests - own)
        #expect(try campaign.counts().issued == 60)
        #expect(try campaign.ledger.attempts(of: .numbered(20)).last?.outcome == .superseded)
    }

    /// What the lost run still brings ends the claims of the run after it.
    @Test func nothingMoreIsSentForWhomALateAnswerHasCome() async throws {
        let campaign = try TestCampaign(count: 12)
        let lost = try campaign.beginRun()
        let ledger = campaign.ledger
        let claims = try ledger.commit(
            [],
            run: lost,
            progress: RunProgress(),
            claiming: 2,
            at: ManualClock.start
        ).claims
        let server = ScriptedIssuing { identity, _ in
            guard identity.number < 3 else { return .issued("\(identity.number)") }
            let late = claims.filter { $0.identityID == identity }.map {
                AttemptResult(claim: $0, outcome: .issued(.sample(5)), isAmbiguous: false)
            }
            _ = try? ledger.takeLate(late, run: lost, at: ManualClock.start)
            // One is to be tried again, the other has a code too many.
            return identity.number == 1 ? .lost : .issued("2")
        }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == nil)
        #expect(server.asked(.numbered(1)) == 1 && server.asked(.numbered(2)) == 1)
        #expect(end.progress.issued == 10)
        #expect(end.progress.ambiguousAttempts == 2)
        try campaign.expect(issued: 12)
        #expect(try campaign.codes()[.numbered(1)] == "000005")
    }
}
