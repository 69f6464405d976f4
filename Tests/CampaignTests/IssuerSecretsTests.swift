// What a run keeps of codes and links.

import Providers
import Ledger
import Sealing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct IssuerSecretsTests {
    private let clock = ManualClock()

    /// A cipher that refuses some identities, once each or for ever.
    private struct Refusing: SecretKeeping {
        let takesLong = false

        let refuses: @Sendable (IdentityID) -> Bool

        func secret(of recovery: IssuedCode, for identity: IdentityID) -> InvitationSecret? {
            refuses(identity) ? nil : PlainSecrets().secret(of: recovery, for: identity)
        }
    }

    @Test func sealedTheLedgerHasWhatOnlyTheKeyOpens() async throws {
        let campaign = try TestCampaign(count: 200)
        let key = PrivateKey()
        let sealer = try Sealer(to: key.publicKey)
        let seal = try campaign.ledger.seal(
            to: key.publicKey.bytes,
            encapsulatedKey: sealer.encapsulatedKey,
            at: ManualClock.start
        )
        let server = ScriptedIssuing { identity, _ in .issued("code-\(identity.number)") }
        let issuer = try campaign.issuer(
            server,
            secrets: SealedSecrets(sealer, seal: seal),
            time: clock.time
        )
        #expect(await issuer.run().stop == nil)
        try campaign.expect(issued: 200)
        let opener = try Opener(key, encapsulatedKey: sealer.encapsulatedKey)
        try campaign.ledger.forEachInvitation { row in
            guard case .sealed(seal, let sealed) = row.invitation.secret else {
                Issue.record("\(row.identityID) is not sealed")
                return
            }
            let opened = try opener.open(sealed, of: row.identityID)
            #expect(opened.code == "code-\(row.identityID.number)")
        }
    }

    @Test func whatCannotBeKeptIsAskedForAgainAndAmbiguous() throws {
        let driver = StateDriver(.forTests(), due: 3)
        driver.commit()
        driver.finish(try #require(driver.job()), .issued())
        let job = try #require(driver.job())
        driver.finish(job, .issued("CANARY"), keeping: nil)
        #expect(driver.state.progress.issued == 1)
        #expect(driver.state.progress.ambiguousAttempts == 1)
        driver.pass(IssueMachine.commitDelay)
        let commit = try #require(driver.commit())
        let outcomes = commit.results.filter { $0.claims == [job.claim] }.map(\.outcome)
        guard case .tryingAgain(let failure) = try #require(outcomes.first) else {
            Issue.record("it is not tried again")
            return
        }
        #expect(failure.kind == "unreadable_answer" && failure.reason == "the code could not be encrypted")
    }

    @Test func aCipherThatAlwaysRefusesFailsItsIdentities() async throws {
        let campaign = try TestCampaign(count: 50)
        let server = ScriptedIssuing { _, _ in .issued() }
        let issuer = try campaign.issuer(
            server,
            options: .forTests(attemptsMax: 2),
            secrets: Refusing { $0.number % 10 == 0 },
            time: clock.time
        )
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == nil)
        try campaign.expect(issued: 45, failed: ["unreadable_answer": 5])
        // A few more where they look like an outage for a moment.
        #expect(try campaign.counts().ambiguousAttempts >= 10)
    }
}
