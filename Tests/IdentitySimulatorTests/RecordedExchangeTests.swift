// The simulator against the recordings of a real Kratos: to the letter, apart from what differs each time.

import IdentitySimulator
import RecordedExchanges
import Testing
import Vocabulary

@Suite(.serialized) struct RecordedExchangeTests {
    @Test(arguments: RecordedExchange.all)
    func answersAsRecorded(_ exchange: RecordedExchange) async throws {
        var configuration = SimulatorConfiguration()
        configuration.identities = .listed(Self.known)
        if let disabled = exchange.disabled {
            configuration.disabledEndpoints = [disabled == .code ? .code : .link]
        }
        let simulator = try await IdentitySimulator.start(configuration)

        let client = try RawClient(port: exchange.port == .admin ? simulator.adminPort : simulator.publicPort)
        try client.send(exchange.bytes)
        let isHead = exchange.request.hasPrefix("HEAD")
        let answer = try #require(try client.receive(withoutBody: isHead))
        let masked = Masked(answer, simulator)

        #expect(answer.statusLine == "HTTP/1.1 \(exchange.status)")
        #expect(masked.headerLines.dropLast(2) == exchange.headers[...])
        #expect(answer.headerLines.dropLast().last?.hasPrefix("Date: ") == true)
        #expect(masked.hasNoCacheLine == exchange.request.hasPrefix("GET"))
        #expect(masked.body == exchange.body)
        // The length of a body that differs each time differs too; HEAD tells that of the body it doesn't have.
        if !isHead { #expect(answer.header("Content-Length") == String(answer.body.count)) }
        try await simulator.stop()
    }

    /// The identities that got a code or a link when the recordings were made.
    private static let known: Set<IdentityID> = Set(
        RecordedExchange.all.filter { $0.status.hasPrefix("20") }.compactMap { exchange in
            exchange.sent?.split(separator: "\"").lazy.compactMap { IdentityID($0) }.first
        }
    )
}

/// An answer with names in braces for what differs each time, as the recordings have them.
private struct Masked {
    var headerLines: [String]
    var body: String
    /// The line that Kratos adds to the answers to GET, and to no others.
    var hasNoCacheLine: Bool

    init(_ answer: RawAnswer, _ simulator: IdentitySimulator) {
        body = Self.mask(answer.text, simulator)
        let noCache = "Cache-Control: private, no-cache, no-store, must-revalidate"
        hasNoCacheLine = answer.headerLines.contains(noCache)
        headerLines = answer.headerLines.filter { $0 != noCache }.map { Self.mask($0, simulator) }
    }

    private static func mask(_ text: String, _ simulator: IdentitySimulator) -> String {
        text.replacing(simulator.adminURL, with: "{admin}")
            .replacing(simulator.publicURL, with: "{public}")
            .replacing(
                #/flow=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#,
                with: "flow={flow}"
            )
            .replacing(#/token=[0-9A-Za-z]{32}"/#, with: "token={token}\"")
            .replacing(#/"recovery_code":"[0-9]{6}"/#, with: "\"recovery_code\":\"{code}\"")
            .replacing(
                #/"expires_at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{0,8}[1-9])?Z"/#,
                with: "\"expires_at\":\"{time}\""
            )
            .replacing(#/csrf_token_[0-9a-f]{64}=[^;]+;/#, with: "csrf_token_{csrf};")
    }
}
