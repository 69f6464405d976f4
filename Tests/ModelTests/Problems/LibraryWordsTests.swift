// Libraries speak of settings as values: how an option is spelled only the command line knows.

import Foundation
import Testing

@Suite struct LibraryWordsTests {
    private static let modules = [
        "Campaign", "Doctor", "Drill", "Exports", "Files", "HTTPTransport", "Ledger", "Model", "Pacing",
        "Providers", "Roster", "SQLiteLedger", "Sealing", "Work",
    ]

    /// Options of other programs, and the comments of key files, which are a format.
    private static let allowed = [
        "use --format json or -q", "latchstring run --seal-to;", "latchstring export --unseal-with;",
    ]

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources").standardizedFileURL

    @Test(arguments: modules)
    func noLibraryNamesAnOption(_ module: String) throws {
        let folder = Self.sources.appending(path: module)
        let files = try #require(FileManager.default.enumerator(atPath: folder.path))
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        #expect(!files.isEmpty)
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where Self.namesAnOption(line) {
                Issue.record("\(module)/\(file):\(index + 1) names an option: \(line)")
            }
        }
    }

    private static func namesAnOption(_ line: Substring) -> Bool {
        let code = line.drop { $0 == " " }
        guard !code.hasPrefix("//"), code.contains("\""), !allowed.contains(where: code.contains) else {
            return false
        }
        return code.firstMatch(of: #/(^|[^-\w])--[a-z]/#) != nil || code.contains("LATCHSTRING_")
    }

    @Test func anOptionIsFound() {
        #expect(
            Self.namesAnOption(#"    "check --server and""#) && Self.namesAnOption(#""LATCHSTRING_PROXY""#)
        )
        #expect(!Self.namesAnOption(#"// "check --server""#) && !Self.namesAnOption(#""-----BEGIN""#))
    }
}
