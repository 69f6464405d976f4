// What makes a whole roster unreadable, and the words for it.

import Roster
import Testing
import Model

struct FailureCase: Sendable, CustomTestStringConvertible {
    let text: [UInt8]
    let code: RosterError.Code
    var options = RosterOptions()
    /// What the message must tell.
    var words: [String] = []

    var testDescription: String { String(decoding: text.prefix(60), as: UTF8.self) }

    static let all: [FailureCase] =
        [
            FailureCase(text: [], code: .empty, words: ["is empty"]),
            FailureCase(text: [0xef, 0xbb, 0xbf], code: .empty),
            FailureCase(text: [0xff, 0xfe], code: .empty),
            FailureCase(text: roster("\r\n  \n\n"), code: .empty),
            FailureCase(text: roster("\nNEXT PAGE TOKEN\tx\n"), code: .empty),
            FailureCase(
                text: roster("identity_id,email\n"),
                code: .headerOnly,
                words: ["header but no rows"]
            ),
            FailureCase(text: roster("identity_id"), code: .headerOnly),
            FailureCase(text: roster("name;mail\n\n"), code: .headerOnly),
            FailureCase(
                text: roster("n,mail\n1,a@x\n2,b@x\n"),
                code: .noIDColumn,
                words: ["n, mail", "id-column", "no column holds identity IDs"]
            ),
            FailureCase(text: roster("id,mail\nx,a@x\ny,b@x\n"), code: .noIDColumn, words: ["id, mail"]),
            FailureCase(text: roster("a\nb\nc\n"), code: .noIDColumn),
            FailureCase(
                text: roster("id,Identity,n\n#1,#2,3\n"),
                code: .ambiguousIDColumn,
                words: ["2 columns hold UUIDs: id, Identity", "id, Identity, n", "id-column"]
            ),
            FailureCase(
                text: roster("#1,#2\n#3,#4\n"),
                code: .ambiguousIDColumn,
                words: ["column_1, column_2"]
            ),
            FailureCase(
                text: roster("id,n\n#1,2\n"),
                code: .unknownColumn,
                options: RosterOptions(idColumn: "uuid"),
                words: ["no column uuid", "id, n"]
            ),
            FailureCase(
                text: roster("ID,id,Id\n#1,#2,#3\n"),
                code: .ambiguousIDColumn,
                options: RosterOptions(idColumn: "iD")
            ),
            FailureCase(
                text: roster("user,mail,phone\n#1,a@x\n#2,b@x\n"),
                code: .headerMismatch,
                words: ["line 1", "3 names", "2 values"]
            ),
            FailureCase(
                text: roster("id,email\n#1,a@x,Ann\n#2,b@x,Bob\n"),
                code: .headerMismatch,
                words: ["line 1", "2 names", "3 values"]
            ),
            FailureCase(
                text: roster("From R\n\nid,full name\n1,#1,Ann\n2,#2,Bob\n"),
                code: .headerMismatch,
                words: ["line 3", "2 names", "3 values"]
            ),
            FailureCase(
                text: roster("-[ RECORD 1 ]\nid   | #1\nmail | a@x\n-[ RECORD 2 ]\nid   | #2\nmail | b@x\n"),
                code: .noIDColumn,
                words: ["\\x", "as CSV"]
            ),
            FailureCase(
                text: roster(
                    "*************************** 1. row ***************************\n  id: #1\nmail: a@x\n"
                ),
                code: .noIDColumn,
                words: ["\\G", "as CSV"]
            ),
            FailureCase(text: roster("#1\0,b\n"), code: .notText, words: ["NUL"]),
            FailureCase(text: [0x1f, 0x8b, 8, 0, 0, 0], code: .notText, words: ["gzip"]),
            FailureCase(text: Array("PK\u{3}\u{4}....".utf8), code: .notText, words: ["xlsx"]),
            FailureCase(text: [UInt8](repeating: 0xb5, count: 500), code: .notText, words: ["invalid UTF-8"]),
            FailureCase(text: roster("[]"), code: .empty, words: ["no identities"]),
            FailureCase(text: roster(##"{"identities":[],"next_page_token":""}"##), code: .empty),
            FailureCase(text: roster("{}"), code: .noIDColumn),
            FailureCase(text: roster(##"{"error":{"code":404}}"##), code: .errorAnswer),
            FailureCase(text: roster(##"[{"id":"#1","identity":"#2"}]"##), code: .ambiguousIDColumn),
            FailureCase(
                text: roster(##"[{"id":"#1"}] x"##),
                code: .malformedJSON,
                words: ["after item 1", "at byte 48"]
            ),
            FailureCase(text: roster(##"[{"id":"#1"},]"##), code: .malformedJSON),
            FailureCase(
                text: roster(##"[{"id":"#1"} {"id":"#2"}]"##),
                code: .malformedJSON,
                words: ["comma"]
            ),
            FailureCase(
                text: roster(##"[{"id":"#1"},{"id":"#2"]]"##),
                code: .malformedJSON,
                words: ["brackets"]
            ),
            FailureCase(text: roster(##"[{"id":"#1"},oops]"##), code: .malformedJSON),
            FailureCase(
                text: roster(##"[{"id":"#1"}"##),
                code: .malformedJSON,
                words: ["cut off", "1 complete item"]
            ),
            FailureCase(
                text: roster(##"{"identities":[{"id":"#1"}]"##),
                code: .malformedJSON,
                words: ["cut off"]
            ),
            FailureCase(text: roster(##"{"identities":[{"id":"#1"}],"a"}"##), code: .malformedJSON),
            FailureCase(text: roster(##"{"id":"#1"##), code: .malformedJSON),
            FailureCase(text: roster("{\"id\":\"#1\"}\n["), code: .malformedJSON),
            FailureCase(
                text: roster("[" + String(repeating: "[", count: 600)),
                code: .malformedJSON,
                words: ["nested"]
            ),
        ] + answers

    private static let answers: [FailureCase] = [
        FailureCase(
            text: roster(##"{"error":{"code":401,"message":"no","reason":"The key \u001b[2J is wrong."}}"##),
            code: .errorAnswer,
            words: ["error answer", ": The key [2J is wrong.;", "export"]
        ),
        FailureCase(
            text: roster(##"{"errors":[{"message":"upstream is down"}]}"##),
            code: .errorAnswer,
            words: ["upstream is down"]
        ),
        FailureCase(
            text: roster(##"[{"error":{"message":"one"}},{"error":{"message":"two"}}]"##),
            code: .errorAnswer,
            words: ["one"]
        ),
        FailureCase(
            text: roster(##"{"message":"key ory_pat_0123456789abcdef refused, see https://x/y?token=abc"}"##),
            code: .errorAnswer,
            words: ["key [redacted] refused, see https://x/y?[redacted]"]
        ),
        FailureCase(
            text: roster(##"{"data":[],"errors":[{"message":"Bearer sk-live-4711 is 123456"}]}"##),
            code: .errorAnswer,
            words: ["Bearer [redacted] is [redacted]"]
        ),
        FailureCase(
            text: roster(##"[{"id":"#1","active":true,"authenticated_at":"t","identity":{"id":"#2"}}]"##),
            code: .sessions,
            words: ["sessions", "id-column identity.id"]
        ),
        FailureCase(text: roster(##"[{"id":"#1","authentication_methods":[]}]"##), code: .sessions),
        FailureCase(
            text: roster(##"{"sessions":[{"id":"#1","authenticator_assurance_level":"aal1"}]}"##),
            code: .sessions
        ),
        FailureCase(
            text: roster(##"[{"id":"#1","authenticated_at":"t"}]"##),
            code: .sessions,
            options: RosterOptions(idColumn: "id")
        ),
        FailureCase(
            text: roster(##"[{"id":"#1","identity":{"id":"#2"}}]"##),
            code: .ambiguousIDColumn,
            words: ["id, identity.id"]
        ),
        FailureCase(text: roster(##"{"data":[],"total":0}"##), code: .empty, words: ["no identities"]),
        FailureCase(
            text: roster(##"[{"id":"auth0|1","email":"a@x"}]"##),
            code: .noIDColumn,
            words: ["auth0|1", "id, email", "id-column"]
        ),
    ]
}

@Suite struct RosterErrorTests {
    @Test(arguments: FailureCase.all)
    func tellsWhatIsWrong(_ expected: FailureCase) throws {
        let error = try #require(failure(expected.text, expected.options))
        #expect(error.code == expected.code)
        for words in expected.words { #expect(error.description.contains(words)) }
        #expect(error.problem.place == "the roster" && error.description.hasPrefix("the roster: "))
        #expect(error.problem.code == error.code.rawValue)
    }

    @Test func aColumnsNameMovesNoCursor() throws {
        let error = try #require(
            failure(roster("n\u{1b}[2J\t\u{9b},\"a\nb\"\n1,2\n3,4\n"), RosterOptions(delimiter: .comma))
        )
        #expect(error.code == .noIDColumn)
        #expect(error.message.description.contains("n\\u001b[2J\\u0009\\u009b, a\\u000ab"))
    }

    @Test func noAdviceOnADelimiterForJSON() throws {
        for text in ["{}", ##"[{"id":"x"}]"##, ##"[{"n":1}]"##, ##"{"data":[{"n":1}]}"##] {
            let error = try #require(failure(roster(text)))
            #expect(error.code == .noIDColumn)
            #expect(!error.description.contains("delimiter"))
        }
    }

    @Test func namesWithoutEndAreCut() throws {
        let name = "e" + String(repeating: "\u{301}", count: 400)
        let text = "id,\(name),\(name)\n\(uuid(1)),2,3\n"
        let error = try #require(failure(Array(text.utf8), RosterOptions(idColumn: "uuid")))
        #expect(error.code == .unknownColumn)
        #expect(error.description.utf8.count < 700)
        let plain = String(String.UnicodeScalarView(error.description.unicodeScalars.filter(\.isASCII)))
        #expect(plain.contains("its columns are: id, e, e;"))
    }

    @Test func moreColumnsThanTheMostAreAnError() throws {
        let names = (1...1001).map { "c\($0)" }.joined(separator: ",")
        #expect(failure(roster("id,\(names)\n#1\n"))?.code == .tooManyColumns)
    }
}
