// Sessions as administrators see them beyond what is recorded: pages, ended ones, and what they follow from.

import IdentitySimulator
import Testing
import Model

@Suite struct SessionTests {
    private static let identities = MadeUpIdentities(count: 7, seed: 1)

    private func serving(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (RawClient, User, IdentitySimulator) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.identities = .madeUp(count: 7)
        configuration.selfService.usesTransitions = true
        change(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result {
            try body(try RawClient(port: simulator.adminPort), User(simulator), simulator)
        }
        try await simulator.stop()
        try result.get()
    }

    private func target(_ link: String?, _ relation: String) -> String? {
        link?.split(separator: ",").first { $0.hasSuffix("rel=\"\(relation)\"") }
            .flatMap { $0.split(separator: ">").first?.dropFirst() }.map(String.init)
    }

    private func owners(_ answer: RawAnswer) -> [String] {
        answer.text.matches(of: #/"identity":\{"id":"([0-9a-f-]{36})"/#).map { String($0.1) }
    }

    @Test func everySessionIsOnOnePageTheLatestFirst() async throws {
        try await serving { client, user, _ in
            for identity in Self.identities { _ = try user.recover(identity) }
            var next: String? = "/admin/sessions?expand=identity&page_size=3"
            var pages: [[String]] = []
            while let page = next {
                let answer = try client.get(page)
                pages.append(owners(answer))
                next = target(answer.header("Link"), "next")
            }
            #expect(pages.map(\.count) == [3, 3, 1])
            #expect(pages.flatMap { $0 } == Self.identities.map(\.text).reversed())
        }
    }

    @Test func anEndedSessionIsListedAsOne() async throws {
        try await serving({ $0.selfService.sessionLifespan = GoDuration(nanoseconds: 1) }) {
            client,
            user,
            _ in
            _ = try user.recover(Self.identities[0])
            #expect(try client.get("/admin/sessions").text.contains(#""active":false"#))
            #expect(try client.get("/admin/sessions?active=true").text == "[]\n")
            let ofOne = "/admin/identities/\(Self.identities[0].text)/sessions"
            #expect(try client.get(ofOne).header("X-Total-Count") == "1")
            #expect(try client.get(ofOne + "?active=true").header("X-Total-Count") == "0")
        }
    }

    @Test(arguments: [
        ("page_token=x", "do not craft your own page tokens"), ("page_size=x", "strconv.Atoi"),
        ("active=maybe", "could not parse parameter active"), ("expand=all", "Could not parse expand option"),
    ])
    func whatCannotBeReadIsRefused(_ query: String, _ words: String) async throws {
        try await serving { client, _, _ in
            let answer = try client.get("/admin/sessions?\(query)")
            #expect(answer.status == 400)
            #expect(answer.text.contains(words))
        }
    }

    @Test func theSessionsOfOneAreInPagesByNumber() async throws {
        try await serving { client, user, _ in
            let identity = Self.identities[0]
            for _ in 0..<5 { _ = try user.recover(identity) }
            let path = "/admin/identities/\(identity.text)/sessions?page_size=2"
            let first = try client.get(path)
            let second = try client.get(try #require(target(first.header("Link"), "next")))
            let last = try client.get(try #require(target(second.header("Link"), "last")))
            let counts = [first, second, last].map { owners($0).count }
            #expect(counts == [2, 2, 1])
            #expect(target(last.header("Link"), "next") == nil)
            #expect(target(last.header("Link"), "prev")?.contains("page=1&") == true)
        }
    }

    /// What an administrator sees of a user's way, with the times of each step.
    @Test func aPasswordMovesTheTimesAndNothingElseDoes() async throws {
        try await serving { client, user, _ in
            let identity = Self.identities[0].text
            let path = "/admin/identities/\(identity)"
            func times() throws -> (created: String, set: String, updated: String) {
                let text = try client.get(path).text
                let credential = try #require(
                    text.firstMatch(of: #/"version":0,"created_at":"([^"]+)","updated_at":"([^"]+)"/#)
                )
                let updated = try #require(text.firstMatch(of: #/"updated_at":"([^"]+)","organization_id"/#))
                return (String(credential.1), String(credential.2), String(updated.1))
            }
            let before = try times()
            let recovered = try user.recover(Self.identities[0])
            #expect(try times() == before)
            let body = #"{"method":"password","password":"Brand-New-Pw-9182"}"#
            #expect(try user.post(recovered.settings, recovered.token, body).status == 200)
            let after = try times()
            #expect(after.created == before.created)
            #expect(after.set > before.set && after.updated > before.updated)
            // An administrator's change leaves the credential as it is.
            let patch = #"[{"op":"add","path":"/metadata_admin","value":{"a":1}}]"#
            _ = try client.send("PATCH", path, patch)
            #expect(try times().set == after.set)
            #expect(try times().updated > after.updated)
            #expect(try client.get("/admin/identities?ids=\(identity)").text.contains(try times().updated))
        }
    }
}
