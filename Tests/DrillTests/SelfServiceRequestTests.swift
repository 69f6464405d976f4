// Requests to the public port are those of the recordings.

import Foundation
import Drill
import HTTPTransport
import Providers
import RecordedExchanges
import TestSupport
import Testing
import Model

@Suite struct SelfServiceRequestTests {
    private func connection() throws -> ServerConnection {
        let transport = StubTransport { _ in
            .failure(TransportError(kind: .transportStopped, wasSent: false, message: "nothing is sent"))
        }
        return ServerConnection(
            provider: .kratos,
            server: try ServerURL("http://127.0.0.1:4433"),
            credential: Credential(nil),
            headers: [],
            timeout: .seconds(30),
            transport: transport,
            now: { Timestamp(milliseconds: 1_790_000_000_000) }
        )
    }

    /// The step of a story, its names filled in.
    private func recorded(_ name: String) throws -> (exchange: RecordedExchange, values: [String: String]) {
        for story in RecordedStory.all {
            let exchange = story.steps.map(\.exchange).first { $0.name == name }
            if let exchange { return (exchange, story.values) }
        }
        throw CancellationError()
    }

    private func expectSame(_ request: SelfServiceRequest, as name: String) throws {
        let (exchange, values) = try recorded(name)
        let sent = request.httpRequest(try connection())
        let line = "\(sent.method.rawValue) \(sent.url.dropFirst("http://127.0.0.1:4433".count))"
        #expect(line == RecordedExchange.filled(exchange.request, values), "\(name)")
        let headers = Set(sent.headers.map { "\($0.name): \($0.value)" })
        let expected = Set(
            exchange.requestHeaders.map { RecordedExchange.filled($0, values) }.filter {
                !$0.hasPrefix("Cookie")
            }
        )
        #expect(headers == expected, "\(name)")
        let fields = { (text: String) in
            try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        }
        guard let body = exchange.sent else {
            #expect(sent.body.isEmpty, "\(name)")
            return
        }
        #expect(
            try fields(String(decoding: sent.body, as: UTF8.self))
                == fields(RecordedExchange.filled(body, values)),
            "\(name)"
        )
    }

    private func value(_ key: String, _ name: String) throws -> String {
        try #require(try recorded(name).values[key], "\(key) of \(name)")
    }

    /// What a recorded request carries, by a pattern.
    private func part(_ pattern: Regex<(Substring, Substring)>, of name: String) throws -> String {
        let (exchange, values) = try recorded(name)
        let text = RecordedExchange.filled(
            ([exchange.request] + exchange.requestHeaders + [exchange.sent ?? ""]).joined(separator: "\n"),
            values
        )
        return String(try #require(try pattern.firstMatch(in: text), "\(name)").output.1)
    }

    @Test func codesAreRedeemedAsRecorded() throws {
        let name = "cw_04n_api_ok"
        let code = Secret(try value("code", name))
        try expectSame(.redeem(code: code, flow: try part(#/flow=([0-9a-f-]+)/#, of: name)), as: name)
    }

    @Test func settingsAreAskedForAndChangedAsRecorded() throws {
        let show = "cw_04n3_settings_flow_get"
        let token = Secret(try part(#/X-Session-Token: (\S+)/#, of: show))
        try expectSame(.settingsFlow(try part(#/id=([0-9a-f-]+)/#, of: show), token: token), as: show)
        try expectSame(.newSettingsFlow(token: token), as: "cw_04n4_settings_new_api")
        let set = "cw_04n6_settings_pw"
        let password = Secret(try part(#/"password": "([^"]+)"/#, of: set))
        let flow = try part(#/flow=([0-9a-f-]+)/#, of: set)
        try expectSame(.setPassword(password, flow: flow, csrf: nil, token: token), as: set)
        let browser = "04b5_settings_post_pw"
        let csrf = Secret(try part(#/"csrf_token": "([^"]+)"/#, of: browser))
        try expectSame(
            .setPassword(
                Secret(try part(#/"password": "([^"]+)"/#, of: browser)),
                flow: try part(#/flow=([0-9a-f-]+)/#, of: browser),
                csrf: csrf,
                token: nil
            ),
            as: browser
        )
    }

    @Test func loginsAndRecoveriesAreStartedAsRecorded() throws {
        try expectSame(.startLogin, as: "cw_04n7_login_api")
        let login = "cw_04n9_login_ok"
        try expectSame(
            .logIn(
                Secret(try part(#/"identifier": "([^"]+)"/#, of: login)),
                password: Secret(try part(#/"password": "([^"]+)"/#, of: login)),
                flow: try part(#/flow=([0-9a-f-]+)/#, of: login)
            ),
            as: login
        )
        let whoami = "cw_04n10_whoami"
        try expectSame(
            .whoami(token: Secret(try part(#/X-Session-Token: (\S+)/#, of: whoami))),
            as: whoami
        )
        try expectSame(.startRecovery, as: "cw_06a_recovery_api_init")
        let mail = "cw_06b_recovery_api_submit_email"
        try expectSame(
            .sendMail(
                to: try part(#/"email": "([^"]+)"/#, of: mail),
                flow: try part(#/flow=([0-9a-f-]+)/#, of: mail)
            ),
            as: mail
        )
        let next = "04o9_api_reuse_follow"
        try expectSame(.recoveryFlow(try part(#/id=([0-9a-f-]+)/#, of: next)), as: next)
    }

    @Test func aLinkIsOpenedAsItStands() throws {
        let link = "http://127.0.0.1:4433/self-service/recovery?flow=1&token=T0KEN"
        let sent = SelfServiceRequest.openLink(Secret(link)).httpRequest(try connection())
        #expect(sent.url == link)
        #expect(sent.method == .get)
    }

    @Test func nothingThatIsCarriedStandsInADescription() throws {
        let secrets = ["C0DE", "P4SSWORD", "T0KEN", "CSRF", "L1NK", "NAME"]
        let requests: [SelfServiceRequest] = [
            .redeem(code: Secret("C0DE"), flow: "f"), .openLink(Secret("http://h/L1NK")),
            .setPassword(
                Secret("P4SSWORD"),
                flow: "f",
                csrf: Secret("CSRF"),
                token: Secret("T0KEN")
            ),
            .logIn(Secret("NAME"), password: Secret("P4SSWORD"), flow: "f"),
            .whoami(token: Secret("T0KEN")),
        ]
        var dumped = "\(requests) \(String(reflecting: requests))"
        dump(requests, to: &dumped)
        for secret in secrets { #expect(!dumped.contains(secret)) }
    }
}
