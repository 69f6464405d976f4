import IdentitySimulator
import Testing
import Model

@Suite struct FaultPlanTests {
    @Test func faultsAreReadFromText() throws {
        let faults = try Fault.list(
            "500=2%,serialize=0.01,429=0.5%:retry-after=2,stall=1%:2s,close-after=100%,html=1%:421"
        )
        var page = Fault(.html, share: 0.01)
        page.pageStatus = 421
        #expect(
            faults == [
                Fault(.serverError, share: 0.02), Fault(.serialize, share: 0.01),
                Fault(.tooManyRequests, share: 0.005, retryAfterSeconds: 2),
                Fault(.stall, share: 0.01, stallTime: .seconds(2)), Fault(.closeAfter, share: 1),
                page,
            ]
        )
    }

    @Test(arguments: [
        "", "500", "501=1%", "close=2", "close=-1%", "close=x", "500=1%,", "close=1%:2s", "stall=1%:soon",
        "429=1%:2", "429=1%:retry-after=soon", "html=1%:200", "html=1%:page",
    ])
    func whatIsNoFaultIsRefused(_ text: String) {
        #expect(throws: SettingError.self) { try Fault.list(text) }
    }

    @Test func sharesOfMoreThanTheWholeAreRefused() throws {
        let faults = try Fault.list("500=60%,close=50%")
        #expect(throws: SettingError.self) { try FaultPlan(faults) }
    }

    @Test func theFaultFollowsFromSeedIdentityAndCountAlone() throws {
        let plan = try FaultPlan(Fault.list("500=10%,close=5%"))
        let identities = MadeUpIdentities(count: 20_000, seed: 5)
        let drawn = identities.map { plan.fault(seed: 5, identity: $0, timesBefore: 0)?.kind }
        let again = identities.reversed().map { plan.fault(seed: 5, identity: $0, timesBefore: 0)?.kind }
        #expect(drawn == again.reversed())
        #expect((1800...2200).contains(drawn.count { $0 == .serverError }))
        #expect((850...1150).contains(drawn.count { $0 == .close }))

        let secondTime = identities.map { plan.fault(seed: 5, identity: $0, timesBefore: 1)?.kind }
        let otherSeed = identities.map { plan.fault(seed: 6, identity: $0, timesBefore: 0)?.kind }
        #expect(secondTime != drawn)
        #expect(otherSeed != drawn)
    }
}
