// Every answer that a real server gave where a code or a link was asked for, and what it comes to.

import Providers
import RecordedExchanges
import Testing
import Model

@Suite struct RecordedAnswerTests {
    private static let exchanges = RecordedExchange.all.filter { $0.method != nil }
    private static let link =
        "http://127.0.0.1:4433/self-service/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e"
        + "&token=wingsQFnhyESMuHc2KMslmPIIUB5vnR9"
    private static let page = "http://127.0.0.1:4455/recovery?flow=5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e"
    private static let expiry = "2026-11-21T00:46:57.284692879Z"

    /// The refusals, by name; whatever is not here is a success.
    private static let refusals: [String: OutcomeClass] = [
        "code_unknown_id": .permanent(.unknownIdentity), "code_null_id": .permanent(.unknownIdentity),
        "code_missing_id": .permanent(.unknownIdentity), "code_accept_html": .permanent(.unknownIdentity),
        "code_no_accept": .permanent(.unknownIdentity), "admin_gzip": .permanent(.unknownIdentity),
        "link_unknown": .permanent(.unknownIdentity), "link_missing": .permanent(.unknownIdentity),
        "off_link_code_unknown": .permanent(.unknownIdentity),

        "code_id_number": .permanent(.rejectedByServer), "code_malformed_uuid": .permanent(.rejectedByServer),
        "code_empty_id": .permanent(.rejectedByServer), "code_empty_body": .permanent(.rejectedByServer),
        "code_array": .permanent(.rejectedByServer), "code_malformed_json": .permanent(.rejectedByServer),
        "link_malformed_uuid": .permanent(.rejectedByServer),

        "code_flow_type_bad": .fatal(.parameterRefused), "code_expires_nounit": .fatal(.parameterRefused),
        "code_expires_days": .fatal(.parameterRefused), "code_expires_number": .fatal(.parameterRefused),
        "code_expires_huge": .fatal(.parameterRefused), "code_expires_malformed": .fatal(.parameterRefused),
        "code_expires_zero": .fatal(.parameterRefused), "code_expires_negative": .fatal(.parameterRefused),
        "code_form_ct": .fatal(.parameterRefused), "code_no_ct": .fatal(.parameterRefused),
        "code_wrong_ct": .fatal(.parameterRefused), "code_return_to_bad": .fatal(.parameterRefused),
        "link_return_to_bad": .fatal(.parameterRefused), "link_expires_neg": .fatal(.parameterRefused),
        "link_expires_zero": .fatal(.parameterRefused), "link_expires_bad": .fatal(.parameterRefused),

        "code_put_method": .fatal(.wrongURL), "code_get_method": .fatal(.wrongURL),
        "delete_method": .fatal(.wrongURL), "head": .fatal(.wrongURL), "admin_options": .fatal(.wrongURL),
        "code_trailing_slash": .fatal(.wrongURL), "double_slash": .fatal(.wrongURL),

        "public_post_recovery_code": .fatal(.redirected), "public_post_recovery_link": .fatal(.redirected),
        "public_post_admin_recovery_code": .fatal(.publicPort),
        "public_admin_recovery_link": .fatal(.publicPort),
    ]

    private static func expected(_ exchange: RecordedExchange) -> OutcomeClass {
        if let method = exchange.method, exchange.disabled == method { return .fatal(.methodDisabled) }
        if let refusal = refusals[exchange.name] { return refusal }
        return exchange.method == .code
            ? .issued(code: "050091", link: page, expiresAt: expiry)
            : .issued(code: "", link: link, expiresAt: expiry)
    }

    private func outcome(_ exchange: RecordedExchange, provider: Provider) throws -> OutcomeClass {
        let reading = AnswerClassifier(
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
