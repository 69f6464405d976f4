// Mails as another program reads them: Python's `email`, and for names of domains its `punycode`.

import Foundation
import Model
import TestSupport
import Testing

@testable import Delivery

@Suite(.enabled(if: PythonScript.interpreter != nil, "needs python3, as a second reader of mails"))
struct MailReadingTests {
    private struct Case: Codable, Equatable {
        var subject: String
        var name: String
        var text: String
        var html: String?
    }

    private struct Written: Codable {
        var message: String
        var expected: Case
    }

    /// Prints what it reads otherwise than it was meant, and every defect.
    private static let reader = """
        import base64, email, email.policy, email.utils, json, sys
        from email.header import decode_header, make_header
        for number, item in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))):
            raw = base64.b64decode(item["message"])
            want = item["expected"]
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            def same(what, got, expected):
                if got != expected: print(number, what, repr(got), repr(expected))
            for part in mail.walk():
                for defect in part.defects: print(number, "defect", repr(defect))
                for name, value in part.items():
                    for defect in getattr(value, "defects", ()): print(number, name, repr(defect))
            lines = lambda text: text.replace("\\r\\n", "\\n").rstrip("\\n")
            same("subject", str(mail["Subject"]), want["subject"])
            person = mail["To"].addresses[0]
            # The newer API of Python before 3.13 leaves blanks between encoded words of names (gh-92081).
            old = email.message_from_bytes(raw)["To"]
            name = email.utils.parseaddr(old)[0]
            same("name", str(make_header(decode_header(name))), want["name"])
            same("address", person.addr_spec, "ann@example.org")
            same("from", str(mail["From"].addresses[0].addr_spec), "it@example.com")
            same("date", mail["Date"].datetime.isoformat(), "2026-11-20T23:46:57+00:00")
            same("id", mail["Message-ID"], "<00112233445566778899aabbccddeeff@example.com>")
            same("text", lines(mail.get_body(("plain",)).get_content()), lines(want["text"]))
            if want.get("html") is not None:
                same("type", mail.get_content_type(), "multipart/alternative")
                same("parts", len(list(mail.iter_parts())), 2)
                same("html", lines(mail.get_body(("html",)).get_content()), lines(want["html"]))
            else:
                same("type", mail.get_content_type(), "text/plain")
            for line in raw.split(b"\\r\\n"):
                if len(line) > 78: print(number, "long", line)
                if b"\\r" in line or b"\\n" in line: print(number, "line end", line)
            if any(byte > 126 or byte < 32 and byte not in (9, 10, 13) for byte in raw): print(number, "byte")
        print("read", number + 1)
        """

    private func check(_ cases: [Case]) throws {
        let composer = try MailComposerTests.composer("Tëam – der Ort <it@example.com>")
        let written = try cases.map { item in
            let mail = try composer.mail(
                RenderedMail(subject: item.subject, text: item.text, html: item.html),
                to: "ann@example.org",
                name: item.name,
                messageID: MailComposerTests.messageID,
                date: MailComposerTests.date
            )
            return Written(
                message: Data(mail.message.revealed).base64EncodedString(),
                expected: item
            )
        }
        let folder = try TemporaryFolder()
        let file = folder("mails.json")
        try JSONEncoder().encode(written).write(to: URL(filePath: file))
        let output = try #require(try PythonScript.run(Self.reader, on: file, in: folder))
        #expect(output == "read \(cases.count)\n")
    }

    @Test func mailsAreReadAsTheyWereMeant() throws {
        let link = "https://id.example.org/self-service/recovery?flow=" + String(repeating: "f0", count: 1500)
        let text = "Grüße,\n.\n..two dots\nFrom here\nblank at the end \ntab\t\n\(link)&a=b\n\n123456\n=3D=\n"
        try check([
            Case(subject: "Your account", name: "Ann", text: text, html: "<p>\(text)</p>"),
            Case(
                subject: "Ihr Zugang für Übermorgen – bitte innerhalb von 24 Stunden öffnen, danke schön",
                name: "Jürgen Groß",
                text: text
            ),
            Case(
                subject: "Ваш код для входа в систему и ещё немного длинного текста",
                name: "Анна Каренина-Длиннофамильная-Очень",
                text: "Здравствуйте\n",
                html: "<b>Здравствуйте</b>"
            ),
            Case(
                subject: "👩‍👩‍👧‍👦 " + String(repeating: "家族", count: 40),
                name: "山田 太郎",
                text: "こんにちは",
                html: nil
            ),
            Case(subject: "=?UTF-8?Q?no?= word", name: "=?utf-8?b?YQ==?=", text: "=?", html: nil),
            Case(
                subject: String(repeating: "a", count: 300),
                name: String(repeating: "b c ", count: 30) + "d",
                text: String(repeating: "x", count: 3000)
            ),
            Case(
                subject: "two  blanks   within",
                name: "O'Hara, \"Dr.\" \\ (x) <y>; a@b",
                text: " ",
                html: ""
            ),
            Case(subject: "a_b?c=d \"e\"", name: "a.b@c", text: "\u{1f}a\u{7f}", html: nil),
        ])
    }

    @Test func anyNameAndSubjectIsReadBack() throws {
        var random = SeededGenerator(seed: 20_261_128)
        let alphabet: [Unicode.Scalar] = Array(" aZ09.,;:<>@\"\\()[]=?_-+'!éßж中👍\u{301}".unicodeScalars)
        func word(_ count: Int) -> String {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...count, using: &random) {
                scalars.append(alphabet.randomElement(using: &random) ?? "x")
            }
            let words = scalars.split(separator: " ").map { String($0) }
            return words.isEmpty ? "x" : words.joined(separator: " ")
        }
        try check(
            (0..<150).map { number in
                let long = number % 4 == 0 ? 400 : 40
                let text = word(long) + (number % 3 == 0 ? "\r\n" : "\n") + word(2000)
                return Case(
                    subject: word(long),
                    name: word(long),
                    text: text,
                    html: number % 2 == 0 ? word(1000) : nil
                )
            }
        )
    }

    @Test func domainsAreWrittenAsPythonDoes() throws {
        var random = SeededGenerator(seed: 3492)
        let alphabet: [Unicode.Scalar] = Array("abz09-äöüñçжщ中文字한글عربあ𝒳🎉".unicodeScalars)
        let labels = (0..<500).map { _ in
            (0..<Int.random(in: 1...20, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? "a"
            }
        }
        let folder = try TemporaryFolder()
        let lines = labels.map { label in
            "\(String(String.UnicodeScalarView(label)))\t\(DomainName.punycode(label) ?? "")"
        }
        let file = try folder.write(lines.joined(separator: "\n"), to: "labels.txt")
        let script = """
            import sys
            lines = open(sys.argv[1], encoding="utf-8").read().split("\\n")
            for line in lines:
                label, written = line.split("\\t")
                if label.encode("punycode").decode() != written: print(label, written)
            print("read", len(lines))
            """
        #expect(try PythonScript.run(script, on: file, in: folder) == "read 500\n")
    }
}
