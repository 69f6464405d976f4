// SETTINGS.md says what the records say.

import Foundation
import Testing

@testable import latchstring

@Suite struct SettingsReferenceTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../SETTINGS.md").standardizedFileURL

    @Test func theReferenceIsMadeOfTheRecords() throws {
        if ProcessInfo.processInfo.environment["LATCHSTRING_WRITE_REFERENCE"] == "1" {
            try SettingsReference.text.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.path, encoding: .utf8)
        #expect(
            written == SettingsReference.text,
            "SETTINGS.md differs from the settings' records; to write it anew: \(SettingsReference.command)"
        )
    }

    @Test(arguments: NamedRecord.all)
    func everySettingHasItsPlaceInIt(_ named: NamedRecord) {
        let facts = named.facts
        let text = SettingsReference.text
        #expect(
            text.contains(facts.levels.contains(.environment) ? "`\(facts.variable)`" : "--\(facts.name)")
        )
        #expect(!facts.levels.contains(.file) || text.contains("key: `\(facts.name)` · "))
        let headings = text.split(separator: "\n").filter { line in
            line.hasPrefix("### `--\(facts.name)`") || line.hasPrefix("### `--\(facts.name) ")
                || line == "### `<\(facts.name)>`" || line == "### `\(facts.variable)`"
        }
        #expect(headings.count == 1, "\(headings)")
    }
}
