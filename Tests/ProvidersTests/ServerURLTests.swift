// Base URLs as people type them.

import Providers
import Testing
import Model

@Suite struct ServerURLTests {
    @Test(arguments: [
        ("http://localhost:4434", "http://localhost:4434"),
        ("http://localhost:4434/", "http://localhost:4434"),
        ("http://localhost:4434///", "http://localhost:4434"),
        ("HTTP://LocalHost:4434", "http://localhost:4434"),
        ("http://localhost:80", "http://localhost"),
        ("https://localhost:80", "https://localhost:80"),
        ("https://Kratos.Example.COM:443/", "https://kratos.example.com"),
        ("http://localhost:443", "http://localhost:443"),
        ("https://apis.example.com/IAM/", "https://apis.example.com/IAM"),
        ("https://apis.example.com/a%20b/c", "https://apis.example.com/a%20b/c"),
        ("https://apis.example.com/a b", "https://apis.example.com/a%20b"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:4434/", "http://[::1]:4434"),
        ("http://localhost:65535", "http://localhost:65535"),
        ("http://localhost:", "http://localhost"),
    ])
    func oneServerIsWrittenInOneWay(_ argument: String, _ text: String) throws {
        let url = try ServerURL(argument)
        #expect(url.text == text)
        #expect("\(url)" == text)
        #expect(try ServerURL(text) == url)
    }

    @Test(arguments: [
        ("", "cannot be read"),
        ("localhost", "cannot be read"),
        ("localhost:4434", "only http and https"),
        ("/admin", "cannot be read"),
        ("ftp://localhost", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("unix:", "its whole path"),
        ("unix:run/kratos.sock", "its whole path"),
        ("unix:/run/", "its whole path"),
        ("unix:/" + String(repeating: "x", count: 107), "longer than 107 bytes"),
        ("http://", "no host"),
        ("http:///admin", "no host"),
        ("https:localhost", "no host"),
        ("http://user@localhost", "user name or password"),
        ("http://user:pass@localhost", "user name or password"),
        ("http://:pass@localhost", "user name or password"),
        ("http://localhost?x=1", "query"),
        ("http://localhost/?", "query"),
        ("http://localhost#top", "fragment"),
        ("http://localhost:0", "port"),
        ("http://localhost:65536", "port"),
        ("http://localhost:99999999999999999999", "port"),
        ("http://localhost:x", "cannot be read"),
        ("http://local host", "cannot be read"),
        ("http://localhost\n", "cannot be read"),
        (" http://localhost", "cannot be read"),
        ("http://[::1", "cannot be read"),
    ])
    func whatIsNoBaseURLIsRefusedInWords(_ argument: String, _ word: String) throws {
        let refusal = #expect(throws: ServerURL.Refusal.self) { try ServerURL(argument) }
        #expect(refusal?.description.contains(word) == true, "\(refusal?.description ?? "")")
    }

    @Test func aPasswordIsNotRepeated() {
        let refusal = #expect(throws: ServerURL.Refusal.self) { try ServerURL("http://me:hunter2@localhost") }
        #expect(refusal?.description.contains("hunter2") == false)
    }

    @Test(arguments: [
        ("unix:/run/kratos.sock", "/run/kratos.sock"), ("unix:///run/kratos.sock", "/run/kratos.sock"),
        ("unix:/Run/With Blank.sock", "/Run/With Blank.sock"),
        ("unix:/" + String(repeating: "x", count: 106), "/" + String(repeating: "x", count: 106)),
    ])
    func aSocketIsNamedByItsPath(_ argument: String, _ path: String) throws {
        let url = try ServerURL(argument)
        #expect(url.text == "unix:\(path)")
        #expect(url.unixSocketPath == path)
        #expect(url.requestBase == "http://localhost")
        #expect(url.isLoopback && url.isConfidential)
        #expect(try ServerURL(url.text) == url)
    }

    @Test func aURLIsWhatItsRequestsBeginWith() throws {
        let url = try ServerURL("https://apis.example.com/iam/")
        #expect(url.requestBase == "https://apis.example.com/iam")
        #expect(url.unixSocketPath == nil)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "a.localhost", "a.b.localhost", "127.0.0.1", "127.0.0.2", "127.255.255.255",
        "[::1]",
    ])
    func theMachineItselfIsConfidential(_ host: String) throws {
        let url = try ServerURL("http://\(host):4434")
        #expect(url.isLoopback && url.isConfidential)
        #expect(try ServerURL("https://\(host)").isLoopback)
    }

    @Test(arguments: [
        "127.0.0.1.example.com", "localhost.example.com", "notlocalhost", "128.0.0.1", "10.0.0.1", "0.0.0.0",
        "127.0.0.256", "127.0.0", "127.0.0.1.1", "127.0.0.+1", "1127.0.0.1", "[::2]", "[fe80::1]",
        "kratos.example.com",
    ])
    func whatIsElsewhereIsConfidentialOnlyByTLS(_ host: String) throws {
        let plain = try ServerURL("http://\(host)")
        #expect(!plain.isLoopback && !plain.isConfidential)
        let encrypted = try ServerURL("https://\(host)")
        #expect(!encrypted.isLoopback && encrypted.isConfidential)
    }
}
