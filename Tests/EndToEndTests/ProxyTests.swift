// Proxies that refuse: who they are, who named them, and what to do.

import IdentitySimulator
import Programs
import Testing

extension EndToEndTests {
    @Suite struct ProxyTests {
        /// A run through a proxy that answers 407 to everything.
        private func refused(
            _ arguments: [String] = [],
            _ environment: (_ proxy: String) -> [String: String],
            says words: [String]
        ) async throws {
            let configure = { (configuration: inout SimulatorConfiguration) in
                configuration.script = { $0.identity == nil ? nil : .answer(Answer(status: 407)) }
            }
            try await Scene.with(identities: 30, configure: configure) { scene in
                let port = scene.simulator.adminURL.split(separator: ":").last ?? ""
                let proxy = "user:hunter2@127.0.0.1:\(port)"
                let run = try await scene.run(arguments, environment: environment(proxy))
                #expect(run.status == 1, "\(run.words)")
                for word in words + ["http://127.0.0.1:\(port)", "407", "LATCHSTRING_PROXY"] {
                    #expect(run.stderr.contains(word), "\(run.stderr)")
                }
                #expect(!run.words.contains("hunter2"))
                let summary = try scene.summary()
                #expect(summary["failed"] == 0 && summary["pending"] == 30)
                #expect(summary.text("stopped_because") == "proxy_refused")
            }
        }

        @Test(arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
        func theVariableThatNamesItIsTold(_ variable: String) async throws {
            try await refused([], { [variable: "http://\($0)"] }, says: ["(from \(variable))"])
        }

        @Test func ourOwnVariableIsTold() async throws {
            try await refused([], { ["LATCHSTRING_PROXY": $0] }, says: ["(from LATCHSTRING_PROXY)"])
        }

        /// What the environment exempts goes to the server itself.
        @Test(arguments: ["*", "127.0.0.1", "example.org, 127.0.0.1", "127.0.0.0/8"])
        func aHostThatIsExemptIsAskedDirectly(_ exempt: String) async throws {
            try await Scene.with(identities: 3) { scene in
                let run = try await scene.run(
                    environment: ["http_proxy": "http://127.0.0.1:1", "no_proxy": exempt]
                )
                #expect(run.status == 0, "\(run.words)")
            }
        }

        @Test func aProxyThatIsNotThereIsNamed() async throws {
            try await Scene.with(identities: 3) { scene in
                let run = try await scene.run(environment: ["http_proxy": "http://user:hunter2@127.0.0.1:1"])
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("through the proxy http://127.0.0.1:1 (from http_proxy)"))
                #expect(!run.words.contains("hunter2"))
            }
        }
    }
}
