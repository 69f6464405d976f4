// Every answer that a real server gave where a code or a link was asked for, and what it comes to.

import IdentityAPI
import RecordedExchanges
import Testing
import Vocabulary

@Suite struct RecordedAnswerTests {
    private static let exchanges = RecordedExchange.all.filter { $0.method != nil }
    private static let link =
        "http://127.0.0.1:4433/self-service/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e"
        + "&token=wingsQFnhyESMuHc2KMslmPIIUB5vnR9"
    private static let page = "http://127.0.0.1:4455/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e"
    private static let expiry = "2026-11-21T00:46:57.284692879Z"

    /// The refusals, by name; whatever is not here is a success.
    private static let refusals: [String: OutcomeClass] = [
        "code unknown id": .permanent(.unknownIdentity), "code null id": .permanent(.unknownIdentity),
        "code missing id": .permanent(.unknownIdentity), "code accept html": .permanent(.unknownIdentity),
        "code no accept": .permanent(.unknownIdentity), "admin gzip": .permanent(.unknownIdentity),
        "link unknown": .permanent(.unknownIdentity), "link missing": .permanent(.unknownIdentity),
        "off, code unknown": .permanent(.unknownIdentity),

        "code id number": .permanent(.rejectedByServer), "code malformed uuid": .permanent(.rejectedByServer),
        "code empty id": .permanent(.rejectedByServer), "code empty body": .permanent(.rejectedByServer),
        "code array": .permanent(.rejectedByServer), "code malformed json": .permanent(.rejectedByServer),
        "link malformed uuid": .permanent(.rejectedByServer),

        "code flow type bad": .fatal(.parameterRefused), "code expires nounit": .fatal(.parameterRefused),
        "code expires days": .fatal(.parameterRefused), "code expires number": .fatal(.parameterRefused),
        "code expires huge": .fatal(.parameterRefused), "code expires malformed": .fatal(.parameterRefused),
        "code expires zero": .fatal(.parameterRefused), "code expires negative": .fatal(.parameterRefused),
        "code form ct": .fatal(.parameterRefused), "code no ct": .fatal(.parameterRefused),
        "code wrong ct": .fatal(.parameterRefused), "code return to bad": .fatal(.parameterRefused),
        "link return to bad": .fatal(.parameterRefused), "link expires neg": .fatal(.parameterRefused),
        "link expires zero": .fatal(.parameterRefused), "link expires bad": .fatal(.parameterRefused),

        "code put method": .fatal(.wrongURL), "code get method": .fatal(.wrongURL),
        "delete method": .fatal(.wrongURL), "head": .fatal(.wrongURL), "admin OPTIONS": .fatal(.wrongURL),
        "code trailing slash": .fatal(.wrongURL), "double slash": .fatal(.wrongURL),

        "public POST recovery code": .fatal(.redirected), "public POST recovery link": .fatal(.redirected),
        "public POST admin recovery code": .fatal(.publicPort),
        "public admin recovery link": .fatal(.publicPort),
    ]

    private static func expected(_ exchange: RecordedExchange) -> OutcomeClass {
        if let method = exchange.method, exchange.disabled == method { return .fatal(.methodDisabled) }
        if let refusal = refusals[exchange.name] { return refusal }
        return exchange.method == .code
            ? .issued(code: "050091", link: page, expiresAt: expiry)
            : .issued(code: "", link: link, expiresAt: expiry)
    }

    private func outcome(_ exchange: RecordedExchange, provider: Provider) throws -> OutcomeClass {
        let reading = AnswerReading(
            provider: provider,
            server: try ServerURL("http://kratos.test:4434"),
            token: nil,
            method: exchange.method == .link ? .link : .code
        )
        return OutcomeClass(reading.outcome(of: exchange.response, now: Timestamp(milliseconds: 0)))
    }

    @Test(arguments: exchanges)
    func everyRecordedAnswerHasItsOutcome(_ exchange: RecordedExchange) throws {
        for provider in Provider.all {
            #expect(try outcome(exchange, provider: provider) == Self.expected(exchange), "\(provider)")
        }
    }

    @Test func theTableIsOfWhatWasRecorded() {
        let names = Set(Self.exchanges.map(\.name))
        #expect(Set(Self.refusals.keys).subtracting(names).isEmpty)
        #expect(Self.exchanges.count { $0.method == .code } > 50)
        #expect(Self.exchanges.count { $0.method == .link } > 13)
        // Nothing refused counts as a success for want of a row.
        for exchange in Self.exchanges where !exchange.status.hasPrefix("20") {
            if case .issued = Self.expected(exchange) { Issue.record("\(exchange) has no row") }
        }
    }
}
