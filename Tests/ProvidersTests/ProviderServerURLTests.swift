// What --server takes, provider by provider.

import Providers
import Testing
import Model

@Suite struct ProviderServerURLTests {
    @Test(arguments: [
        ("focused-bohr-a1b2c3", "https://focused-bohr-a1b2c3.projects.oryapis.com"),
        ("Focused-Bohr-A1B2C3", "https://focused-bohr-a1b2c3.projects.oryapis.com"),
        ("a", "https://a.projects.oryapis.com"),
        (
            String(repeating: "a", count: 63),
            "https://\(String(repeating: "a", count: 63)).projects.oryapis.com"
        ),
        ("focused-bohr-a1b2c3.projects.oryapis.com", "https://focused-bohr-a1b2c3.projects.oryapis.com"),
        ("auth.example.com", "https://auth.example.com"),
        ("Auth.Example.COM", "https://auth.example.com"),
        ("auth.example.com:8443", "https://auth.example.com:8443"),
        ("https://auth.example.com", "https://auth.example.com"),
        ("HTTPS://Auth.Example.com/", "https://auth.example.com"),
        ("https://auth.example.com/api/kratos/", "https://auth.example.com/api/kratos"),
        ("http://localhost:4000", "http://localhost:4000"),
        ("http://127.0.0.1:4000/", "http://127.0.0.1:4000"),
        ("localhost:4000", "https://localhost:4000"),
        ("[::1]:4000", "https://[::1]:4000"),
        ("unix:/run/ory.sock", "unix:/run/ory.sock"),
    ])
    func aProjectIsNamedInManyWays(_ argument: String, _ text: String) throws {
        #expect(try Provider.oryNetwork.serverURL(argument).text == text)
    }

    @Test(arguments: [
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", "a project's ID"),
        ("3F2504E0-4F89-41D3-9A0C-0305E82C3301", "a project's ID"),
        ("", "neither a URL nor a project's slug"),
        ("a b", "neither a URL nor a project's slug"),
        ("-bohr", "neither a URL nor a project's slug"),
        ("bohr-", "neither a URL nor a project's slug"),
        ("bohr_1", "neither a URL nor a project's slug"),
        ("böhr", "neither a URL nor a project's slug"),
        (String(repeating: "a", count: 64), "neither a URL nor a project's slug"),
        ("focused-bohr/", "no slash"),
        ("auth.example.com/", "no slash"),
        ("auth.example.com/admin", "no slash"),
        ("/run/ory.sock", "no slash"),
        ("me:hunter2@auth.example.com", "user name or password"),
        ("me@auth.example.com", "user name or password"),
        ("ftp://auth.example.com", "only http and https"),
        ("https://", "no host"),
        ("unix:ory.sock", "its whole path"),
    ])
    func whatIsNoProjectIsRefusedInWords(_ argument: String, _ words: String) {
        let refusal = #expect(throws: ServerURL.Refusal.self) { try Provider.oryNetwork.serverURL(argument) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
        #expect(refusal?.description.contains("hunter2") != true)
    }

    @Test func aPasswordBesideASlashIsNotRepeated() {
        let refusal = #expect(throws: ServerURL.Refusal.self) {
            try Provider.oryNetwork.serverURL("me:hunter2@auth.example.com/x")
        }
        #expect(refusal?.description.contains("hunter2") == false)
    }

    @Test(arguments: [Provider.kratos, .connhex], ["focused-bohr-a1b2c3", "auth.example.com", ""])
    func onlyOryNetworkKnowsProjects(_ provider: Provider, _ argument: String) {
        #expect(throws: ServerURL.Refusal.self) { try provider.serverURL(argument) }
    }

    @Test(arguments: Provider.all)
    func everyProviderTakesAURLOrASocket(_ provider: Provider) throws {
        #expect(try provider.serverURL("https://Apis.Example.com/").text == "https://apis.example.com")
        #expect(try provider.serverURL("unix:/run/x").unixSocketPath == "/run/x")
    }
}
