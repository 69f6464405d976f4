// The live suite on a simulated server, always; and on a real one, where the environment names it.

import IdentitySimulator
import Testing

extension EndToEndTests {
    @Suite struct LiveSimulatorTests {
        @Test(arguments: [false, true])
        func theLiveSuitePassesOnTheSimulatorInBothModes(_ usesTransitions: Bool) async throws {
            var configuration = SimulatorConfiguration()
            configuration.identities = .listed([])
            configuration.selfService.usesTransitions = usesTransitions
            let simulator = try await IdentitySimulator.start(configuration)
            do {
                try await LiveSuite.run(
                    on: LiveServer(adminURL: simulator.adminURL, publicURL: simulator.publicURL)
                )
            } catch {
                try? await simulator.stop()
                throw error
            }
            try await simulator.stop()
        }
    }

    /// What `scripts/test-live` runs.
    @Suite(
        .enabled(
            if: LiveServer.fromEnvironment != nil,
            "no server is named by LATCHSTRING_LIVE_ADMIN and _PUBLIC"
        )
    )
    struct LiveServerTests {
        @Test func theLiveSuitePassesOnTheServer() async throws {
            try await LiveSuite.run(on: try #require(LiveServer.fromEnvironment))
        }
    }
}
