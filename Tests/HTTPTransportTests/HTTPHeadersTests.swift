import HTTPTransport
import Testing

@Suite struct HTTPHeadersTests {
    private let headers: HTTPHeaders = [
        HTTPHeader(name: "Retry-After", value: "7"),
        HTTPHeader(name: "X-RateLimit-Limit", value: "10, 10;w=1"),
        HTTPHeader(name: "retry-after", value: " 8\t"),
        HTTPHeader(name: "Empty", value: ""),
    ]

    @Test func aNameIsFoundWhateverItsCase() {
        #expect(headers["retry-AFTER"] == "7")
        #expect(headers["x-ratelimit-limit"] == "10, 10;w=1")
        #expect(headers.values("Retry-After") == ["7", "8"])
        #expect(headers["empty"] == "")
    }

    @Test(arguments: ["Retry", "Retry-After-", "etry-After", "", "7", "Retry-After: 7"])
    func apartOfANameIsNone(_ name: String) {
        #expect(headers[name] == nil)
        #expect(headers.values(name).isEmpty)
    }

    @Test func fieldsKeepTheirOrder() {
        #expect(headers.fields.map(\.name) == ["Retry-After", "X-RateLimit-Limit", "retry-after", "Empty"])
    }
}
