// The simulator against the recordings of a real Kratos: to the letter, apart from what differs each time.

import IdentitySimulator
import RecordedExchanges
import Testing
import Model

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
        var identity = ""
        for earlier in exchange.earlier {
            try client.send(earlier.bytes())
            identity = try #require(try client.receive()?.createdIdentity)
        }
        try client.send(exchange.bytes(["identity": identity]))
        let isHead = exchange.request.hasPrefix("HEAD")
        let answer = try #require(try client.receive(withoutBody: isHead))
        let masked = Masked(answer, simulator, identity: answer.createdIdentity ?? identity)

        let hasContent = !exchange.status.hasPrefix("204")
        #expect(answer.statusLine == "HTTP/1.1 \(exchange.status)")
        #expect(masked.headerLines.dropLast(hasContent ? 2 : 1) == exchange.headers[...])
        #expect(answer.headerLines.dropLast(hasContent ? 1 : 0).last?.hasPrefix("Date: ") == true)
        #expect(masked.hasNoCacheLine == exchange.request.hasPrefix("GET"))
        #expect(masked.body == exchange.body)
        // The length of a body that differs each time differs too; HEAD tells that of the body it doesn't
        // have.
        if hasContent, !isHead {
            let length = answer.body.count > 2048 ? nil : String(answer.body.count)
            #expect(answer.header("Content-Length") == length)
        }
        try await simulator.stop()
    }

    /// The identities that the server had when the recordings were made, as far as they are spoken of.
    private static let known: Set<IdentityID> = {
        // One that comes after all pages that are recorded.
        var known = Set(["d9064518-31f5-469f-bfc4-96c6fc3c88e6"].compactMap { IdentityID($0) })
        for exchange in RecordedExchange.all where exchange.status.hasPrefix("20") {
            let issuing = exchange.request.contains("/recovery/") ? exchange.sent : nil
            known.formUnion(issuing?.split(separator: "\"").compactMap { IdentityID($0) } ?? [])
            let path = exchange.request.split(separator: "/admin/identities/").dropFirst()
            known.formUnion(path.compactMap { IdentityID($0.prefix(36)) })
            known.formUnion(
                exchange.body.matches(of: #/"id":"([0-9a-f-]{36})"/#).compactMap { IdentityID($0.1) }
            )
        }
        return known
    }()
}

extension RawAnswer {
    /// The identity to which the `Location` of an answer leads.
    fileprivate var createdIdentity: String? {
        guard status == 201, let location = header("Location") else { return nil }
        return String(location.suffix(36))
    }
}

/// An answer with names in braces for what differs each time, as the recordings have them.
private struct Masked {
    var headerLines: [String]
    var body: String
    /// The line that Kratos adds to the answers to GET, and to no others.
    var hasNoCacheLine: Bool

    init(_ answer: RawAnswer, _ simulator: IdentitySimulator, identity: String) {
        let mask = {
            Self.mask(identity.isEmpty ? $0 : $0.replacing(identity, with: "{identity}"), simulator)
        }
        body = mask(answer.text)
        let noCache = "Cache-Control: private, no-cache, no-store, must-revalidate"
        hasNoCacheLine = answer.headerLines.contains(noCache)
        headerLines = answer.headerLines.filter { $0 != noCache }.map(mask)
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
                #/_at":"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{0,8}[1-9])?Z"/#,
                with: "_at\":\"{time}\""
            )
            .replacing(#/\{"id":"[0-9a-f-]{36}","value"/#, with: "{\"id\":\"{address}\",\"value\"")
            .replacing(#/[0-9a-f-]{36}@example\.test/#, with: "{email}")
            .replacing(#/"action":"create","identity":"[0-9a-f-]{36}"/#) { _ in
                "\"action\":\"create\",\"identity\":\"{new}\""
            }
            .replacing(#/\$2a\$12\$[.\/A-Za-z0-9]{53}/#, with: "{hash}")
            .replacing(#/X-Total-Count: [0-9]+/#, with: "X-Total-Count: {total}")
            .replacing(#/page=[0-9]+&per_page=2>; rel="last"/#, with: "page={last}&per_page=2>; rel=\"last\"")
            .replacing(#/csrf_token_[0-9a-f]{64}=[^;]+;/#, with: "csrf_token_{csrf};")
    }
}
