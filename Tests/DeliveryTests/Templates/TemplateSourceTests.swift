import Model
import Testing

@testable import Delivery

@Suite struct TemplateSourceTests {
    @Test func tagsHaveTheirPlaces() throws {
        let source = try TemplateSource(
            "Grüße {{name}}\n  {{#code}}é{{{code}}}{{/code}}{{!a\nb}}{{&x}}",
            file: "t"
        )
        let places = source.tags.map { "\($0.name) \($0.position.text)" }
        #expect(places == ["name 1:7", "code 2:3", "code 2:13", "code 2:23", " 2:32", "x 3:4"])
    }

    @Test(arguments: [
        ("a\n {{name", "t:2:2"),
        ("{{name\n}}", "t:1:1"),
        ("{{{name}}", "t:1:1"),
        ("x {{}}", "t:1:3"),
        ("{{ . }}", "t:1:1"),
        ("{{{{name}}}}", "t:1:1"),
        ("{{#a}}x", "t:1:1"),
        ("x{{/a}}", "t:1:2"),
        ("{{#a}}{{#b}}{{/a}}{{/b}}", "t:1:13"),
        ("ä{{> other}}", "t:1:2"),
        ("{{=<% %>=}}", "t:1:1"),
        ("{{% CONTENT_TYPE:TEXT }}", "t:1:1"),
        (String(repeating: "{{#a}}", count: 21), "t:1:121"),
    ])
    func whatIsNoTemplateIsRefusedWithItsPlace(_ text: String, _ place: String) {
        #expect {
            try TemplateSource(text, file: "t")
        } throws: {
            ($0 as? MailTemplateError)?.problem.place == place && ($0 as? MailTemplateError)?.code == .syntax
        }
    }

    @Test func moreThanAThousandTagsAreRefused() throws {
        _ = try TemplateSource(String(repeating: "{{a}}", count: 1000), file: "t")
        #expect(throws: MailTemplateError.self) {
            try TemplateSource(String(repeating: "{{a}}", count: 1001), file: "t")
        }
    }

    @Test func aVariableInASectionOfItsNameIsGuarded() throws {
        let source = try TemplateSource("{{a}}{{#b}}{{b}}{{c}}{{/b}}{{^b}}{{b}}{{/b}}", file: "t")
        #expect(source.unguardedVariables.map(\.name) == ["a", "c", "b"])
    }

    /// Parsing must not take minutes for it.
    @Test func aLargeTemplateWithManyTagsIsRendered() throws {
        let line = String(repeating: "x", count: 900) + "{{a}}\n"
        let source = try TemplateSource(String(repeating: line, count: 1000), file: "t")
        let plan = try MailTemplate(source).plan([])
        #expect(plan.count { if case .value = $0 { true } else { false } } == 1000)
        let bytes = plan.reduce(0) { if case .text(let text) = $1 { $0 + text.utf8.count } else { $0 } }
        #expect(bytes == 901_000)
    }
}
