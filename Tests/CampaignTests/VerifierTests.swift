// Looking up as the runner sees it: who is left, and that the run lives meanwhile.

import Campaign
import Providers
import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct VerifierTests {
    private let clock = ManualClock()

    /// Answers the question whether it understands look-ups, and look-ups as it is told.
    private struct Scripted: IdentityLookingUp {
        let answer: @Sendable () async -> LookupOutcome

        func probe(onSend: (@Sendable () -> Void)?) async -> LookupReply {
            LookupReply(outcome: .found([]), wasSent: true, wasAnswered: true)
        }

        func lookUp(_ ids: [IdentityID], onSend: (@Sendable () -> Void)?) async -> LookupReply {
            onSend?()
            return LookupReply(outcome: await answer(), wasSent: true, wasAnswered: true)
        }
    }

    private func verifier(
        _ campaign: TestCampaign,
        _ run: RunID,
        attemptsMax: Int = 5,
        renewInterval: Duration? = nil,
        answer: @escaping @Sendable () async -> LookupOutcome
    ) throws -> Verifier {
        try Verifier(
            ledger: campaign.ledger,
            on: SerialQueue(),
            run: run,
            columns: [],
            maxIdentities: nil,
            options: StageOptions(
                pacing: PacingOptions(concurrency: .fixed(1), giveUpAfter: .seconds(600)),
                attemptsMax: attemptsMax
            ),
            lookingUp: Scripted(answer: answer),
            stopSignal: RunControl(time: clock.time),
            renewInterval: renewInterval,
            time: clock.time
        )
    }

    /// As others are left, it is the server that does not work, and not one batch.
    @Test func aServerThatFailsForEverybodyIsAnOutage() async throws {
        let campaign = try TestCampaign(count: 1200)
        let failure = Failure(kind: .serverError, httpStatus: 500, errorID: nil, reason: "words")
        let verifier = try verifier(campaign, try campaign.beginRun(), attemptsMax: 100) {
            .transient(failure, holdFor: nil)
        }
        let verification = await clock.passing(whenAsleep: 1) { try? await verifier.verify() }
        #expect(verification?.stop?.code == "outage")
    }

    /// A look-up claims nothing in the ledger, and takes as long as it takes.
    @Test func aRunThatLooksUpKeepsItsLease() async throws {
        let campaign = try TestCampaign(count: 3)
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        let recorder = RunRecorder()
        ledger.attach(recorder, to: run)
        recorder.note(NotableEvent(.lock, at: ManualClock.start))
        let seen = Mutex<[NotableEvent]>([])
        let verifier = try verifier(campaign, run, renewInterval: .seconds(10)) { [clock] in
            await Task { try? await clock.time.sleep(clock.elapsed + .seconds(70)) }.value
            seen.withLock { $0 = (try? ledger.events(of: run)) ?? [] }
            return .found([])
        }
        _ = await clock.passing(whenAsleep: 1) { try? await verifier.verify() }
        #expect(seen.withLock(\.self).map(\.kind) == [.lock], "written with a renewal")
        #expect(try ledger.rescueLostRuns(.leaseOver, by: RunID(number: 0), at: clock.time.wallClock()) == 0)
        try ledger.renew(run, at: clock.time.wallClock())
    }
}
