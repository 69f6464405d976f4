// What a roster without identity IDs is told: the value that came near, and why it is none.

import Roster
import Testing
import Model

struct NearMissCase: Sendable, CustomTestStringConvertible {
    let text: String
    let words: [String]
    var silence: [String] = []

    var testDescription: String { String(text.prefix(70)) }

    private static let id = "a0000000-0000-4000-8000-00000000000"

    static let all = [
        NearMissCase(
            text: "id,mail\n\(id),a@x\n\(id)2z,b@x\n",
            words: ["\"\(id)\" on line 2 in the column id: it has 31 hexadecimal digits, and a UUID has 32"],
            silence: ["a@x", "line 3"]
        ),
        NearMissCase(text: "\(id)\n", words: ["\(id)\" on line 1 in the column column_1: it has 31"]),
        NearMissCase(text: "n,user\n1,\(id)12\n", words: ["column user: it has 33 hexadecimal digits"]),
        NearMissCase(
            text: "id\nao000000-0000-4000-8000-000000000001\n",
            words: ["its character 2, \"o\", is no hexadecimal digit"]
        ),
        NearMissCase(
            text: "id\n\u{a0}a0000000_0000_4000_8000_000000000001\n",
            words: ["\"a0000000_0", "its character 9, \"_\""]
        ),
        NearMissCase(
            text: "id\na0000000\u{2013}0000-4000-8000-000000000001\n",
            words: ["its character 9, \"\u{2013}\", is another dash"]
        ),
        NearMissCase(
            text: "id\na0000000\u{200b}-0000-4000-8000-000000000001\n",
            words: [#""a0000000\u200b-0000"#, #"its character 9 is invisible, \u200b"#]
        ),
        NearMissCase(
            text: "id\n\u{202e}\(id)1\n",
            words: [#""\u202ea0000000"#, #"its character 1 is invisible, \u202e"#]
        ),
        NearMissCase(
            text: "id,n\nuser:\(id)1,x\n",
            words: ["\"user:\(id)1\"", "it has other text beside a UUID"]
        ),
        NearMissCase(text: "id\na000000000004000800000000000000z1 x\n", words: ["is no hexadecimal digit"]),
        NearMissCase(text: "id\nx_a0000000000040008000000000000001\n", words: ["other text beside a UUID"]),
        NearMissCase(text: "id\n{\(id)1\n", words: ["other text beside a UUID"]),
        NearMissCase(
            text: "id\na00000000-000-4000-8000-000000000001\n",
            words: ["hyphens are not after 8, 12, 16 and 20 digits"]
        ),
        NearMissCase(text: "id;n\n1,23457E+31;x\n", words: ["\"1,23457E+31\"", "scientific notation"]),
        NearMissCase(text: "user,n\n5.6E15,x\n", words: ["column user: it is a number in scientific"]),
        NearMissCase(
            text: "id,n\nann@example.org,x\n",
            words: ["\"ann@example.org\" on line 2 in the column id: it is an e-mail address"]
        ),
        NearMissCase(text: "ann@example.org\nbob@example.org\n", words: ["line 1", "e-mail address"]),
        NearMissCase(text: "identity_id,n\n7,x\n", words: ["\"7\"", "it is a number"]),
        NearMissCase(text: "id,n\nnobody,x\n", words: ["\"nobody\"", "a UUID has 32 hexadecimal digits"]),
        NearMissCase(
            text:
                "id;recovery_code;recovery_link\n;a0000000-0000-4000-8000-00000000000;"
                + "https://x/?flow=\(id)1\n",
            words: ["no column holds identity IDs"],
            silence: ["came near", id, "https"]
        ),
        NearMissCase(
            text: "x,y\n1,https://h/recovery?flow=\(id)1&token=abc\n",
            words: ["no column holds"],
            silence: ["came near", "token"]
        ),
        NearMissCase(text: "482913\n193847\n", words: ["no column holds"], silence: ["came near", "193847"]),
        NearMissCase(
            text: #"[{"id":"\#(id)"},{"id":"x"}]"#,
            words: ["\(id)\" on item 1 in the column id: it has 31 hexadecimal digits"]
        ),
    ]
}

@Suite struct NearMissTests {
    @Test(arguments: NearMissCase.all)
    func theRefusalQuotesIt(_ expected: NearMissCase) throws {
        let error = try #require(failure(Array(expected.text.utf8)))
        #expect(error.code == .noIDColumn)
        for words in expected.words { #expect(error.description.contains(words), "\(error.message)") }
        for words in expected.silence { #expect(!error.description.contains(words), "\(error.message)") }
        #expect(!error.description.unicodeScalars.contains("\u{200b}"))
    }
}
