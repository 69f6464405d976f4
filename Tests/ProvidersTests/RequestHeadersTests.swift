// Headers of the operator's own: lines of a file.

import HTTPTransport
import Providers
import Model
import Testing

@Suite struct RequestHeadersTests {
    @Test(arguments: [
        ("X-Tenant: blue", "X-Tenant", "blue"),
        ("X-Tenant:blue", "X-Tenant", "blue"),
        ("X-Tenant: \t blue and green \t", "X-Tenant", "blue and green"),
        ("X-Tenant:", "X-Tenant", ""),
        ("X-URL: http://a:1/b?c=d", "X-URL", "http://a:1/b?c=d"),
        ("X-Tab: a\tb", "X-Tab", "a\tb"),
        ("X-Name: Zoë", "X-Name", "Zoë"),
        ("Host: kratos.internal", "Host", "kratos.internal"),
        ("!#$%&'*+-.^_`|~09azAZ: x", "!#$%&'*+-.^_`|~09azAZ", "x"),
    ])
    func aLineIsANameAndAValue(_ line: String, _ name: String, _ value: String) throws {
        #expect(try HTTPHeader(line: line) == HTTPHeader(name: name, value: value))
    }

    @Test(arguments: [
        ("", "has none"), ("X-Tenant", "has none"), (": s3cret", "no header's name"),
        ("X Tenant: s3cret", "no header's name"), ("X-Tenant : s3cret", "no header's name"),
        (" X-Tenant: s3cret", "no header's name"), ("X-Ténant: s3cret", "no header's name"),
        ("X-Te\tnant: s3cret", "no header's name"), ("(x): s3cret", "no header's name"),
        ("X-Tenant: s3cret\r\nX-More: 1", "control character"), ("X-Tenant: s3cret\n", "control character"),
        ("X-Tenant: s3\u{0}cret", "control character"), ("X-Tenant: s3cret\u{7f}", "control character"),
        ("X-Tenant: s3cret\r", "control character"),
    ])
    func whatIsNoHeaderIsRefusedWithoutItsValue(_ line: String, _ words: String) {
        let refusal = #expect(throws: HeaderRefusal.self) { try HTTPHeader(line: line) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
        #expect(refusal?.description.contains("s3") == false)
    }

    @Test(arguments: [
        "Accept", "content-type", "Content-Length", "CONNECTION", "Expect", "TE", "Trailer",
        "Transfer-Encoding",
        "Upgrade", "x-request-id",
    ])
    func whatBelongsToTheRequestCannotBeSet(_ name: String) {
        let refusal = #expect(throws: HeaderRefusal.self) { try HTTPHeader(line: "\(name): x") }
        #expect(refusal?.description.contains(name) == true)
    }

    @Test(arguments: [
        "Authorization", "AUTHORIZATION", "Proxy-Authorization", "X-Authorization",
        "X-Forwarded-Authorization",
        "Cookie", "X-Api-Key", "ApiKey", "Ocp-Apim-Subscription-Apikey", "X-Auth-Key", "X-Access-Key",
        "X-Auth-Token", "X-Session-Token", "X-Amz-Security-Token", "CF-Access-Client-Secret",
        "CF-Access-Jwt-Assertion", "X-Password", "X-Session", "X-Credential",
    ])
    func aSecretIsKnownByItsName(_ name: String) {
        #expect(HTTPHeader(name: name, value: "x").isCredential)
    }

    @Test(arguments: ["X-Tenant", "Host", "User-Agent", "X-Forwarded-For", "X-Author", "X-Correlation-ID"])
    func otherHeadersAreNoSecrets(_ name: String) {
        #expect(!HTTPHeader(name: name, value: "token").isCredential)
    }
}
