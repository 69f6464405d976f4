// How a run is logged, as it is set.

import ArgumentParser
import Logging
import Testing

@testable import latchstring

@Suite struct LogSettingsTests {
    private func settings(_ texts: [String: String]) -> Settings {
        Settings(typed: texts.mapValues { [$0] })
    }

    @Test func withoutAnyThereIsALog() throws {
        let log = try #require(try LogSettings(settings([:])))
        #expect(log.path == nil && log.format == .json && log.level == .info)
        #expect(log.sizeMax == 10 << 20 && !log.keepsIdentities)
    }

    @Test(arguments: [
        ("64K", 65_536), ("65536", 65_536), ("1m", 1_048_576), ("1G", 1_073_741_824), ("2G", 2_147_483_647),
    ])
    func sizes(_ text: String, _ bytes: Int) throws {
        #expect(try LogSettings(settings(["log-max-size": text]))?.sizeMax == bytes)
    }

    @Test(arguments: ["", "K", "10", "63K", "3G", "-1M", "1.5M", "9223372036854775807G", "10MB"])
    func noSizes(_ text: String) {
        #expect(throws: ValidationError.self) { try LogSettings(settings(["log-max-size": text])) }
    }

    @Test(arguments: [("log-level", "loud"), ("log-format", "xml")]) func noSuchValue(
        _ name: String,
        _ value: String
    ) {
        #expect(throws: ValidationError.self) { try LogSettings(settings([name: value])) }
    }

    @Test func noneIsNoLog() throws {
        #expect(try LogSettings(settings(["log": "none"])) == nil)
    }
}
