// One row for each provider: what differs between the servers.

import Providers
import Testing
import Model

@Suite struct ProviderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let provider: Provider
        let name: String
        let title: String
        let code: String
        let link: String
        let identities: String
        let ready: String?
        let requiresCredential: Bool
        let takesFlowType: Bool
        let resolvesRelativeLinks: Bool
        let defaultPlan: String?
        let plans: [String]

        var testDescription: String { name }
    }

    static let rows = [
        Row(
            provider: .kratos,
            name: "kratos",
            title: "Ory Kratos",
            code: "/admin/recovery/code",
            link: "/admin/recovery/link",
            identities: "/admin/identities",
            ready: "/health/ready",
            requiresCredential: false,
            takesFlowType: true,
            resolvesRelativeLinks: false,
            defaultPlan: nil,
            plans: []
        ),
        Row(
            provider: .oryNetwork,
            name: "ory-network",
            title: "Ory Network",
            code: "/admin/recovery/code",
            link: "/admin/recovery/link",
            identities: "/admin/identities",
            ready: "/health/ready",
            requiresCredential: true,
            takesFlowType: true,
            resolvesRelativeLinks: true,
            defaultPlan: "developer",
            plans: ["developer", "production", "growth", "enterprise", "staging"]
        ),
        Row(
            provider: .connhex,
            name: "connhex",
            title: "Connhex IAM",
            code: "/iam/recovery/code",
            link: "/iam/recovery/link",
            identities: "/iam/identities",
            ready: nil,
            requiresCredential: true,
            takesFlowType: false,
            resolvesRelativeLinks: false,
            defaultPlan: nil,
            plans: []
        ),
    ]

    @Test(arguments: rows)
    func everyProviderIsAsItsServersAre(_ row: Row) {
        let provider = row.provider
        #expect(provider.name == row.name && provider.title == row.title && "\(provider)" == row.title)
        #expect(Provider.named(row.name) == provider)
        #expect(provider.issuePath(.code) == row.code)
        #expect(provider.issuePath(.link) == row.link)
        #expect(provider.identitiesPath == row.identities)
        #expect(provider.health?.ready == row.ready)
        #expect(provider.requiresCredential == row.requiresCredential)
        #expect(provider.takesFlowType == row.takesFlowType)
        #expect(provider.resolvesRelativeLinks == row.resolvesRelativeLinks)
        #expect(provider.defaultPlan?.name == row.defaultPlan)
        #expect(provider.plans.map(\.name) == row.plans)
    }

    @Test func everyProviderHasItsRow() {
        #expect(Set(Provider.all) == Set(Self.rows.map(\.provider)))
        #expect(Set(Provider.all.map(\.name)).count == Provider.all.count)
        #expect(Provider.named("Kratos") == nil && Provider.named("") == nil)
    }

    /// Burst per second and sustained per minute, of issuing and of listing.
    @Test(arguments: [
        ("developer", ["5/s", "80/m"], ["5/s", "25/m"]),
        ("production", ["8/s", "175/m"], ["5/s", "90/m"]),
        ("growth", ["18/s", "425/m"], ["9/s", "200/m"]),
        ("enterprise", ["35/s", "850/m"], ["17/s", "400/m"]),
        ("staging", ["8/s", "175/m"], ["5/s", "90/m"]),
    ])
    func aPlanHasItsRates(_ name: String, _ issuing: [String], _ listing: [String]) throws {
        let plan = try #require(Provider.oryNetwork.plan(named: name))
        #expect(plan.issuing.map(\.description) == issuing)
        #expect(plan.listing.map(\.description) == listing)
    }

    @Test func aPlanThatThereIsNotHasNone() {
        #expect(Provider.oryNetwork.plan(named: "Growth") == nil)
        #expect(Provider.kratos.plan(named: "developer") == nil)
    }

    @Test(arguments: [
        (Provider.oryNetwork, "ory_wak_abc", true), (.oryNetwork, "ory_pat_abc", false),
        (.oryNetwork, "ory_apikey_abc", false), (.oryNetwork, "ory_st_abc", false),
        (.oryNetwork, "abc_ory_wak_", false), (.kratos, "ory_wak_abc", false),
        (.connhex, "ory_wak_abc", false),
    ])
    func aKeyThatCannotDoTheWorkIsKnownByItsLooks(_ provider: Provider, _ key: String, _ isUseless: Bool)
        throws
    {
        let refusal = provider.refusal(of: try #require(BearerToken(key)))
        #expect((refusal != nil) == isUseless)
        #expect(refusal?.contains("project API key") != false)
        #expect(refusal?.contains(key) != true, "the key is a secret")
    }
}
