// Files of formats, written by the real program and read by programs of others (Tests/FormatCheckers).

import Foundation
import Programs
import TestSupport
import Testing
import Model

/// The programs that formats are held against, which scripts/test installs.
private enum FormatCheckers {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL
    static let script = root.appending(path: "Tests/FormatCheckers/check.py").path

    /// The environment's Python; nil where it could not be made.
    static let python: String? = {
        let folder = root.appending(path: ".build-python").path
        let isWhole = FileManager.default.fileExists(atPath: "\(folder)/requirements.txt")
        return isWhole ? "\(folder)/bin/python" : nil
    }()

    static let reason: Comment =
        "skipped: scripts/test could not install the programs that formats are held against (no network?)"

    static let names = ["tables", "people", "xlsx", "ses", "brevo", "klaviyo", "mailmerge", "anymail"]
}

extension EndToEndTests {
    @Suite struct FormatTests {
        private static let formats = [
            "listmonk", "keila", "mailchimp", "sendgrid-contacts", "brevo-contacts", "hubspot", "customerio",
            "mautic", "phplist", "activecampaign", "mailmerge", "ses", "sendgrid", "postmark", "mailgun",
            "brevo", "mailjet", "mailchimp-api", "klaviyo", "xlsx", "spreadsheet", "jsonl",
        ]
        private static let firstNames = [
            "Irina", "Ayşe", "李", "O'Neil", "'Bo'", "Ann \"\"A\"\"", "Jürgen", "",
        ]
        private static let lastNames = ["Szabó", "\"Smith, Jr.\"", "=Sum", "R&D"]

        private static func options(_ format: String) -> [String] {
            [
                "--format", format, "--from", "Team <it@example.com>", "--template",
                format == "sendgrid" ? "d-7" : "7",
            ]
        }

        @Test(.enabled(if: FormatCheckers.python != nil, FormatCheckers.reason))
        func programsOfOthersReadWhatIsWritten() async throws {
            let python = try #require(FormatCheckers.python)
            try await Scene.with(identities: 120) { scene in
                let rows = scene.identities.enumerated().map { index, identity in
                    let first = Self.firstNames[index % Self.firstNames.count]
                    return [
                        identity.text, "user\(index)@example.org", "\"\(first)\"",
                        Self.lastNames[index % Self.lastNames.count], ["de", "en", ""][index % 3],
                    ].joined(separator: ",")
                }
                let header = "identity_id,email,first_name,last_name,locale\n"
                try scene.write(header + rows.joined(separator: "\n") + "\n", to: scene.rosterPath)
                #expect(try await scene.run(["--quiet"]).status == 0)
                for format in Self.formats {
                    let export = try await scene.command("export", Self.options(format))
                    #expect(export.status == 0, "\(format): \(export.words)")
                }
                let check = try await Program.run(
                    program: python,
                    [FormatCheckers.script, scene.campaignFolder] + FormatCheckers.names
                )
                #expect(check.status == 0, "\(check.words)")
                let passed = check.stdout.split(separator: "\n").filter { $0.hasPrefix("ok ") }
                #expect(passed.count == FormatCheckers.names.count, "\(check.words)")
            }
        }

        @Test func aRunHandsOverInAFormat() async throws {
            try await Scene.with(identities: 3) { scene in
                let night = ["--hand-over", "--no-export", "--quiet", "--format", "listmonk"]
                try scene.write(roster: scene.identities)
                let run = try await scene.run(night)
                #expect(run.status == 0, "\(run.words)")
                let folder = "\(scene.campaignFolder)/handover"
                let files = try names(inFolder: folder).filter { !$0.hasPrefix(".") }
                #expect(
                    files.map { String($0.drop { $0 != "." }) } == [
                        ".csv", ".listmonk.csv", ".listmonk.manifest.json", ".manifest.json",
                    ]
                )
                let table = text(ofFile: "\(folder)/\(files[1])") ?? ""
                #expect(table.split(separator: "\n").count == 4)
                #expect(try await scene.run(night).status == 0)
                #expect(try names(inFolder: folder).filter { !$0.hasPrefix(".") } == files, "nobody is new")
            }
        }
    }
}
