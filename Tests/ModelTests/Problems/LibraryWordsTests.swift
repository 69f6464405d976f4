// Libraries speak of settings as values: how an option is spelled only the command line knows.

import Foundation
import Testing

@Suite struct LibraryWordsTests {
    /// Every module but the programs, and the simulator, which is a program in a module.
    private static let modules: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: sources.path)
        return (names ?? []).filter { name in
            guard !["latchstring", "kratos-simulator", "IdentitySimulator"].contains(name) else {
                return false
            }
            return !swiftFiles(of: name).isEmpty
        }.sorted()
    }()

    /// Options of other programs, and the comments of key files, which are a format.
    private static let allowed = [
        "use --format json or -q", "latchstring run --seal-to;", "latchstring export --unseal-with;",
    ]

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources").standardizedFileURL

    @Test(arguments: modules)
    func noLibraryNamesAnOption(_ module: String) throws {
        let folder = Self.sources.appending(path: module)
        for file in Self.swiftFiles(of: module) {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where Self.namesAnOption(line) {
                Issue.record("\(module)/\(file):\(index + 1) names an option: \(line)")
            }
        }
    }

    private static func swiftFiles(of module: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: sources.appending(path: module).path)
        return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
    }

    @Test func allLibrariesAreLookedThrough() {
        #expect(Self.modules.count > 13 && Self.modules.contains("Model") && Self.modules.contains("Work"))
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
