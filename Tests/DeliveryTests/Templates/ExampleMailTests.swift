import Delivery
import Foundation
import Model
import Testing

/// The templates in `input/mail`.
@Suite struct ExampleMailTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "input/mail").path

    private static let secrets = [
        ("000331", "https://id.example.org/r?a=1&b=2"), ("000331", ""), ("", "https://x.org/"),
    ]

    @Test(arguments: [["email"], ["email", "first_name", "last_name", "locale"]])
    func theyHaveNoFindings(_ columns: [String]) throws {
        var check = try MailCheck(folder: Self.folder, fallbackLocale: "en", columns: columns, at: .noon)
        for (number, (code, link)) in Self.secrets.enumerated() {
            for locale in ["de", "en"] {
                check.add(.ann(code: code, link: link, locale: locale, ["email": "x"]), identity: "\(number)")
            }
        }
        #expect(check.report.findings.map { "\($0.place) \($0.message)" } == [])
        #expect(check.report.rows == 6)
    }

    @Test(arguments: secrets, ["de", "en"])
    func theySayHowAndUntilWhen(_ secret: (code: String, link: String), _ locale: String) throws {
        let templates = try MailTemplates(folder: Self.folder, fallbackLocale: "en")
        let renderer = try MailRenderer(templates, columns: ["first_name"])
        let row = MailFields.ann(code: secret.code, link: secret.link, locale: locale, ["first_name": "Zoë"])
        let mail = try renderer.render(row, at: .noon)
        let html = try #require(mail.html?.revealed)
        for part in [mail.text.revealed, html] {
            #expect(part.contains(locale == "de" ? "Guten Tag Zoë," : "Hello Zoë,"))
            #expect(part.contains(locale == "de" ? "23 Stunden" : "23 hours"))
            #expect(part.contains(locale == "de" ? "29. November 2026, 11:00" : "November 29, 2026, 11:00"))
            #expect(secret.code.isEmpty || part.contains(secret.code))
            #expect(!part.contains("\n\n\n"))
        }
        #expect(secret.link.isEmpty || mail.text.revealed.contains(secret.link))
        #expect(secret.link.isEmpty || html.contains(secret.link.replacing("&", with: "&amp;")))
        #expect(html.contains("<html lang=\"\(locale)\""))
        #expect(!html.contains("<img") && !html.contains("<table"))
        #expect(mail.text.revealed.split(separator: "\n").allSatisfy { $0.count <= 90 })
    }
}
