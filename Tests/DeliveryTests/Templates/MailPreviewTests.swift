import Delivery
import Files
import Foundation
import Model
import TestSupport
import Testing

@Suite struct MailPreviewTests {
    private static func renderer(_ template: String = "{{first_name}} {{code}}") throws -> MailRenderer {
        var files: [String: String] = [:]
        for locale in ["de", "en", "fr"] {
            files["\(locale)/subject.txt"] = "Your account"
            files["\(locale)/text.mustache"] = "\(locale) \(template)"
        }
        files["en/html.mustache"] = "<p>\(template)"
        return try TemplateFiles(files).renderer(fallback: "en")
    }

    private static func rows(_ sampler: inout MailSampler) {
        for (number, (name, locale)) in [
            ("Ann", "en"), ("Bob", "en"), ("Zoë", "en"), ("Maximiliane-Charlotte", "en"), ("Jo", "de"),
            ("Jean", "fr"), ("Al", "en"),
        ].enumerated() {
            sampler.add(
                .ann(locale: locale, ["first_name": name]),
                address: "\(number)@example.org",
                identity: "\(number)"
            )
        }
    }

    @Test func theLongestANonASCIIOneAndEachLanguageAreChosen() throws {
        var sampler = MailSampler(try Self.renderer(), count: 5)
        Self.rows(&sampler)
        #expect(sampler.samples.map(\.identity) == ["3", "2", "4", "5", "0"])
        #expect(
            sampler.samples.map(\.reasons) == [
                ["longest"], ["non-ascii"], ["locale de"], ["locale fr"], ["ordinary"],
            ]
        )
        #expect(sampler.omittedLocales == [])
    }

    @Test func languagesWithoutASampleAreTold() throws {
        var sampler = MailSampler(try Self.renderer(), count: 3)
        Self.rows(&sampler)
        #expect(sampler.samples.map(\.identity) == ["3", "2", "4"])
        #expect(sampler.omittedLocales == ["fr"])
    }

    @Test func aRowIsChosenOnce() throws {
        var sampler = MailSampler(try Self.renderer(), count: 3)
        sampler.add(.ann(locale: "de", ["first_name": "Zoë"]), address: "a@example.org", identity: "1")
        #expect(sampler.samples.map(\.reasons) == [["longest", "non-ascii"]])
        #expect(MailSampler(try Self.renderer(), count: 0).samples.isEmpty)
    }

    private static func preview(_ renderer: MailRenderer) -> MailPreview {
        MailPreview(renderer) { mail, sample in
            Array("To: \(sample.address)\r\nSubject: \(mail.subject)\r\n\r\n\(mail.text.revealed)".utf8)
        }
    }

    @Test func filesArePrivateAndHaveNoRealCodes() throws {
        let renderer = try Self.renderer()
        var sampler = MailSampler(renderer, count: 3)
        Self.rows(&sampler)
        let folder = try TemporaryFolder()
        let path = folder("preview")
        var generator = SeededGenerator(seed: 7)
        let files = try Self.preview(renderer).write(sampler.samples, to: path, at: .noon, using: &generator)
        let expected = [
            "preview-01-en-longest.eml", "preview-01-en-longest.html", "preview-01-en-longest.txt",
            "preview-02-en-non-ascii.eml", "preview-02-en-non-ascii.html", "preview-02-en-non-ascii.txt",
            "preview-03-de.eml", "preview-03-de.txt",
        ]
        #expect(try names(inFolder: path) == expected)
        #expect(files == expected.map { "\(path)/\($0)" })
        #expect(mode(of: path) == 0o700)
        for file in files {
            #expect(mode(of: file) == 0o600)
            let content = try #require(text(ofFile: file))
            #expect(!content.contains("000331"))
            #expect(content.firstMatch(of: /[0-9]{6}/) != nil)
        }
        #expect(text(ofFile: files[0])?.contains("To: 3@example.org\r\n") == true)
        #expect(text(ofFile: files[7])?.hasPrefix("Your account\n\nde Jo ") == true)
    }

    @Test func realCodesAreInItWhereTheyAreAskedFor() throws {
        let renderer = try Self.renderer()
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 7)
        let sample = MailSample(fields: .ann, address: "a@example.org", identity: "1", reasons: ["ordinary"])
        let files = try Self.preview(renderer)
            .write([sample], to: folder("p"), withCodes: true, at: .noon, using: &generator)
        #expect(files.allSatisfy { text(ofFile: $0)?.contains("000331") == true })
    }

    @Test func anEarlierPreviewGoesAndOtherFilesStay() throws {
        let folder = try TemporaryFolder()
        let old = try folder.write("x", to: "preview-09-fr-ordinary.eml")
        let other = try folder.write("x", to: "notes.txt")
        let renderer = try Self.renderer()
        var generator = SeededGenerator(seed: 7)
        let sample = MailSample(fields: .ann, address: "a@example.org", identity: "1")
        _ = try Self.preview(renderer).write([sample], to: folder.path, at: .noon, using: &generator)
        #expect(mode(of: old) == nil)
        #expect(mode(of: other) != nil)
    }

    @Test func nothingIsWrittenWhereAMailCannotBeRendered() throws {
        let folder = try TemporaryFolder()
        let renderer = try Self.renderer()
        var generator = SeededGenerator(seed: 7)
        let samples = [
            MailSample(fields: .ann, address: "a@example.org", identity: "1"),
            MailSample(fields: .ann(["email": "x"]), address: "b@example.org", identity: "2"),
        ]
        #expect(throws: MissingMailValues(names: ["first_name"], folder: "en")) {
            try Self.preview(renderer).write(samples, to: folder("p"), at: .noon, using: &generator)
        }
        #expect(mode(of: folder("p")) == nil)
    }

    @Test func aFolderThatOthersCanReadIsRefused() throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        let renderer = try Self.renderer()
        var generator = SeededGenerator(seed: 7)
        let sample = MailSample(fields: .ann, address: "a@example.org", identity: "1")
        #expect(throws: FileError.self) {
            try Self.preview(renderer).write([sample], to: folder.path, at: .noon, using: &generator)
        }
    }

    @Test func messagesAreThoseThatWouldBeSent() throws {
        let renderer = try Self.renderer()
        let sender = try #require(MailSender("Team <it@example.com>"))
        let composer = try MailComposer(from: sender)
        let preview = MailPreview(renderer, composer: composer, date: .noon)
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 7)
        let sample = MailSample(
            fields: .ann(["first_name": "Zoë"]),
            address: " zoe@example.org ",
            identity: "1",
            reasons: ["ordinary"]
        )
        let files =
            try preview
            .write([sample], to: folder("p"), withCodes: true, at: .noon, using: &generator)
        let message = try #require(text(ofFile: files[0]))
        #expect(message.contains("\r\nFrom: \"Team\" <it@example.com>\r\n"))
        #expect(message.contains("\r\nTo: =?UTF-8?Q?Zo=C3=AB?= <zoe@example.org>\r\n"))
        #expect(message.contains("Content-Type: multipart/alternative;"))
        #expect(message.contains("Date: Sat, 28 Nov 2026 12:00:00 +0000\r\n"))
        #expect(message.contains("000331"))
    }

    @Test func anImpossibleAddressIsToldByItsIdentity() throws {
        let renderer = try Self.renderer()
        let sender = try #require(MailSender("it@example.com"))
        let preview = MailPreview(renderer, composer: try MailComposer(from: sender), date: .noon)
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 7)
        let sample = MailSample(fields: .ann, address: "nobody", identity: "id-1")
        #expect {
            try preview.write([sample], to: folder("p"), at: .noon, using: &generator)
        } throws: {
            "\($0)".hasPrefix("id-1: there is no mail to this identity") && !"\($0)".contains("nobody")
        }
    }
}
