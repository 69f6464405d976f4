// Links that users cannot open, and the servers for which that is odd.

import Testing

@testable import Providers

@Suite struct InsideLinksTests {
    @Test(arguments: [
        ("localhost", HostReach.machine), ("ui.localhost", .machine), ("localhost.localdomain", .machine),
        ("127.0.0.1", .machine), ("127.8.8.8", .machine), ("127.1", .machine), ("0.0.0.0", .machine),
        ("2130706433", .machine), ("0x7f000001", .machine), ("[::1]", .machine), ("[::]", .machine),
        ("[0:0:0:0:0:0:0:1]", .machine), ("[::ffff:127.0.0.1]", .machine), ("localhost.", .machine),
        ("kratos", .cluster), ("kratos-public.ory.svc", .cluster), ("kratos.ory.svc.cluster.local", .cluster),
        ("kratos.ory.svc.k8s.example.com", .cluster), ("kratos.ory.svc.", .cluster),
        ("host.docker.internal", .cluster), ("ip-10-0-0-1.ec2.internal", .cluster),
        ("printer.local", .inside),
        ("kratos.service.consul", .cluster), ("10.0.0.5", .inside), ("172.16.0.1", .inside),
        ("172.31.255.255", .inside), ("192.168.1.1", .inside), ("169.254.1.1", .inside),
        ("100.64.0.1", .inside), ("[fd00::1]", .inside), ("[fe80::1%eth0]", .inside),
        ("[::ffff:10.0.0.1]", .inside),
        ("accounts.example.com", .anywhere), ("svc.example.com", .anywhere),
        ("internal.example.com", .anywhere),
        ("localhost.example.com", .anywhere), ("172.32.0.1", .anywhere), ("8.8.8.8", .anywhere),
        ("[2001:db8::1]", .anywhere), ("127.0.0.1.nip.io", .anywhere), ("mylocalhost.com", .anywhere),
    ])
    func aHostCanBeReachedFromSomewhere(_ host: String, _ reach: HostReach) {
        #expect(HostReach(host: host) == reach)
    }

    @Test(arguments: [
        ("https://kratos.example.com", "http://127.0.0.1:4455/recovery?flow=1", true),
        ("https://kratos.example.com", "http://kratos-ui.ory.svc/recovery?flow=1", true),
        ("https://kratos.example.com", "http://ui/recovery?flow=1", true),
        ("https://kratos.example.com", "https://ui.example.com/recovery?flow=1", false),
        ("https://kratos.example.com", "/recovery?flow=1", false),
        ("http://kratos-admin.ory.svc:4434", "http://localhost:4455/recovery", true),
        ("http://10.1.2.3:4434", "http://127.0.0.1:4455/recovery", true),
        // A private network may have the server and its users.
        ("http://kratos-admin.ory.svc:4434", "https://sso.corp.internal/recovery", false),
        ("http://kratos-admin.ory.svc:4434", "https://ui.example.com/recovery", false),
        ("http://127.0.0.1:4434", "http://127.0.0.1:4455/recovery", false),
        // A forwarded port.
        ("http://localhost:4434", "http://kratos-ui.ory.svc/recovery", true),
        ("http://127.0.0.1:4434", "http://kratos-ui/recovery", true),
        ("http://127.0.0.1:4434", "http://10.0.0.5/recovery", false),
        ("http://127.0.0.1:4434", "http://ui.home.lan/recovery", false),
        ("unix:/run/kratos.sock", "http://127.0.0.1:4455/recovery", false),
    ])
    func aLinkIntoTheInsideIsRemarkedOnWhereTheServerIsElsewhere(
        _ server: String,
        _ link: String,
        _ isRemarked: Bool
    ) throws {
        let links = InsideLinks(server: try ServerURL(server))
        #expect((links.remark(on: link) != nil) == isRemarked)
        // Those that begin like it are not looked at again.
        #expect(links.remark(on: link + "2") == nil || !link.contains("//"))
    }

    @Test func theRemarkSaysWhatToSetAndShowsNoLink() throws {
        let links = InsideLinks(server: try ServerURL("https://kratos.example.com:4434"))
        let remark = try #require(links.remark(on: "http://localhost:4455/recovery?flow=1&token=CANARY"))
        #expect(remark.kind == .inside)
        for words in [
            "localhost", "kratos.example.com", "selfservice.flows.recovery.ui_url", "serve.public.base_url",
        ] { #expect("\(remark)".contains(words)) }
        #expect(!"\(remark)".contains("CANARY"))
    }
}
