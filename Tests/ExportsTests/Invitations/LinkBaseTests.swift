import Exports
import Testing

@Suite struct LinkBaseTests {
    @Test(arguments: [
        "https://app.example", "https://app.example/", "http://localhost:4433/base/",
        "HTTPS://APP.example/x?y",
        "https://[::1]:8080/a",
    ])
    func anAbsoluteWebAddressIsABase(_ text: String) {
        #expect(LinkBase(text)?.text == text)
    }

    @Test(arguments: [
        "", "app.example", "/recovery", "//app.example", "ftp://app.example", "mailto:a@b", "https://",
        "https:/x",
    ])
    func anythingElseIsNone(_ text: String) {
        #expect(LinkBase(text) == nil)
    }

    // RFC 3986, 5.4.1 and 5.4.2, with its base.
    @Test(arguments: [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"),
        ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/../x", "http://a/b/c/g#s/../x"),
    ])
    func resolvesAsTheRFCSays(_ link: String, _ resolved: String) throws {
        #expect(LinkBase.isRelative(link))
        #expect(try #require(LinkBase("http://a/b/c/d;p?q")).resolve(link) == resolved)
    }

    @Test(arguments: [
        (
            "https://app.example", "/self-service/recovery?flow=1&token=Ab%2B_-~",
            "https://app.example/self-service/recovery?flow=1&token=Ab%2B_-~"
        ),
        (
            "https://app.example/kratos/", "self-service/recovery?flow=1",
            "https://app.example/kratos/self-service/recovery?flow=1"
        ),
        (
            "https://app.example:8443/x", "/recovery?next=https://b.example/y",
            "https://app.example:8443/recovery?next=https://b.example/y"
        ),
        ("https://app.example", "/recovery#a:b", "https://app.example/recovery#a:b"),
    ])
    func resolvesWhatServersSend(_ base: String, _ link: String, _ resolved: String) throws {
        #expect(try #require(LinkBase(base)).resolve(link) == resolved)
    }

    @Test(arguments: [
        "https://b.example/recovery?flow=1&token=x", "http://b.example", "HTTPS://B.example/ü",
        "myapp:recovery?x",
        "mailto:a@b.example",
    ])
    func anAbsoluteLinkStaysAsItIs(_ link: String) throws {
        #expect(!LinkBase.isRelative(link))
        #expect(try #require(LinkBase("http://a/b/c/d;p?q")).resolve(link) == link)
    }

    @Test func noLinkIsNoRelativeLink() throws {
        #expect(!LinkBase.isRelative(""))
        #expect(try #require(LinkBase("http://a/b/c/d;p?q")).resolve("") == "")
    }

    @Test(arguments: ["#a:b", "?a:b", "/a:b", "./a:b"])
    func aColonAfterTheFirstSegmentIsNoScheme(_ link: String) {
        #expect(LinkBase.isRelative(link))
    }
}
