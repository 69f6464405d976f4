import Delivery
import Foundation
import Model
import TestSupport
import Testing

@Suite struct MailTemplatesTests {
    private static let threeLanguages = [
        "de/subject.txt": "s", "de/text.mustache": "de {{code}}",
        "de_AT/subject.txt": "s", "de_AT/text.mustache": "at {{code}}",
        "en/subject.txt": "s", "en/text.mustache": "en {{code}}",
        "images/readme.txt": "no templates",
    ]

    @Test(arguments: [
        ("de", "de", MailLocaleChoice.Match.exact), ("DE", "de", .exact), ("de-CH", "de", .language),
        ("de_AT", "de_AT", .exact), ("de-at", "de_AT", .exact), ("de_AT.UTF-8", "de_AT", .exact),
        ("de-AT-1996", "de_AT", .language), ("en-GB", "en", .language), ("fr", "en", .missing),
        ("Deutsch (Österreich)", "en", .missing), ("../de", "en", .missing), ("d", "en", .missing),
        ("", "en", .unspecified), (" ", "en", .unspecified),
    ])
    func theLocaleLeadsToTheNearestFolder(
        _ locale: String,
        _ folder: String,
        _ match: MailLocaleChoice.Match
    ) throws {
        let files = try TemplateFiles(Self.threeLanguages)
        let templates = try MailTemplates(folder: files.path, fallbackLocale: "EN")
        #expect(templates.locales == ["de", "de_AT", "en"])
        #expect(templates.fallback == "en")
        #expect(templates.choice(for: locale).folder == folder)
        #expect(templates.choice(for: locale).match == match)
        #expect(templates.choice(for: nil).match == .unspecified)
        // A second time from what is remembered.
        #expect(templates.choice(for: locale).folder == folder)
    }

    @Test func datesAreOfTheLanguageOfTheTemplates() throws {
        let files = try TemplateFiles(Self.threeLanguages)
        let templates = try MailTemplates(folder: files.path, fallbackLocale: "en")
        #expect(templates.choice(for: "de-CH").formatLocale == "de-ch")
        #expect(templates.choice(for: "fr").formatLocale == "en")
    }

    @Test func withoutFoldersTheLanguageIsThatOfTheHTML() throws {
        let html = "<!DOCTYPE html><HTML dir=ltr lang='de'>{{code}}"
        let files = try TemplateFiles(text: "{{code}}", html: html)
        let templates = try MailTemplates(folder: files.path)
        #expect(templates.locales.isEmpty)
        #expect(templates.choice(for: "de_CH").formatLocale == "de-ch")
        #expect(templates.choice(for: "fr").formatLocale == "de")
        #expect(templates.choice(for: "fr").match == .missing)
    }

    @Test func ofSeveralLanguagesOneHasToBeTheFallback() throws {
        let files = try TemplateFiles(Self.threeLanguages)
        for fallback in [nil, "fr", "no language"] {
            #expect {
                try MailTemplates(folder: files.path, fallbackLocale: fallback)
            } throws: {
                ($0 as? MailTemplateError)?.code == .chooseLocale && "\($0)".contains("de, de_AT, en")
            }
        }
        let one = try TemplateFiles(["en/subject.txt": "s", "en/text.mustache": "{{code}}"])
        #expect(try MailTemplates(folder: one.path).fallback == "en")
    }

    @Test(arguments: [
        (["a.txt": ""], "no templates"),
        (["subject.txt": "s", "html.mustache": "x"], "text.mustache: there is HTML without a text"),
        (["subject.txt": "s"], "text.mustache: there is no such file"),
        (["text.mustache": "x"], "subject.txt: cannot open"),
        (["de/text.mustache": "x", "text.mustache": "x"], "both in the folder itself and in folders"),
        (["old mails/text.mustache": "x"], "old mails: there are templates in a folder whose name is no"),
        (
            ["de-AT/text.mustache": "x", "de_at/text.mustache": "x"],
            "de_at: the folder de-AT is for the same language"
        ),
        (["subject.txt": "\none\ntwo", "text.mustache": "x"], "subject.txt:3: a subject is one line"),
        (["subject.txt": "s", "text.mustache": "x\n{{"], "text.mustache:2:1: the tag has no end"),
        (["subject.txt": "s", "text.mustache": "x\n\0"], "text.mustache:2: the file is no text in UTF-8"),
    ])
    func whatIsWrongWithFilesIsSaid(_ files: [String: String], _ message: String) throws {
        let files = try TemplateFiles(files)
        #expect {
            try MailTemplates(folder: files.path)
        } throws: {
            "\($0)".contains(message)
        }
    }

    @Test func aFileIsText() throws {
        let files = try TemplateFiles(text: "x")
        let path = files.folder("text.mustache")
        try Data([0x61, 0x0a, 0x0a, 0xff]).write(to: URL(filePath: path))
        #expect { try MailTemplates(folder: files.path) } throws: { "\($0)".contains("text.mustache:3: ") }
        try Data(repeating: 0x61, count: (1 << 20) + 1).write(to: URL(filePath: path))
        #expect { try MailTemplates(folder: files.path) } throws: { "\($0)".contains("more than 1 MiB") }
        try Data(repeating: 0x61, count: 1 << 20).write(to: URL(filePath: path))
        _ = try MailTemplates(folder: files.path)
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect { try MailTemplates(folder: files.path) } throws: { "\($0)".contains("it is no file") }
    }

    @Test func aByteOrderMarkIsNoText() throws {
        #expect(try TemplateFiles.text("\u{feff}{{code}}") == "000331")
    }

    @Test func symbolicLinksAreFollowed() throws {
        let files = try TemplateFiles(["en/subject.txt": "s", "en/text.mustache": "{{code}}"])
        try FileManager.default.createSymbolicLink(
            atPath: files.folder("de"),
            withDestinationPath: files.folder("en")
        )
        #expect(try MailTemplates(folder: files.path, fallbackLocale: "en").locales == ["de", "en"])
    }

    @Test func aFolderThatIsNotThereIsSaid() throws {
        #expect {
            try MailTemplates(folder: "/nowhere/mail")
        } throws: {
            ($0 as? MailTemplateError)?.code == .noFolder
        }
    }

    @Test func theNamesOfAllTagsAreKnown() throws {
        let files = try TemplateFiles(subject: "{{a}}", text: "{{#b}}{{code}}{{/b}}{{!x}}", html: "{{{c d}}}")
        #expect(try MailTemplates(folder: files.path).names == ["a", "b", "c d", "code"])
    }
}
