// An error that a person may get to read is a problem; the others are listed here, with who deals with them.

import Foundation
import Testing

@Suite struct ErrorTypesTests {
    /// Errors that no person reads.
    private static let inner: Set = [
        // Translated where they are caught.
        "InUse", "KeyTextError", "LetterFault", "MalformedJSON", "SMTPRefusal", "SealingError",
        "SelfServiceRefusal", "Stopped", "TransportError", "UnexpectedValue", "UnsendableMail",
        // Of one file.
        "Failure", "LookaheadEnd", "Refusal",
    ]

    /// The simulator is another program, which shares nothing with this one.
    private static let simulator = ["IdentitySimulator", "kratos-simulator"]

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources").standardizedFileURL

    /// The names of types that are declared as errors in a text, and whether they are problems.
    private static func errorTypes(in text: String) -> [(name: String, isProblem: Bool)] {
        let coded = text.matches(of: #/typealias (\w+) = CodedError</#).map { (String($0.1), true) }
        let declared = text.matches(of: #/(?:struct|enum|class|extension) ([\w.]+): ([\w, .&]+)/#).compactMap
        {
            match -> (name: String, isProblem: Bool)? in
            let protocols = match.2.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard protocols.contains("Error") || protocols.contains("ProblemError") else { return nil }
            let name = match.1.split(separator: ".").last.map(String.init) ?? ""
            return (name, protocols.contains("ProblemError"))
        }
        return declared.map { ($0, $1) } + coded
    }

    @Test func anErrorForPeopleIsAProblem() throws {
        let files = try #require(FileManager.default.enumerator(atPath: Self.sources.path))
            .compactMap { $0 as? String }
            .filter { file in
                file.hasSuffix(".swift") && !Self.simulator.contains { file.hasPrefix($0 + "/") }
            }
        var (found, problems): (Set<String>, Set<String>) = ([], [])
        for file in files {
            let text = try String(contentsOf: Self.sources.appending(path: file), encoding: .utf8)
            for type in Self.errorTypes(in: text) {
                if type.isProblem { problems.insert(type.name) } else { found.insert(type.name) }
            }
        }
        #expect(found == Self.inner)
        #expect(problems.contains("FileError") && problems.contains("CommandFailure"))
    }

    @Test func errorTypesAreFound() {
        let text = "struct A: Error, Sendable {\nenum B: Hashable, ProblemError {\nstruct C: Sendable {"
        let types = Self.errorTypes(in: text)
        #expect(types.map(\.name) == ["A", "B"] && types.map(\.isProblem) == [false, true])
    }
}
