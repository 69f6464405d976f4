// Whatever is printed, dumped or interpolated: no secret is in it.

import HTTPTransport
import Testing

@Suite struct RedactionTests {
    /// Every way in which a value becomes text by accident.
    private func texts(_ value: some Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        dump([value], to: &dumped)
        return "\(value) \(String(reflecting: value)) \([value]) \(Optional(value) as Any) \(dumped)"
    }

    @Test func aRequestShowsNeitherHeadersNorBodyNorTheSecretsOfItsURL() {
        let request = HTTPRequest(
            method: .post,
            url: "https://user:secret@ory.example.com/admin/recovery/code?key=secret#secret",
            headers: [HTTPHeader(name: "Authorization", value: "Bearer secret")],
            body: Array("secret".utf8),
            timeout: .seconds(1)
        )
        let shown = texts(request) + texts(request.headers) + texts(request.headers[0])
        #expect(!shown.contains("secret"))
        #expect(!shown.contains("115, 101, 99"))
        #expect(
            request.description == "POST https://ory.example.com/admin/recovery/code (1 headers, 6 bytes)"
        )
    }

    @Test(arguments: [
        ("http://user:p@ss@host/path", "http://host/path"),
        ("http://user:p%2Fss@host:4434", "http://host:4434"),
        ("http://host/a@b", "http://host/a@b"),
        ("user:secret@host:3128", "host:3128"),
        ("http://user:p#ss@host:3128", "http://…"),
        ("http://user:p/ss@host:3128", "http://…"),
        ("http://host:4434/list?id=jane@example.com", "http://host:4434/list"),
        ("http://[::1]/a@b?c", "http://[::1]/a@b"),
        ("socks5h://user@host", "socks5h://host"),
    ])
    func aProxyShowsNoPassword(_ url: String, _ shown: String) {
        #expect(CurlTransport.Configuration.Proxy.url(url).description == shown)
        let configuration = CurlTransport.Configuration(userAgent: "latchstring/0", proxy: .url(url))
        #expect(url == shown || !texts(configuration).contains(url))
    }

    @Test func aResponseShowsNeitherHeaderValuesNorBody() {
        let response = HTTPResponse(
            status: 201,
            headers: [HTTPHeader(name: "Location", value: "/recovery?token=secret")],
            body: Array("secret".utf8)
        )
        let shown = texts(response) + texts(response.headers)
        #expect(!shown.contains("secret"))
        #expect(!shown.contains("115, 101, 99"))
        #expect(response.description == "HTTP/1.1 201 (6 bytes)")
        #expect(response.headers.description == "Location")
    }

    @Test func anErrorSaysWhatHappenedAndWhetherTheRequestWent() {
        let error = TransportError(kind: .timeout, wasSent: true, status: 201, message: "Operation timed out")
        #expect("\(error)" == "timeout after status 201, request sent: Operation timed out")
    }
}
