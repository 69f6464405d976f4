// Identities over the admin API beyond what is recorded: filters, pages, imports, changes, and what follows
// from them.

import IdentitySimulator
import Testing
import Model

@Suite struct IdentityTests {
    /// Runs a server for as long as the body takes.
    private func serving(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (RawClient, IdentitySimulator) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.identities = .madeUp(count: 700)
        change(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(try RawClient(port: simulator.adminPort), simulator) }
        try await simulator.stop()
        try result.get()
    }

    private static let identities = MadeUpIdentities(count: 700, seed: 1)

    @Test func everyIdentityIsOnOnePage() async throws {
        try await serving { client, simulator in
            var listed: [String] = []
            var target: String? = "/admin/identities"
            var sizes: [Int] = []
            while let page = target {
                let answer = try client.get(page)
                sizes.append(answer.ids.count)
                listed += answer.ids
                target = answer.nextTarget
            }
            #expect(sizes == [250, 250, 200])
            #expect(listed == Self.identities.map(\.text).sorted())
            #expect(simulator.statistics().identityReads == 3)
        }
    }

    @Test func aPageIsNeverLongerThan500() async throws {
        try await serving { client, _ in
            let answer = try client.get("/admin/identities?page_size=9999")
            #expect(answer.ids.count == 500)
            #expect(answer.header("Link")?.contains("page_size=500&") == true)
        }
    }

    @Test func idsAreSearchedInPagesToo() async throws {
        try await serving { client, _ in
            let ids = Self.identities.prefix(300).map(\.text).sorted()
            let query = (ids + ["ed39ffe6-d8be-4e54-a88f-4e1cfe34637d"]).map { "ids=\($0)" }
                .joined(separator: "&")
            let listed = try client.get("/admin/identities?\(query)").ids
            #expect(listed == Array(ids.prefix(250)))
            let whole = try client.get("/admin/identities?page_size=500&\(query)").ids
            #expect(whole == ids)
        }
    }

    @Test func filtersCannotBeCombined() async throws {
        try await serving { client, _ in
            let target =
                "/admin/identities?ids=\(Self.identities[0].text)&credentials_identifier=a@example.test"
            let answer = try client.get(target)
            #expect(answer.status == 400)
            #expect(answer.text.contains("You cannot combine multiple filters in this API"))
        }
    }

    @Test func anOldServerIgnoresIDs() async throws {
        try await serving({ $0.ignoresIDs = true }) { client, _ in
            let answer = try client.get("/admin/identities?ids=\(Self.identities[0].text)")
            #expect(answer.ids == Array(Self.identities.map(\.text).sorted().prefix(250)))
        }
    }

    @Test func aMadeUpIdentityIsFoundByItsAddressInTheRoster() async throws {
        try await serving { client, _ in
            let found = try client.get("/admin/identities?credentials_identifier=User7%40example.test")
            #expect(found.ids == [Self.identities[7].text])
            #expect(found.text.contains(#""credentials":{"password":"#))
            #expect(try client.get("/admin/identities?credentials_identifier=user700@example.test").ids == [])
            #expect(try client.get("/admin/identities?credentials_identifier=user07@example.test").ids == [])
        }
    }

    @Test func sharesOfIdentitiesAreInactiveOrWithoutAnAddress() async throws {
        try await serving({
            $0.inactiveShare = 0.1
            $0.withoutAddressShare = 0.2
        }) { client, _ in
            var texts = ""
            for page in ["", "&page_token=\(Self.identities.map(\.text).sorted()[499])"] {
                texts += try client.get("/admin/identities?page_size=500\(page)").text
            }
            let inactive = texts.split(separator: #""state":"inactive""#).count - 1
            let reachable = texts.split(separator: #""recovery_addresses""#).count - 1
            #expect((40...100).contains(inactive))
            #expect((500...620).contains(reachable))
            let first = try client.get("/admin/identities/\(Self.identities[3].text)").text
            #expect(try client.get("/admin/identities/\(Self.identities[3].text)").text == first)
        }
    }

    @Test func aBatchCreatesThatCanBeListedAndIssuedFor() async throws {
        try await serving { client, simulator in
            let creations = (0..<3).map {
                #"{"create":{"schema_id":"default","traits":{"email":"New\#($0)@example.test"},"#
                    + #""state":"inactive","external_id":"row-\#($0)","metadata_admin":{"batch":1.50},"#
                    + #""verifiable_addresses":[{"value":"NEW\#($0)@example.test","verified":true,"#
                    + #""via":"email"}],"#
                    + #""credentials":{"password":{"config":{"password":"Some-Passw0rd"}}}}}"#
            }
            let answer = try client.send("PATCH", "/admin/identities", creations.batch)
            #expect(answer.status == 200)
            let created = answer.text.matches(of: #/"identity":"([^"]+)"}/#).map { String($0.1) }
            #expect(Set(created).count == 3)
            let again = try client.send("PATCH", "/admin/identities", creations.batch)
            #expect(again.text.matches(of: #/"action":"error","error":{"code":409/#).count == 3)

            let shown = try client.get("/admin/identities/\(created[1])").text
            #expect(shown.contains(#""external_id":"row-1","credentials":{"password":{"#))
            #expect(shown.contains(#""identifiers":["new1@example.test"]"#))
            #expect(shown.contains(#""state":"inactive""#))
            #expect(shown.contains(#""traits":{"email":"New1@example.test"}"#))
            #expect(shown.contains(#""verified":true,"via":"email","status":"completed""#))
            #expect(shown.contains(#""metadata_admin":{"batch":1.50}"#))
            #expect(!shown.contains("Passw0rd"))
            let listed = try client.get("/admin/identities?ids=\(created.joined(separator: "&ids="))").ids
            #expect(listed == created.sorted())
            let all = try client.get("/admin/identities?page=0&per_page=500")
            #expect(all.header("X-Total-Count") == "703")

            try client.ask(created[1])
            #expect(try client.receive()?.status == 201)
            #expect(simulator.statistics().identityWrites == 2)
        }
    }

    @Test func moreThanABatchMayHoldIsRefused() async throws {
        try await serving { client, _ in
            let many = Array(repeating: #"{"create":{"traits":{}}}"#, count: 1001)
            let answer = try client.send("PATCH", "/admin/identities", many.batch)
            #expect(answer.status == 400)
            #expect(answer.text.contains("created or deleted at once is 1000."))
            let open = #"{"create":{"traits":{},"credentials":{"password":{"config":{"password":"x"}}}}}"#
            let secrets = try client.send(
                "PATCH",
                "/admin/identities",
                Array(repeating: open, count: 201).batch
            )
            #expect(secrets.text.contains("created with a plaintext password is 200."))
        }
    }

    @Test(arguments: [
        (#"{"schema_id":"default","nope":1}"#, #""message":"json: unknown field \"nope\"""#),
        (
            #"{"schema_id":1}"#,
            "json: cannot unmarshal number into Go struct field CreateIdentityBody.schema_id"
        ),
        (#"{"schema_id":"default""#, #""message":"unexpected EOF""#),
        (#"{"traits":{},"state":"asleep"}"#, #""reason":"identity state is not valid""#),
    ])
    func aBodyThatCannotBeReadIsRefused(_ body: String, _ words: String) async throws {
        try await serving { client, _ in
            let answer = try client.send("POST", "/admin/identities", body)
            #expect(answer.status == 400)
            #expect(answer.text.contains(words))
        }
    }

    @Test func aStateThatIsNoneSpoilsTheWholeBatch() async throws {
        try await serving { client, _ in
            let states = ["active", "asleep"].map { #"{"create":{"traits":{},"state":"\#($0)"}}"# }
            let answer = try client.send("PATCH", "/admin/identities", states.batch)
            #expect(answer.status == 400)
            #expect(answer.text.contains(#""reason":"identity state is not valid""#))
            #expect(try client.get("/admin/identities?page=0").header("X-Total-Count") == "700")
        }
    }

    @Test func whereEveryIDIsKnownADeletedOneIsNot() async throws {
        try await serving({ $0.identities = .any }) { client, _ in
            let body = #"{"traits":{"email":"new@example.test"}}"#
            let location = try client.send("POST", "/admin/identities", body).header("Location")
            let created = try #require(location?.suffix(36))
            let listed = try client.get("/admin/identities").ids
            #expect(listed == [String(created)])
            _ = try client.send("DELETE", "/admin/identities/\(created)")
            let statuses = try ["/\(created)", "/021d045c-26f8-4316-8389-fc0ac90734e1"].map {
                try client.get("/admin/identities\($0)").status
            }
            #expect(statuses == [404, 200])
        }
    }

    @Test func aDeletedIdentityIsNowhere() async throws {
        try await serving { client, _ in
            let identity = Self.identities[7].text
            #expect(try client.send("DELETE", "/admin/identities/\(identity)").status == 204)
            #expect(try client.send("DELETE", "/admin/identities/\(identity)").status == 404)
            #expect(try client.get("/admin/identities/\(identity)").status == 404)
            #expect(try client.get("/admin/identities?ids=\(identity)").ids == [])
            #expect(try client.get("/admin/identities?credentials_identifier=user7@example.test").ids == [])
            #expect(try client.get("/admin/identities?page=0&per_page=1").header("X-Total-Count") == "699")
            try client.ask(identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == 404)
            #expect(answer.text.contains("could not find identity"))
        }
    }

    @Test func aPatchedIdentityAnswersToItsNewAddressOnly() async throws {
        try await serving { client, _ in
            let identity = Self.identities[7].text
            let patch =
                #"[{"op":"test","path":"/state","value":"active"},"#
                + #"{"op":"replace","path":"/traits/email","value":"moved@example.test"},"#
                + #"{"op":"add","path":"/traits/name","value":{"first":"Ann"}},"#
                + #"{"op":"add","path":"/metadata_admin","value":{"invited":true}}]"#
            let answer = try client.send("PATCH", "/admin/identities/\(identity)", patch)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""traits":{"email":"moved@example.test","name":{"first":"Ann"}}"#))
            #expect(answer.text.contains(#""metadata_admin":{"invited":true}"#))
            let list = "/admin/identities?credentials_identifier="
            #expect(try client.get(list + "moved@example.test").ids == [identity])
            #expect(try client.get(list + "user7@example.test").ids == [])
            let rival = #"[{"op":"replace","path":"/traits/email","value":"user8@example.test"}]"#
            #expect(try client.send("PATCH", "/admin/identities/\(identity)", rival).status == 409)
        }
    }

    @Test(arguments: [
        (
            #"[{"op":"replace","path":"/state","value":"asleep"}]"#,
            "The supplied state ('asleep') was not valid."
        ),
        (#"[{"op":"replace","path":"/nope","value":1}]"#, "doc is missing key: /nope: missing value"),
        (#"[{"op":"replace","path":"/id","value":"x"}]"#, "patch includes denied path: /id"),
        (#"{"state":"inactive"}"#, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
        (#"[{"op":"replace","path":"/traits/email","value":"x"}]"#, "\\\"x\\\" is not valid \\\"email\\\""),
    ])
    func aPatchThatCannotBeAppliedChangesNothing(_ patch: String, _ words: String) async throws {
        try await serving { client, _ in
            let target = "/admin/identities/\(Self.identities[7].text)"
            let before = try client.get(target).text
            let answer = try client.send("PATCH", target, patch)
            #expect(answer.status == 400)
            #expect(answer.text.contains(words))
            #expect(try client.get(target).text == before)
        }
    }

    @Test func anUpdateTakesTheWholeIdentity() async throws {
        try await serving { client, _ in
            let target = "/admin/identities/\(Self.identities[7].text)"
            let body = #"{"schema_id":"default","state":"inactive","traits":{"email":"u@example.test"}}"#
            let answer = try client.send("PUT", target, body)
            #expect(answer.text.contains(#""state":"inactive""#))
            #expect(answer.text.contains(#""traits":{"email":"u@example.test"}"#))
            #expect(try client.send("PUT", target, #"{"traits":{},"schema_id":"nope"}"#).status == 400)
        }
    }

    @Test func anIdentityHasNoSessionsBeforeItHasLoggedIn() async throws {
        try await serving { client, _ in
            let answer = try client.get("/admin/identities/\(Self.identities[0].text)/sessions")
            #expect(answer.text == "[]\n")
            #expect(try client.get("/admin/identities/x/sessions").status == 400)
        }
    }

    @Test func readingHasLimitsOfItsOwn() async throws {
        try await serving({
            $0.readRateLimits = [RateLimit(count: 1, windowSeconds: 60)]
            $0.singleReadRateLimits = [RateLimit(count: 2, windowSeconds: 60)]
            $0.rateLimits = [RateLimit(count: 1, windowSeconds: 60)]
        }) { client, simulator in
            let single = "/admin/identities/\(Self.identities[0].text)"
            let targets = ["/admin/identities", "/admin/identities", single, single, single]
            let answers = try targets.map { try client.get($0) }
            #expect(answers.map(\.status) == [200, 429, 200, 200, 429])
            #expect(answers.map { $0.header("x-ratelimit-remaining") } == ["0", "0", "1", "0", "0"])
            #expect(answers[1].header("x-ratelimit-limit") == "1, 1;w=60")
            // A write takes the place of a code.
            #expect(try client.send("DELETE", single).status == 204)
            try client.ask(Self.identities[1].text)
            #expect(try client.receive()?.status == 429)
            #expect(simulator.statistics().rateLimited == 3)
            #expect(simulator.statistics().readPeakInMinute == 5)
        }
    }
}

extension [String] {
    /// The body of a batch import.
    fileprivate var batch: String { #"{"identities":[\#(joined(separator: ","))]}"# }
}
