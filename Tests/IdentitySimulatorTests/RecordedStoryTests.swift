// The simulator against what a real Kratos answered its users, step by step: to the letter, apart from what
// differs.

import IdentitySimulator
import RecordedExchanges
import Testing
import Model

@Suite struct RecordedStoryTests {
    @Test(arguments: RecordedStory.all)
    func answersAsRecorded(_ story: RecordedStory) async throws {
        let simulator = try await IdentitySimulator.start(StoryReplay.configuration(of: story))
        var replay = StoryReplay(story, simulator)
        let result = Result {
            try replay.open()
            for step in story.steps {
                for _ in 0..<step.times { try replay.take(step) }
            }
        }
        try await simulator.stop()
        try result.get()
    }

    @Test func aRecordedAnswerIsWholeAgain() throws {
        let answer = try #require(RecordedStory.answer(named: "cw_04n_api_ok"))
        #expect(answer.status == 200)
        #expect(answer.headers.map(\.0) == ["Content-Type", "Vary"])
        #expect(answer.body.contains(#""ory_session_token":"ory_st_ySq4uIu4odD2ODnfhixiP1y4cghAHDZo"}"#))
        #expect(!answer.body.contains("{flow}"))
        for name in RecordedStory.all.flatMap(\.steps).map(\.exchange.name) {
            let answer = try #require(RecordedStory.answer(named: name))
            #expect(answer.body.firstMatch(of: #/\{[a-z][a-z0-9_]*\}/#) == nil, "\(name)")
        }
    }
}

/// One story at one simulator.
private struct StoryReplay {
    private static let identity = IdentityID(high: 0x20802ae273b643c5, low: 0xb9893c7bcc9c159c)

    private let story: RecordedStory
    private let simulator: IdentitySimulator
    /// What the names in braces stand for this time.
    private var values: [String: String] = [:]

    static func configuration(of story: RecordedStory) -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.identities = .listed(story.setup == .postgres ? [] : [identity])
        if let seed = story.seed { configuration.seed = seed }
        if story.setup == .postgres {
            configuration.keepsJSONBinary = true
            configuration.selfService.verifiesAddresses = false
            configuration.selfService.titles = TraitTitles(email: "E-mail", firstName: nil, lastName: nil)
        }
        configuration.selfService.usesTransitions = story.usesTransitions
        configuration.selfService.isRecoveryEnabled = !story.disabled.contains("recovery")
        return configuration
    }

    init(_ story: RecordedStory, _ simulator: IdentitySimulator) {
        self.story = story
        self.simulator = simulator
        values["identity"] = Self.identity.text
        values["public"] = simulator.publicURL
        values["admin"] = simulator.adminURL
    }

    /// Does what was done before the first step.
    mutating func open() throws {
        simulator.change(Account(Self.identity, email: story.email))
        switch story.opening {
        case .nothing: break
        case .code(let type): try issue("code", #","flow_type":"\#(type)""#)
        case .expiredCode(let type): try issue("code", #","flow_type":"\#(type)","expires_in":"1ns""#)
        case .link: try issue("link", "")
        case .expiredLink: try issue("link", #","expires_in":"1ns""#)
        }
        switch story.fate {
        case .none: break
        case .inactive: simulator.change(Account(Self.identity, email: story.email, isActive: false))
        case .deleted: simulator.delete(Self.identity)
        }
        for method in story.disabled {
            if let method = IssuingEndpoint(rawValue: method) { simulator.switchOff(method) }
        }
        for target in story.starts { try start(target) }
        // Flows that nobody has: of the form of an ID, or not at all.
        for name in story.values.keys where values[name] == nil && story.opening.isNothing {
            if name == "flow", story.starts.isEmpty, story.steps.count == 1 {
                values[name] = story.values[name]
            }
        }
    }

    /// Takes one step and compares what comes of it.
    mutating func take(_ step: RecordedStep) throws {
        let recorded = step.exchange
        let name = recorded.name
        let answer = try ask(recorded.bytes(values), at: recorded.port)
        #expect(answer.statusLine == "HTTP/1.1 \(recorded.status)", "\(name)")
        let noCache = "Cache-Control: private, no-cache, no-store, must-revalidate"
        #expect(answer.headerLines.contains(noCache) == recorded.request.hasPrefix("GET"), "\(name)")
        let framing = ["Cache-Control: ", "Date: ", "Content-Length: ", "Transfer-Encoding: "]
        let lines = answer.headerLines.filter { line in !framing.contains { line.hasPrefix($0) } }
        let expected = recorded.headers.joined(separator: "\n")
        try compare(expected, lines.joined(separator: "\n"), "the headers of \(name)")
        try compare(recorded.body, answer.text, "the body of \(name)")
        let isLong = answer.body.count > 2048
        #expect((answer.header("Transfer-Encoding") == "chunked") == isLong, "\(name)")
        if step.mails { values["code"] = try #require(simulator.mailedCodes().last?.recoveryCode) }
    }

    private mutating func compare(_ template: String, _ text: String, _ place: String) throws {
        if let mismatch = Template(template).mismatch(with: text, &values) {
            Issue.record("\(place): \(mismatch)")
            throw Stopped()
        }
    }

    private struct Stopped: Error {}

    private mutating func issue(_ endpoint: String, _ members: String) throws {
        let body = #"{"identity_id":"\#(Self.identity.text)"\#(members)}"#
        let answer = try ask(
            "POST /admin/recovery/\(endpoint) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            at: .admin
        )
        #expect(answer.status == (endpoint == "code" ? 201 : 200))
        let record = try #require(simulator.issued().last)
        values["flow"] = record.recoveryLink.firstMatch(of: #/flow=([0-9a-f-]{36})/#).map { String($0.1) }
        values["link_token"] = record.recoveryLink.firstMatch(of: #/token=([0-9A-Za-z]{32})/#)
            .map { String($0.1) }
        values["code"] = record.recoveryCode
    }

    /// Begins a flow, of which no recording was kept.
    private mutating func start(_ target: String) throws {
        let answer = try ask(
            "GET \(target) HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n",
            at: .public
        )
        #expect(answer.status == 200)
        let id = try #require(answer.text.firstMatch(of: #/^\{"id":"([0-9a-f-]{36})"/#)).1
        values[target.contains("/login/") ? "login" : "flow"] = String(id)
        let token = answer.text.firstMatch(of: #/"csrf_token","type":"hidden","value":"([^"]+)"/#)
        values["csrf"] = token.map { String($0.1) }
        let cookie = answer.header("Set-Cookie")?.firstMatch(of: #/=([^;]+);/#)
        values["csrf_cookie"] = cookie.map { String($0.1) }
    }

    private func ask(_ bytes: String, at port: RecordedExchange.Port) throws -> RawAnswer {
        let client = try RawClient(port: port == .admin ? simulator.adminPort : simulator.publicPort)
        try client.send(bytes)
        return try #require(try client.receive())
    }
}

extension RecordedStory.Opening {
    fileprivate var isNothing: Bool {
        if case .nothing = self { true } else { false }
    }
}
