// Codes and links that nobody could see: blanks of every kind, and characters without a width.

import Providers
import Model

extension AnswerCase {
    private static let blankTexts: [(name: String, text: String)] = [
        ("a space", " "), ("spaces", "    "), ("no-break spaces", "\u{a0}\u{202f}"),
        ("an em space", "\u{2003}"),
        ("an ideographic space", "\u{3000}"), ("zero-width spaces", "\u{200b}\u{200b}"),
        ("a byte order mark", "\u{feff}"), ("a word joiner", " \u{2060} "), ("a soft hyphen", "\u{ad}"),
        ("a line separator", "\u{2028}"), ("a Hangul filler", "\u{3164}"),
        ("an empty Braille pattern", "\u{2800}"),
        ("an accent upon nothing", "\u{301}"), ("a joiner", "\u{200d}"), ("a tag", "\u{e0041}"),
        ("a direction mark", "\u{200e}\u{202e}"),
    ]

    private static func answer(code: String, link: String) -> String {
        #"{"recovery_code":"\#(code)","recovery_link":"\#(link)","expires_at":"2026-11-21T00:46:57Z"}"#
    }

    static let blanks: [AnswerCase] =
        blankTexts.flatMap { name, text in
            [
                AnswerCase(
                    "a code of \(name)",
                    201,
                    json,
                    answer(code: text, link: "https://a.example/r"),
                    .unreadable
                ),
                AnswerCase("a link of \(name)", 201, json, answer(code: "123456", link: text), .unreadable),
            ]
        } + [
            AnswerCase(
                "a code of other digits",
                201,
                json,
                answer(code: "١٢٣٤٥٦", link: "https://a.example/r"),
                .issued(code: "١٢٣٤٥٦", link: "https://a.example/r", expiresAt: "2026-11-21T00:46:57Z")
            )
        ]
}
