import Delivery
import Foundation
import Model
import TestSupport
import Testing

@Suite struct MailRendererTests {
    @Test func valuesComeIntoAllParts() throws {
        let files = try TemplateFiles(
            subject: "For {{first_name}}\n",
            text: "{{code}} {{link}}",
            html: "<a href=\"{{link}}\">{{code}}</a>"
        )
        let mail = try files.renderer().render(.ann, at: .noon)
        #expect(mail.subject == "For Ann")
        #expect(mail.text.revealed == "000331 https://id.example.org/recovery?flow=1&token=a")
        let html = "<a href=\"https://id.example.org/recovery?flow=1&amp;token=a\">000331</a>"
        #expect(mail.html?.revealed == html)
        #expect(!"\(mail)".contains("000331"))
    }

    @Test func valuesAreEscapedInHTMLAlone() throws {
        let name = "<b>\"O'Neil\" & Söhne"
        let files = try TemplateFiles(
            subject: "{{first_name}}",
            text: "{{first_name}}",
            html: "{{first_name}} {{{first_name}}} {{&first_name}}"
        )
        let mail = try files.renderer().render(.ann(["first_name": name]), at: .noon)
        #expect(mail.subject == name)
        #expect(mail.text.revealed == name)
        let escaped = "&lt;b&gt;&quot;O&#39;Neil&quot; &amp; Söhne"
        #expect(mail.html?.revealed == "\(escaped) \(name) \(name)")
    }

    /// For Swift a quote with a combining mark is another character than a quote; for a browser it is none.
    @Test func aMarkAfterAQuoteDoesNotKeepItFromBeingEscaped() throws {
        let files = try TemplateFiles(text: "{{code}}", html: "<p title=\"{{first_name}}\">{{code}}")
        let row = MailFields.ann(["first_name": "a\"\u{301} onclick=x <\u{301}b>&\u{200d}"])
        let mail = try files.renderer().render(row, at: .noon)
        #expect(mail.html?.revealed.utf8.count { $0 == UInt8(ascii: "\"") } == 2)
        #expect(mail.html?.revealed.contains("&lt;\u{301}b&gt;&amp;\u{200d}") == true)
    }

    @Test func valuesAreNoTemplates() throws {
        let name = "{{code}} {{#link}} {{{ {{!x}} \0 {{&0}}"
        let text = try TemplateFiles.text("{{first_name}}|{{code}}", .ann(["first_name": name]))
        #expect(text == "{{code}} {{#link}} {{{ {{!x}}  {{&0}}|000331")
    }

    @Test func controlCharactersGo() throws {
        let name = "A\u{0}n\u{1b}n\r\nB\u{85}\tc\u{7f} "
        #expect(try TemplateFiles.text("{{first_name}}.", .ann(["first_name": name])) == "Ann\nB\tc.")
        let files = try TemplateFiles(subject: "To {{first_name}}", text: "{{code}}")
        #expect(
            try files.renderer().render(.ann(["first_name": "A\r\nBcc: x\u{2028}y"]), at: .noon).subject
                == "To A Bcc: x y"
        )
    }

    @Test func aNameWithoutAValueKeepsTheMailBack() throws {
        let files = try TemplateFiles(subject: "{{company}}", text: "{{first_name}} {{code}} {{link}}")
        let renderer = try files.renderer(["first_name", "company"])
        let row = MailFields.ann(code: "", ["first_name": " \t"])
        #expect(throws: MissingMailValues(names: ["code", "company", "first_name"], folder: nil)) {
            try renderer.render(row, at: .noon)
        }
    }

    @Test func whatIsMissingInASectionThatDoesNotHoldIsNotMissed() throws {
        let template = "Hi{{#first_name}} {{first_name}}{{/first_name}}{{^first_name}} you{{/first_name}}!"
        #expect(try TemplateFiles.text(template) == "Hi Ann!")
        #expect(try TemplateFiles.text(template, .ann(["first_name": ""])) == "Hi you!")
        #expect(try TemplateFiles.text(template, .ann(["email": "x"])) == "Hi you!")
        #expect(try TemplateFiles.text("{{#nick}}{{nick}}{{/nick}}{{code}}") == "000331")
    }

    @Test func linesOfSectionsLeaveNoEmptyLines() throws {
        let template =
            "a\n{{#code}}\n  {{code}}\n{{/code}}\n{{^code}}\nno\n{{/code}}\n  {{! note }}\n"
            + "b\r\n{{#link}}\r\nc\r\n{{/link}}\r\nd"
        #expect(try TemplateFiles.text(template) == "a\n  000331\nb\r\nc\r\nd")
    }

    @Test func sectionsAreConditionsAndChangeNoNames() throws {
        let row = MailFields.ann(["name": "N", "name.code": "no", "traits.name.first": "T"])
        #expect(try TemplateFiles.text("{{#name}}{{code}}{{/name}} {{traits.name.first}}", row) == "000331 T")
        #expect(try TemplateFiles.text("{{#name}}{{#code}}{{#link}}x{{/link}}{{/code}}{{/name}}", row) == "x")
    }

    @Test func columnsMayBeCalledAnything() throws {
        let row = MailFields.ann([
            "Vorname (privat)": "A", "E-Mail": "B", "Straße": "C", "a.b\\.c": "D", "12": "E",
        ])
        let template = "{{Vorname (privat)}}{{ E-Mail }}{{Straße}}{{a.b\\.c}}{{12}}"
        #expect(try TemplateFiles.text(template, row) == "ABCDE")
    }

    @Test func fieldsWinOverColumns() throws {
        let row = MailFields.ann(["code": "no", "link": "no", "expires_date": "no", "remaining": "no"])
        #expect(try TemplateFiles.text("{{code}} {{remaining}}", row) == "000331 23 hours")
    }

    @Test(arguments: [
        (["first_name": "A", "last_name": "B"], "A|B|A B"),
        (["Given Name": "A", "traits.name.last": "B"], "A|B|A B"),
        (["traits.name.first": "A", "traits.name.last": "B", "display_name": "A. B."], "A|B|A. B."),
        (["company.name": "no", "name": "N", "first_name": "A", "surname": "B"], "A|B|N"),
    ])
    func namesAreFoundInColumns(_ columns: [String: String], _ text: String) throws {
        #expect(try TemplateFiles.text("{{first_name}}|{{last_name}}|{{name}}", .ann(columns)) == text)
    }

    @Test func theColumnWithNamesCanBeSaid() throws {
        let files = try TemplateFiles(text: "{{name}}")
        let templates = try MailTemplates(folder: files.path)
        let renderer = try MailRenderer(templates, columns: ["name", "nick"], nameColumn: "nick")
        let row = MailFields.ann(["name": "N", "nick": " K\r\n"])
        #expect(try renderer.render(row, at: .noon).text.revealed == "K")
        #expect(renderer.name(of: row) == "K")
        #expect(renderer.name(of: .ann(["name": "N"])) == nil)
        #expect(try files.renderer(["first_name", "surname"]).name(of: .ann) == "Ann")
    }

    @Test(arguments: [
        ("{{frist_name}}", "text.mustache:1:1", "write {{first_name}}"),
        ("x\n{{first_name2}}", "text.mustache:2:1", "write {{first_name}}"),
        ("{{company}}", "text.mustache:1:1", "names are code, code_grouped, link"),
        ("{{last_name}}", "text.mustache:1:1", "no column with such names"),
    ])
    func aNameOfNothingIsRefused(_ text: String, _ place: String, _ advice: String) throws {
        let files = try TemplateFiles(text: text)
        #expect {
            try files.renderer()
        } throws: {
            let error = $0 as? MailTemplateError
            return error?.code == .unknownName && error?.problem.place == place && "\($0)".contains(advice)
        }
    }

    /// For Swift the brace and the mark after it are one character, and no brace.
    @Test(arguments: ["\u{301}", "\u{93e}", "\u{200d}x", "\u{fe0f}", "\u{e33}"])
    func marksMayFollowATag(_ mark: String) throws {
        #expect(try TemplateFiles.text("{{code}}\(mark)\n{{code}}") == "000331\(mark)\n000331")
        #expect(try TemplateFiles.text("{{#code}}\(mark){{code}}{{/code}}\(mark)") == "\(mark)000331\(mark)")
        #expect(try TemplateFiles.text("\u{600}{{code}}") == "\u{600}000331")
    }

    @Test func manyMixturesOfConditionsAreRight() throws {
        let columns = (0..<9).map { "c\($0)" }
        let template = columns.map { "{{#\($0)}}\($0)={{\($0)}};{{/\($0)}}" }.joined()
        let renderer = try TemplateFiles(text: template).renderer(columns)
        for mixture in 0..<512 {
            let present = columns.enumerated().filter { mixture >> $0.offset & 1 == 1 }.map(\.element)
            let row = MailFields.ann(Dictionary(uniqueKeysWithValues: present.map { ($0, "\(mixture)") }))
            let text = present.map { "\($0)=\(mixture);" }.joined()
            #expect(try renderer.render(row, at: .noon).text.revealed == text)
        }
    }

    /// Whatever a template is made of, it is either refused or rendered as it is written.
    @Test(arguments: 0..<400 as Range<UInt64>)
    func textAndVariablesOfAnyKindAreRenderedAsWritten(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "{{code}}", "{{&link}}", "{{{code}}}", "\n", "\r\n", "\r", " ", "\t", "{", "}", "}}", "x", "é",
            "\u{301}", "\u{200d}", "\u{600}", "\u{2028}", "<", "🏳️‍🌈", String(repeating: "y", count: 120),
        ]
        let template = (0..<Int.random(in: 1...12, using: &generator))
            .map { _ in pieces[Int.random(in: pieces.indices, using: &generator)] }.joined()
        let files = try TemplateFiles(text: template)
        var expected = template
        for (tag, value) in [
            ("{{{code}}}", "000331"), ("{{code}}", "000331"),
            ("{{&link}}", "https://id.example.org/recovery?flow=1&token=a"),
        ] {
            // Scalar by scalar: a brace with a mark after it is another character.
            expected = String(
                expected.unicodeScalars.split(separator: tag.unicodeScalars, omittingEmptySubsequences: false)
                    .map { String(String.UnicodeScalarView($0)) }.joined(separator: value)
            )
        }
        guard let renderer = try? files.renderer([]) else {
            #expect(
                Array(template.utf8).firstRange(of: Array("{{{".utf8)) != nil
                    || Array(expected.utf8).firstRange(of: Array("{{".utf8)) != nil
            )
            return
        }
        let text = try renderer.render(.ann, at: .noon).text.revealed
        #expect(Array(text.utf8) == Array(expected.utf8))
    }
}
