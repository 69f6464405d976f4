// What an issuer tells while it works.

import Campaign
import Providers
import Ledger
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct IssuerEventTests {
    private let clock = ManualClock()

    /// Keeps what is told.
    private final class Told: Sendable {
        private let events = Mutex<[StageEvent]>([])
        var all: [StageEvent] { events.withLock { $0 } }
        func tell(_ event: StageEvent) { events.withLock { $0.append(event) } }

        var attempts: [FailedAttempt] {
            all.compactMap { if case .attempted(_, let failed) = $0 { failed } else { nil } }
        }
        var failed: [IdentityID] {
            all.compactMap { if case .identityFailed(let identity, _) = $0 { identity } else { nil } }
        }
    }

    private func run(count: Int, _ server: ScriptedIssuing) async throws -> Told {
        let told = Told()
        let campaign = try TestCampaign(count: count)
        let issuer = try campaign.issuer(server, time: clock.time, telling: told.tell)
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        return told
    }

    @Test func whatGoesWellIsNotTold() async throws {
        let told = try await run(count: 50, ScriptedIssuing { _, _ in .issued() })
        #expect(told.attempts.isEmpty && told.failed.isEmpty)
    }

    @Test func everyFailedAttemptIsToldAndEveryFailedIdentity() async throws {
        let told = try await run(
            count: 40,
            ScriptedIssuing { identity, timesBefore in
                switch identity.number {
                case 7: .unknownIdentity
                case 11: timesBefore < 2 ? .lost : .issued()
                case 13: .serverError
                default: .issued()
                }
            }
        )
        let unknown = told.attempts.filter { $0.identityID == .numbered(7) }
        #expect(unknown.map(\.sequel) == [.none] && unknown.map(\.kind) == ["unknown_identity"])
        let lost = told.attempts.filter { $0.identityID == .numbered(11) }
        #expect(lost.map(\.sequel) == [.retry, .retry])
        #expect(lost.allSatisfy { $0.mayBeDone && $0.requestID == "request" })
        #expect(told.attempts.count { $0.identityID == .numbered(13) } >= 5)
        #expect(Set(told.failed) == [.numbered(7), .numbered(13)] && told.failed.count == 2)
    }

    @Test func aFatalAnswerIsToldAsTheReasonToStop() async throws {
        let told = try await run(count: 5, ScriptedIssuing { _, _ in .fatal(.credentialRefused) })
        #expect(told.attempts.map(\.kind) == ["credential_refused"])
        #expect(told.attempts.map(\.sequel) == [.stop])
    }

    /// The operator is told why nothing goes on.
    @Test func aWaitThatTheServerAsksForIsTold() async throws {
        let told = try await run(
            count: 20,
            ScriptedIssuing { identity, timesBefore in
                identity.number == 1 && timesBefore == 0 ? .rateLimited(holdFor: .seconds(30)) : .issued()
            }
        )
        let pauses = told.all.compactMap { if case .paused(let duration) = $0 { duration } else { nil } }
        #expect(pauses.count == 1)
        #expect(pauses.allSatisfy { $0 > .seconds(25) })
    }

    /// What stops the issuer by itself stops the enrolment that feeds it.
    @Test func aStopOfItsOwnIsASignalForOthers() async throws {
        let campaign = try TestCampaign(count: 5)
        let server = ScriptedIssuing { _, _ in .fatal(.credentialRefused) }
        let issuer = try campaign.issuer(server, time: clock.time)
        let signal: any StopSignal = issuer
        #expect(signal.stop == nil)
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(signal.stop?.code == "credential_refused")
    }
}
