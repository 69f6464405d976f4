// Mailing a campaign: one use case in memory, with a relay that answers as it is told.

import Campaign
import Delivery
import Exports
import Files
import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct DeliverCampaignTests {
    private let folder: CampaignFolder
    private let files: TemporaryFolder

    /// A campaign with three invitations, which are valid for an hour.
    init() throws {
        files = try TemporaryFolder()
        folder = CampaignFolder(outputFolder: files("reports"), name: "people")
        try folder.prepare()
        let ledger = try folder.openOrCreateLedger(server: "http://kratos.test")
        let roster = try ledger.beginRoster(name: "people.csv", at: ManualClock.start)
        _ = try ledger.enrol(
            (1...3).map {
                .identity(.numbered($0), line: $0, columns: ["User \($0)", "user\($0)@example.com"])
            } + [
                .identity(.numbered(4), line: 4, columns: ["User 4", ""]),
                .identity(.numbered(5), line: 5, columns: ["User 5", "no address"]),
            ],
            idColumn: "id",
            columnNames: ["name", "email"],
            into: roster
        )
        try ledger.finishRoster(roster, fingerprint: "f", size: 1)
        let run = try ledger.beginRun(
            RunStart(startedAt: ManualClock.start, process: "p", version: "1", retryFailed: false)
        )
        let claims = try ledger.commit(
            [],
            run: run,
            progress: RunProgress(),
            claiming: 5,
            at: ManualClock.start
        ).claims
        let expiry = ManualClock.start.advanced(by: .seconds(7200))
        let results = claims.map { claim in
            AttemptResult(
                claim: claim,
                outcome: .issued(
                    IssuedInvitation(
                        secret: .plain(code: "00000\(claim.sequence)", link: "https://x.example/r"),
                        expiresAtText: expiry.rfc3339,
                        expiresAt: expiry,
                        requestID: "q",
                        issuedAt: ManualClock.start
                    )
                ),
                isAmbiguous: false
            )
        }
        _ = try ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: 0,
            at: ManualClock.start
        )
        try ledger.finishRun(run, progress: RunProgress(), stoppedBecause: nil, at: ManualClock.start)
        try ledger.close()
    }

    private func request() -> DeliverRequest {
        var request = DeliverRequest(folder: folder, relay: "smtps://relay.example:465")
        request.waitForPutOff = .seconds(900)
        request.giveUpAfter = .seconds(600)
        return request
    }

    private func deliver(
        _ request: DeliverRequest,
        through relay: FakeRelay,
        suppressing suppressed: Set<String> = [],
        telling: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws -> DeliverResult {
        let clock = SkippingClock()
        let context = DeliverContext(
            time: clock.time,
            process: "process 1 on test",
            version: "0",
            writer: { _ in PlainWriter() },
            relay: { relay },
            isSuppressed: { suppressed.contains($0) },
            confirm: { _ in },
            signals: { AsyncStream { $0.finish() } },
            exitNow: { _ in },
            random: { SeededGenerator(seed: 1) },
            events: RunEvents([telling])
        )
        return try await DeliverCampaign(request, context).run()
    }

    @Test func everybodyGetsOneMail() async throws {
        let relay = FakeRelay()
        let result = try await deliver(request(), through: relay)
        #expect(result.tally.sent == 3 && result.stop == nil)
        #expect(result.tally.leftOut == [.noAddress: 1, .impossibleAddress: 1])
        #expect(result.status == .withFailures)
        #expect(relay.isClosed)
        #expect(Set(relay.taken.map(\.text)) == ["code 000001\r\n", "code 000002\r\n", "code 000003\r\n"])
        let table = readCSV(try #require(text(ofFile: "\(folder.path)/deliveries.csv")))
        #expect(table[0] == OwnColumns.deliveries)
        #expect(
            table[1].prefix(4) == [
                IdentityID.numbered(1).text, "user1@example.com", "sent", "250 2.0.0 ok: queued as Q1",
            ]
        )
        #expect(table[4][2] == "left_out" && table[5][5] == "impossible_address")
        #expect(text(ofFile: "\(folder.path)/summary.json")?.contains(#""deliveries": {"#) == true)
        // Again: those without an address are looked at once more, and nobody else.
        let again = try await deliver(request(), through: relay)
        #expect(again.tally.sent == 0 && relay.taken.count == 3)
        #expect(again.counts.leftOut == 2 && again.counts.sent == 3)
    }

    @Test func whatIsPutOffIsTriedAgainInTheRun() async throws {
        let relay = FakeRelay { recipient, attempt in
            recipient == "user2@example.com" && attempt < 3 ? .later : .sent
        }
        let dues = Mutex<[Timestamp]>([])
        let result = try await deliver(request(), through: relay) { event in
            if case .mailPutOff(_, _, let due) = event { dues.withLock { $0.append(due) } }
        }
        #expect(result.tally.sent == 3 && result.tally.putOff == 2)
        let waits = dues.withLock(\.self)
        // After 5 minutes, and then after 10; the clock goes on meanwhile.
        #expect(waits.count == 2)
        let first = ManualClock.start.duration(to: waits[0])
        #expect(first >= .seconds(300) && first < .seconds(600))
        #expect(waits[0].duration(to: waits[1]) >= .seconds(600))
    }

    @Test func whatIsPutOffForLongerIsForTheNextRun() async throws {
        let relay = FakeRelay { recipient, _ in recipient == "user2@example.com" ? .later : .sent }
        var request = request()
        request.waitForPutOff = .zero
        let result = try await deliver(request, through: relay)
        #expect(result.counts.later == 1 && result.status == .stoppedEarly)
        #expect(result.counts.failures == ["450 4.7.1": 1])
        // A rule that gives up sooner makes a failure of it.
        request.scope.retriesFailed = true
        let rule = PutOffRule(giveUpAfter: .seconds(900))
        let (now, hour) = (ManualClock.start, Duration.seconds(3600))
        func due(_ times: Int, expiring: Duration = .seconds(9999)) -> Timestamp? {
            rule.due(
                timesPutOff: times,
                firstAt: now,
                expiresAt: now.advanced(by: expiring),
                remainingMin: .zero,
                now: now
            )
        }
        #expect(due(0) == now.advanced(by: .seconds(300)) && due(1) == now.advanced(by: .seconds(600)))
        #expect(due(2) == nil && due(0, expiring: .seconds(300)) == nil)
        #expect(rule.delay(timesPutOff: 60) == hour * 4)
    }

    @Test func refusalsAreFinalAndTellTheirReply() async throws {
        let relay = FakeRelay { recipient, _ in recipient == "user1@example.com" ? .refused : .sent }
        let failures = Mutex<[String]>([])
        let result = try await deliver(request(), through: relay) { event in
            if case .stage(.attempted(_, let failed?)) = event {
                failures.withLock { $0.append("\(failed.reason)") }
            }
        }
        #expect(result.tally.sent == 2 && result.tally.failed == 1)
        #expect(result.counts.failures == ["550 5.1.1": 1])
        // No address goes to the log.
        #expect(failures.withLock(\.self) == ["<[address]>: no such user"])
        #expect(result.status == .withFailures)
        let again = try await deliver(request(), through: relay)
        #expect(again.tally.failed == 0 && again.counts.failed == 1)
    }

    @Test(arguments: [true, false])
    func whatIsInDoubtIsSentAgainOrLeft(_ resends: Bool) async throws {
        let relay = FakeRelay { recipient, attempt in
            recipient == "user3@example.com" && attempt == 1
                ? FakeRelay.Answer(.inDoubt("the connection was lost"), isTaken: true) : .sent
        }
        var request = request()
        request.scope.resendsInDoubt = resends
        let result = try await deliver(request, through: relay)
        #expect(result.tally.sent == (resends ? 3 : 2))
        #expect(result.tally.sentAgain == (resends ? 1 : 0))
        #expect(result.counts.inDoubt == (resends ? 0 : 1))
        let third = relay.taken.filter { $0.recipient == "user3@example.com" }
        #expect(third.count == (resends ? 2 : 1))
        #expect(Set(third.map(\.text)).count == 1 && Set(third.map(\.messageID)).count == 1)
    }

    @Test func aRefusedCredentialStopsWithItsExitCode() async throws {
        let relay = FakeRelay { _, _ in FakeRelay.Answer(.stop(MailStop(.credentialRefused, "535 no"))) }
        let result = try await deliver(request(), through: relay)
        #expect(result.status == .credentialRefused && result.tally.sent == 0)
        #expect(result.counts.notHandedOver == 5, "nobody is claimed by it")
        #expect(try await deliver(request(), through: FakeRelay()).tally.sent == 3)
    }

    @Test func whoIsSuppressedOrHasTooLittleTimeGetsNothing() async throws {
        let relay = FakeRelay()
        let result = try await deliver(request(), through: relay, suppressing: ["user2@example.com"])
        #expect(result.tally.sent == 2 && result.tally.leftOut[.suppressed] == 1)
        var late = request()
        late.scope.remainingMin = .seconds(8000)
        let none = try await deliver(late, through: relay)
        #expect(none.tally.passedBy == [.tooLittleTime: 3] && none.status == .withFailures)
    }

    @Test func onlySoManyMails() async throws {
        var request = request()
        request.maxMails = 1
        let relay = FakeRelay()
        #expect(try await deliver(request, through: relay).tally.sent == 1)
        request.maxMails = nil
        #expect(try await deliver(request, through: relay).tally.sent == 2)
        #expect(Set(relay.taken.map(\.recipient)).count == 3)
    }
}

@Suite struct SuppressionListTests {
    @Test(arguments: [
        "A@Example.com\r\nb@example.com\n",
        "\u{feff}date;email;reason\n1;a@example.com;\"no; such\nuser\"\n2;\"B@example.com\";x",
        "email\ta\na@example.com\tx\nb@example.com\ty\n",
    ])
    func readsLinesAndTables(_ text: String) throws {
        let folder = try TemporaryFolder()
        let list = try SuppressionList(path: try folder.write(text, to: "bounces.csv"))
        #expect(list.count == 2)
        #expect(try list.contains("a@EXAMPLE.com") && list.contains("b@example.com"))
        #expect(try !list.contains("c@example.com"))
    }

    @Test func aListWithoutAddressesIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("name\nnobody\n", to: "bounces.csv")
        #expect(throws: CommandFailure.self) { try SuppressionList(path: path) }
        #expect(throws: CommandFailure.self) { try SuppressionList(path: folder("absent")) }
    }
}
