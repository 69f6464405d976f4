// Connections that do not come about, and credentials.

import Model
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite(.serialized) struct SMTPConnectTests {
    private typealias Meaning = SMTPDialogueTests

    private func outcome(_ configuration: SMTPConfiguration, sent: Count = Count()) async throws
        -> MailOutcome
    {
        try await withRelay(configuration) { smtp in await smtp.send(Meaning.mail()) { sent.add() } }
    }

    @Test(arguments: [
        (FaultyRelay.Fault.replyAndClose("554 5.7.1 no service for you"), "not taken"),
        (.replyAndClose("421 4.7.0 too many connections"), "slower"), (.close, "not taken"),
        (.reset, "not taken"), (.stall, "not taken"),
        (.garbage(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), "not taken"),
        (.replyAndClose("450 4.3.2 later"), "slower"),
    ])
    func greetings(_ fault: FaultyRelay.Fault, _ meaning: String) async throws {
        let relay = try FaultyRelay { $0.step == .connected ? fault : nil }
        let sent = Count()
        var configuration = try SMTPConfiguration(relay)
        if fault == .stall { configuration.timeouts = .short }
        // A relay that goes on without a word would be waited for.
        if case .garbage = fault { configuration.timeouts = .short }
        let outcome = try await outcome(configuration, sent: sent)
        #expect(Meaning.meaning(outcome) == meaning, "\(outcome)")
        #expect(sent.value == 0)
    }

    @Test func nobodyListens() async throws {
        let relay = try FaultyRelay()
        let configuration = try SMTPConfiguration(relay)
        relay.stop()
        // The socket is closed by the thread that accepts.
        var outcome = MailOutcome.unsendable("")
        for _ in 0..<100 {
            outcome = try await self.outcome(configuration)
            if case .notTaken = outcome { break }
        }
        #expect(Meaning.meaning(outcome) == "not taken")
        var unknown = SMTPConfiguration(server: try SMTPServer("smtp://relay.invalid"))
        unknown.timeouts.connect = .seconds(5)
        #expect(Meaning.meaning(try await self.outcome(unknown)) == "not taken")
    }

    @Test func aNameThatIsRefusedStopsEverything() async throws {
        let relay = try FaultyRelay { moment in
            moment.step == .ehlo ? .replyAndClose("550 5.7.1 no\n550 5.7.1 no") : nil
        }
        let outcome = try await outcome(try SMTPConfiguration(relay))
        // libcurl says HELO after a refused EHLO, and here is nobody any more.
        #expect(["stop", "not taken"].contains(Meaning.meaning(outcome)))
    }

    @Test func withoutTLSNothingGoesOut() async throws {
        let relay = try FaultyRelay()
        var configuration = try SMTPConfiguration(relay)
        configuration.trustsLoopback = false
        let outcome = try await outcome(configuration)
        #expect(
            outcome
                == .stop(
                    MailStop(.tls, "\(configuration.server) offers no TLS (STARTTLS), so nothing was sent")
                )
        )
        #expect(relay.commands.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" })
        configuration.allowsPlain = true
        #expect(Meaning.meaning(try await self.outcome(configuration)) == "sent")
    }

    // MARK: - Credentials

    private static let password = SMTPCredential.password(user: "team", Secret("pass-word-1234"))
    private static let bearer = SMTPCredential.bearer(user: "team", Secret("token-5678"))

    @Test(arguments: [
        ("PLAIN", password), ("LOGIN", password), ("CRAM-MD5", password), ("XOAUTH2", bearer),
        ("OAUTHBEARER", bearer), ("PLAIN LOGIN GSSAPI NTLM DIGEST-MD5", password), ("PLAIN XOAUTH2", bearer),
    ])
    func credentialsAreTaken(_ mechanism: String, _ credential: SMTPCredential) async throws {
        let known = if case .bearer = credential { "team token-5678" } else { "team pass-word-1234" }
        let relay = try FaultyRelay(extensions: ["PIPELINING", "AUTH \(mechanism)"], credential: known)
        var configuration = try SMTPConfiguration(relay)
        configuration.credential = { credential }
        let outcome = try await outcome(configuration)
        #expect(Meaning.meaning(outcome) == "sent", "\(outcome)")
        #expect(relay.commands.contains { $0.hasPrefix("AUTH") })
    }

    @Test(arguments: [
        ("PLAIN", password), ("LOGIN", password), ("CRAM-MD5", password), ("XOAUTH2", bearer),
        ("OAUTHBEARER", bearer),
    ])
    func aRefusedCredentialStopsEverythingAndIsNotShown(
        _ mechanism: String,
        _ credential: SMTPCredential
    ) async throws {
        let relay = try FaultyRelay(extensions: ["AUTH \(mechanism)"], credential: "other secret")
        var configuration = try SMTPConfiguration(relay)
        let readings = Count()
        configuration.credential = {
            readings.add()
            return credential
        }
        let outcome = try await outcome(configuration)
        guard case .stop(let stop) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(stop.kind == .credentialRefused)
        #expect(readings.value == 2)
        for secret in ["pass-word", "token-5678", "1234"] + credential.secrets.map(\.revealed) {
            #expect(!stop.reason.contains(secret), "\(stop.reason)")
        }
    }

    @Test func aCredentialThatWasReplacedIsReadAgain() async throws {
        let relay = try FaultyRelay(credential: "team new")
        var configuration = try SMTPConfiguration(relay, connections: 3)
        let readings = Count()
        configuration.credential = {
            readings.add()
            return .password(user: "team", Secret(readings.value == 1 ? "old" : "new"))
        }
        try await withRelay(configuration) { smtp in
            await withTaskGroup(of: MailOutcome.self) { group in
                for _ in 0..<12 { group.addTask { await smtp.send() } }
                for await outcome in group { #expect(Meaning.meaning(outcome) == "sent") }
            }
        }
        #expect(readings.value == 2 && relay.taken.count == 12)
    }

    @Test func aCredentialThatCannotBeReadStops() async throws {
        let relay = try FaultyRelay()
        var configuration = try SMTPConfiguration(relay)
        configuration.credential = { throw MailSettingError(.mailSender, "no such file") }
        let outcome = try await outcome(configuration)
        let reason = "the relay's credential cannot be read: no such file"
        #expect(outcome == .stop(MailStop(.settings, reason)))
        #expect(relay.connections == 0)
    }

    @Test func aRelayThatCannotCheckForNowIsTriedLater() async throws {
        let relay = try FaultyRelay(credential: "team x") { moment in
            moment.step == .auth ? .reply("454 4.7.0 Temporary authentication failure") : nil
        }
        var configuration = try SMTPConfiguration(relay)
        configuration.credential = { Self.password }
        #expect(Meaning.meaning(try await outcome(configuration)) == "slower")
    }

    @Test(arguments: [[], ["AUTH GSSAPI"], ["AUTH XOAUTH2"]])
    func aCredentialIsNeverLeftOut(_ extensions: [String]) async throws {
        let relay = try FaultyRelay(extensions: extensions)
        var configuration = try SMTPConfiguration(relay)
        configuration.credential = { Self.password }
        guard case .stop(let stop) = try await outcome(configuration) else {
            Issue.record("it was sent")
            return
        }
        #expect(stop.kind == .settings && stop.reason.contains("authenticate"))
        #expect(relay.taken.isEmpty)
    }

    // MARK: - URLs

    @Test(arguments: [
        ("smtp://relay.example", "smtp://relay.example:587"),
        ("smtps://Relay.Example/", "smtps://relay.example:465"),
        ("SMTP://[::1]:25", "smtp://[::1]:25"), ("smtp://192.0.2.1:2525", "smtp://192.0.2.1:2525"),
        ("smtp://localhost", "smtp://localhost:587"),
    ])
    func urls(_ url: String, _ read: String) throws {
        #expect(try SMTPServer(url).description == read)
    }

    @Test(arguments: [
        "relay.example", "http://a.example", "smtp://", "smtp://u:secret@a.example", "smtp://a.example/path",
        "smtp://a.example:0", "smtp://a.example:65536", "smtp://a.example:", "smtp://a.example:25x",
        "smtp://a b.example", "smtp://[::1", "smtp://[x]", "smtp://::1", "smtp://a.example?x",
        "smtp://a\r\nb",
        "smtp://[::1]25", "smtp://-a.example", "smtp://a.example#x", "smtp://a\\b", "",
    ])
    func urlsThatAreNone(_ url: String) {
        let error = #expect(throws: MailSettingError.self) { try SMTPServer(url) }
        #expect(error?.code == .relayURL)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func thisMachineIsKnown() throws {
        for url in ["smtp://localhost", "smtp://a.localhost", "smtp://127.0.0.9", "smtp://[::1]"] {
            #expect(try SMTPServer(url).isLoopback)
        }
        for url in ["smtp://127.0.0.1.example", "smtp://10.0.0.1", "smtp://[::2]", "smtp://127.1.1.1.1"] {
            #expect(try !SMTPServer(url).isLoopback)
        }
    }
}
