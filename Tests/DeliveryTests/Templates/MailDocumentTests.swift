import Delivery
import Foundation
import Testing

/// `docs/mail.md` against what there is.
@Suite struct MailDocumentTests {
    private static func page() throws -> String {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: project.appending(path: "docs/mail.md"), encoding: .utf8)
    }

    @Test func everyFieldIsInIt() throws {
        let page = try Self.page()
        #expect(MailField.allCases.map(\.rawValue).filter { !page.contains("`\($0)`") } == [])
    }

    @Test func everyFindingIsInIt() throws {
        let page = try Self.page()
        #expect(MailFinding.Kind.allCases.map(\.rawValue).filter { !page.contains("`\($0)`") } == [])
    }
}
