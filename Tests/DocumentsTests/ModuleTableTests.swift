// CONTRIBUTING's table of modules against Package.swift.

import Foundation
import Testing

@Suite struct ModuleTableTests {
    private static let project = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(of name: String) throws -> String {
        try String(contentsOf: project.appending(path: name), encoding: .utf8)
    }

    @Test func theTableSaysWhatThePackageSays() throws {
        let package = ModuleImports(package: try Self.text(of: "Package.swift"))
        let table = ModuleImports(contributing: try Self.text(of: "CONTRIBUTING.md"))
        #expect(package.imports.count > 20)
        #expect(table.imports.keys.sorted() == package.imports.keys.sorted())
        for (module, imports) in package.imports {
            #expect(table.imports[module] == imports, "\(module)")
        }
    }

    @Test func everyModuleThatIsNamedIsOne() throws {
        let package = ModuleImports(package: try Self.text(of: "Package.swift"))
        let known = Set(package.imports.keys).union(package.packages)
        for (module, imports) in package.imports {
            #expect(imports.subtracting(known).isEmpty, "\(module)")
        }
    }

    @Test func declarationsAreReadInAllTheirForms() {
        let text = """
            static let yams = product(name: "Yams", package: "Yams")
            static func nio(_ name: String) -> Target.Dependency {
                product(name: name, package: "swift-nio")
            }
            // module("Old", ["Gone"]),
            module("A", []),
            module(
                "B",
                ["A", .nio("NIOCore"), .nio("NIOPosix"), .yams]
            ),
            program("c", ["A", "B"]),
            .target(name: "D", linkerSettings: [.linkedLibrary("curl")]),
            .target(
                name: "E",
                dependencies: ["A"],
                path: "Tests/E"
            ),
            tests(of: "A", ["A"]),
            """
        let read = ModuleImports(package: text)
        #expect(read.packages == ["Yams", "swift-nio"])
        #expect(
            read.imports == [
                "A": [], "B": ["A", "swift-nio", "Yams"], "c": ["A", "B"], "D": [], "E": ["A"],
            ]
        )
    }

    @Test func rowsAreReadFromTheTableOnly() {
        let text = """
            | term | meaning | may |
            |---|---|---|
            | `x` | y | `z` |

            ## Modules
            | module | what it is | may import |
            |---|---|---|
            | `A` | with `code` in it | – |
            | `B` | b | `A`, swift-nio |

            ## Next
            | `x` | y | `z` |
            """
        #expect(ModuleImports(contributing: text).imports == ["A": [], "B": ["A", "swift-nio"]])
    }
}

/// What each module may import: modules by their names, dependencies by those of their packages.
private struct ModuleImports {
    private(set) var imports: [String: Set<String>] = [:]
    /// The packages that products come from.
    private(set) var packages: Set<String> = []

    /// - Parameter package: the text of `Package.swift`, of which the targets that are no tests count.
    init(package: String) {
        let text = package.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }
            .joined(separator: "\n")
        var products: [Substring: Substring] = [:]
        let constants = #/static let (\w+) = product\(name: "[^"]*", package: "([^"]+)"\)/#
        for match in text.matches(of: constants) { products[match.1] = match.2 }
        let functions = #/static func (\w+)\([^{]*\{\s*product\(name: name, package: "([^"]+)"\)/#
        for match in text.matches(of: functions) { products[match.1] = match.2 }
        packages = Set(products.values.map(String.init))

        let short = #/\b(?:module|program)\(\s*"([^"]+)",\s*\[([^\]]*)\]/#
        for match in text.matches(of: short) { add(match.1, match.2, products) }
        let long = #/\.(?:target|executableTarget)\(\s*name: "([^"]+)"(?:,\s*dependencies: \[([^\]]*)\])?/#
        for match in text.matches(of: long) { add(match.1, match.2 ?? "", products) }
    }

    /// - Parameter contributing: the text of `CONTRIBUTING.md`.
    init(contributing: String) {
        let lines = contributing.split(separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { $0 != "## Modules" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        for line in section {
            let row = #/\| `([^`]+)` \| .* \| ([^|]*) \|/#
            guard let match = line.wholeMatch(of: row) else { continue }
            let names = match.2.split(separator: ",").map {
                $0.trimmingCharacters(in: .init(charactersIn: " `"))
            }
            imports[String(match.1)] = Set(names.filter { $0 != "–" })
        }
    }

    private mutating func add(_ name: Substring, _ list: Substring, _ products: [Substring: Substring]) {
        let names = list.matches(of: #/\.(\w+)(?:\("[^"]*"\))?|"([^"]+)"/#).map { match in
            if let product = match.1 { String(products[product] ?? product) } else { String(match.2 ?? "") }
        }
        imports[name.description] = Set(names)
    }
}
