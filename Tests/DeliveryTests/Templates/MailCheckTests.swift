import Delivery
import Foundation
import Model
import Testing

@Suite struct MailCheckTests {
    private static let html = "<html lang=\"en\"><body>{{code}}</body></html>"

    private static func check(
        _ files: TemplateFiles,
        fallback: String? = nil,
        columns: [String] = ["email", "first_name"]
    ) throws -> MailCheck {
        try MailCheck(folder: files.path, fallbackLocale: fallback, columns: columns, at: .noon)
    }

    /// As in `error unknown_name text.mustache:1:2`.
    private static func lines(_ report: MailCheckReport) -> [String] {
        report.findings.map { "\($0.severity) \($0.kind.rawValue) \($0.place)" }
    }

    @Test func goodTemplatesHaveNoFindings() throws {
        let files = try TemplateFiles(text: "{{first_name}} {{code}}", html: Self.html)
        let report = try Self.check(files).report
        #expect(report.findings == [])
        #expect(!report.hasErrors)
    }

    @Test(arguments: [
        ("{{code}}\n{{code2}} {{code2}}", ["error unknown_name text.mustache:2:1"]),
        ("{{code}}{{#nick}}x{{/nick}}", ["warning unknown_name text.mustache:1:9"]),
        ("Hello {{#code}}x{{/code}}", ["error no_code_or_link text.mustache"]),
        ("{{code}} *|CODE|*", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} é\n %recipient.code%", ["error foreign_tag text.mustache:2:2"]),
        ("{{code}} {{ .Subscriber.Attribs.code }}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} {{ code | upper }}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} {{contact.CODE}}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} [RECOVERY CODE]", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} %RECOVERY_CODE%", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} {contactfield=code}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} ${code}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} <% code %> {code}", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} { link }", ["error foreign_tag text.mustache:1:10"]),
        ("{{code}} 100 % of [NEW] and 5*3 | 2 {x} $5 [1]", []),
        ("{{code}", ["error syntax text.mustache:1:1"]),
    ])
    func textsAreLookedAt(_ text: String, _ lines: [String]) throws {
        let files = try TemplateFiles(text: text)
        #expect(Self.lines(try Self.check(files).report) == lines)
    }

    @Test(arguments: [
        ("{{code}} now", "error secret_in_subject subject.txt:1:1"),
        ("{{code_grouped}}", "error secret_in_subject subject.txt:1:1"),
        ("Go to {{link}}", "error secret_in_subject subject.txt:1:7"),
        ("\n", "error empty_subject subject.txt"),
        ("{{! note }}", "error empty_subject subject.txt"),
        (String(repeating: "x", count: 79), "warning long_subject subject.txt"),
    ])
    func subjectsAreLookedAt(_ subject: String, _ line: String) throws {
        let files = try TemplateFiles(subject: subject, text: "{{code}} {{link}}")
        let lines = Self.lines(try Self.check(files).report)
        #expect(lines.first == line)
        #expect(lines.allSatisfy { $0 == line || $0 == "warning long_subject subject.txt" })
    }

    @Test(arguments: [
        ("{{{first_name}}}", "warning raw_value html.mustache:1:24"),
        ("{{&first_name}}", "warning raw_value html.mustache:1:24"),
        ("<a href=\"{{{link}}}\">", "error unescaped_link html.mustache:1:33"),
        ("<a href={{link}}>", "error unquoted_attribute html.mustache:1:24"),
        ("\n<img src=\"https://example.com/a.png\">", "warning image_without_text html.mustache:2:1"),
        ("<img alt='' src='HTTP://example.com/a.png'>", "warning insecure_address html.mustache:1:24"),
        (String(repeating: "x", count: 100_000), "warning large_html html.mustache"),
        ("<!-- <img> --><style>a{b:<img>}</style>", nil),
    ])
    func htmlIsLookedAt(_ part: String, _ line: String?) throws {
        let files = try TemplateFiles(text: "{{code}}", html: "<html lang=en>{{code}} \(part)")
        #expect(Self.lines(try Self.check(files).report) == [line].compactMap(\.self))
    }

    @Test func theLanguageOfHTMLIsLookedAt() throws {
        for (html, line) in [
            ("{{code}}", "warning no_language de/html.mustache"),
            ("\n<html lang=\"\">{{code}}", "warning no_language de/html.mustache:2:1"),
            ("<html lang=\"en\">{{code}}", "warning other_language de/html.mustache:1:1"),
        ] {
            let files = try TemplateFiles([
                "de/subject.txt": "s", "de/text.mustache": "{{code}}", "de/html.mustache": html,
            ])
            #expect(Self.lines(try Self.check(files).report) == [line])
        }
    }

    @Test func everyFileThatIsWrongIsTold() throws {
        let files = try TemplateFiles([
            "de/subject.txt": "s", "de/text.mustache": "{{", "en/subject.txt": "s", "en/html.mustache": "x",
            "fr/subject.txt": "{{link}}", "fr/text.mustache": "{{#a}}",
        ])
        let lines = Self.lines(try Self.check(files).report)
        #expect(
            lines == [
                "error syntax de/text.mustache:1:1", "error files en/text.mustache",
                "error syntax fr/text.mustache:1:1",
            ]
        )
    }

    @Test func severalLanguagesNeedAFallback() throws {
        let files = try TemplateFiles([
            "de/subject.txt": "s", "de/text.mustache": "{{code}}", "en/subject.txt": "s",
            "en/text.mustache": "{{code}}",
        ])
        #expect(Self.lines(try Self.check(files).report) == ["error fallback "])
        var check = try Self.check(files, fallback: "en")
        for (locale, count) in [("de-AT", 3), ("fr", 2), ("en", 1)] {
            for _ in 0..<count { check.add(.ann(locale: locale), identity: "1") }
        }
        let report = check.report
        #expect(Self.lines(report) == ["warning missing_locale "])
        #expect("\(report.findings[0].message)".contains("\"fr\", the language of 2 rows"))
        #expect(report.locales.map(\.locale) == ["de-AT", "fr", "en"])
        #expect(report.locales.map(\.folder) == ["de", "en", "en"])
        #expect(report.locales.map(\.match) == [.language, .missing, .exact])
    }

    @Test func rowsWithoutAValueAreCounted() throws {
        var check = try Self.check(TemplateFiles(text: "{{first_name}} {{code}}"))
        for number in 0..<1200 {
            let name = number < 200 ? "Ann" : ""
            check.add(.ann(["first_name": name]), identity: "id-\(number)")
        }
        let report = check.report
        #expect(report.rows == 1200)
        #expect(report.rowsWithMissingValues == 1000)
        #expect(Self.lines(report) == ["error missing_value "])
        let message = "\(report.findings[0].message)"
        #expect(
            message.contains(
                "{{first_name}}, and no mail would be sent, for 1,000 rows (id-200, id-201, id-202, …)"
            )
        )
    }

    @Test func aMailThatShowsNeitherCodeNorLinkIsFound() throws {
        let text = "{{#first_name}}{{link}}{{/first_name}}{{^first_name}}hello{{/first_name}}"
        var check = try Self.check(TemplateFiles(text: text, html: "<html lang='en'>{{link}}"))
        check.add(.ann, identity: "1")
        #expect(Self.lines(check.report) == [])
        check.add(.ann(["email": "x"]), identity: "2")
        #expect(Self.lines(check.report) == ["error no_code_or_link "])
        #expect("\(check.report.findings[0].message)".contains("for 1 row (2)"))
    }

    @Test func aSubjectThatIsEmptyForSomeIsFound() throws {
        let subject = "{{#first_name}}For {{first_name}}{{/first_name}}"
        var check = try Self.check(TemplateFiles(subject: subject, text: "{{code}}"))
        check.add(.ann, identity: "1")
        #expect(Self.lines(check.report) == [])
        check.add(.ann(["email": "x"]), identity: "2")
        #expect(Self.lines(check.report) == ["error empty_subject "])
    }

    @Test func findingsTellNoSecrets() throws {
        var check = try Self.check(TemplateFiles(text: "{{first_name}} {{code}}"))
        check.add(.ann(["email": "x"]), identity: "1")
        let text = "\(check.report.findings)"
        #expect(!text.contains("000331"))
        #expect(!text.contains("token=a"))
    }

    @Test func aRosterWithManyLanguagesIsBounded() throws {
        var check = try Self.check(TemplateFiles(text: "{{code}}"))
        for number in 0..<3000 { check.add(.ann(locale: "l\(number)"), identity: "1") }
        #expect(check.report.locales.count == 1001)
        #expect(check.report.locales.first?.rows == 2000)
        #expect(check.report.findings.count <= 21)
    }
}
