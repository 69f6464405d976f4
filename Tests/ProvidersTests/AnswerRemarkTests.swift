// Which host a link leads to, and what is said of two.

import Testing

@testable import Providers

@Suite struct AnswerRemarkTests {
    @Test(
        arguments: [
            ("https://ui.example.com/recovery?flow=1", "ui.example.com"),
            ("HTTP://UI.Example.com", "ui.example.com"),
            ("https://ui.example.com:8443/r", "ui.example.com"),
            ("https://ui.example.com?x=//y/", "ui.example.com"),
            ("https://ui.example.com#a@evil.example", "ui.example.com"),
            ("https://user:word@ui.example.com/r", "ui.example.com"),
            ("https://ui.example.com@evil.example/r", "evil.example"),
            ("https://ui.example.com\\\\@evil.example/r".replacing("\\\\", with: "\\"), "ui.example.com"),
            ("//ui.example.com/r", "ui.example.com"),
            ("http://[::1]:4433/r", "[::1]"),
            ("/self-service/recovery?flow=1", nil), ("/r?to=https://ui.example.com/", nil), ("r//x", nil),
            ("https:///r", nil), ("", nil),
        ] as [(String, String?)]
    )
    func aLinkHasAHostOrNone(_ link: String, _ host: String?) {
        #expect(LinkHosts.host(of: link) == host)
    }

    @Test func aHostIsShownOnOneLineOfBoundedLength() throws {
        let host = try #require(LinkHosts.host(of: "https://\u{9b}x\(String(repeating: "y", count: 5000))/"))
        #expect(host.hasPrefix(" xy") && host.count == 255)
    }

    @Test func theFirstLinkWithAHostIsTheOneToBeLike() {
        let hosts = LinkHosts()
        #expect(hosts.remark(on: "/r?flow=1") == nil)
        #expect(hosts.remark(on: "https://a.example/r?flow=2") == nil)
        #expect(hosts.remark(on: "http://A.example:80/r?flow=3") == nil)
        #expect(
            hosts.remark(on: "https://b.example/r?flow=4")
                == .otherHost(first: "a.example", other: "b.example")
        )
        #expect(hosts.remark(on: "https://a.example/r?flow=5") == nil)
        #expect(hosts.remark(on: "https://a.example.evil/r?flow=6") != nil)
    }

    @Test(arguments: [
        ("https://a.example", "https://a.example.evil/", false),
        ("https://a.example?r=/1", "https://a.example?r=/2", true),
        ("https://a.example\\r/x/1", "https://a.example\\r/x/2", true),
        ("//a.example/r", "//a.example/s", true),
        ("https://u:p@a.example/r", "https://u:p@b.example/r", false),
    ])
    func beginningAlikeIsTheSameHostOnlyBehindTheHost(_ first: String, _ other: String, _ isSame: Bool) {
        let hosts = LinkHosts()
        #expect(hosts.remark(on: first) == nil)
        #expect((hosts.remark(on: other) == nil) == isSame)
    }

    @Test func aRemarkNamesBothHosts() {
        let remark = AnswerRemark.otherHost(first: "a.example", other: "b.example")
        #expect("\(remark)".contains("the first to a.example, another to b.example"))
    }
}
