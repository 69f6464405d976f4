// docs/nightly.md against the settings, the exit codes and the README.

import Foundation
import Testing

@Suite struct NightlyPageTests {
    private static let project = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(of name: String) throws -> String {
        try String(contentsOf: project.appending(path: name), encoding: .utf8)
    }

    /// The blocks of code in one language.
    private static func blocks(_ language: String, in page: String) -> [Substring] {
        let block = try? Regex(#"```\#(language)\n([\s\S]*?)```"#, as: (Substring, Substring).self)
        return block.map { page.matches(of: $0).map(\.output.1) } ?? []
    }

    /// The settings that there are, by their headings: `### \`--rate <n/s>\``.
    private static func settings() throws -> Set<String> {
        let names = try text(of: "SETTINGS.md").matches(of: #/(?m)^### `--([a-z-]+)/#)
        return Set(names.map { String($0.output.1) })
    }

    @Test func everySettingOfThePageIsOne() throws {
        let page = try Self.text(of: "docs/nightly.md")
        let settings = try Self.settings()
        #expect(settings.count > 50)
        let yaml = try #require(Self.blocks("yaml", in: page).first)
        let keys = yaml.matches(of: #/(?m)^([a-z-]+):/#).map { String($0.output.1) }
        let options = page.matches(of: #/ --([a-z-]+)/#).map { String($0.output.1) }
            .filter { $0 != "now" && $0 != "all" }
        let variables = page.matches(of: #/LATCHSTRING_([A-Z_]+)/#)
            .map { $0.output.1.lowercased().replacing("_", with: "-") }.filter { $0 != "api-key" }
        #expect(keys.count > 8 && options.count > 3 && variables == ["output-dir"])
        for name in keys + options + variables { #expect(settings.contains(name), "\(name)") }
    }

    @Test func itTellsWhatEveryExitCodeMeans() throws {
        func codes(_ text: String) -> [String] {
            text.matches(of: #/(?m)^\| ([0-9]+(?:, [0-9]+)?) \|/#).map { String($0.output.1) }
        }
        let readme = codes(try Self.text(of: "README.md"))
        #expect(readme.count == 8)
        #expect(codes(try Self.text(of: "docs/nightly.md")) == readme)
    }

    @Test func theUnitsAndTheJobRunTheSameCommand() throws {
        let page = try Self.text(of: "docs/nightly.md")
        let units = Self.blocks("ini", in: page)
        #expect(units.count == 2 && units[0].contains("\nType=oneshot\n"))
        #expect(units[0].contains("\nExecStart=/usr/local/bin/latchstring run roster.csv --quiet"))
        // systemd refuses this one for such a service.
        #expect(!units[0].contains("RestartForceExitStatus"))
        let job = try #require(Self.blocks("yaml", in: page).last)
        #expect(job.contains("kind: CronJob") && job.contains("fsGroupChangePolicy: OnRootMismatch"))
        #expect(!job.contains("\t"))
        #expect(
            Self.blocks("crontab", in: page).first?.contains("latchstring run roster.csv --quiet") == true
        )
    }

    @Test func theReadmeLeadsToIt() throws {
        let readme = try Self.text(of: "README.md")
        let links = readme.matches(of: #/\]\(([^)#:]+)\)/#).map { String($0.output.1) }
        #expect(links.contains("docs/nightly.md"))
        for link in links {
            let path = Self.project.appending(path: link).path
            #expect(FileManager.default.fileExists(atPath: path), "\(link)")
        }
    }
}
