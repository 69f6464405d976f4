// Sentences whose settings are spelled by whoever shows them.

import Testing
import Model

@Suite struct WordingTests {
    private func spelled(_ wording: Wording) -> String {
        wording.spelled { piece in
            switch piece {
            case .words(let text): "never: \(text)"
            case .setting(let name, let value): "<\(name.rawValue)\(value.map { "=" + $0 } ?? "")>"
            case .variable(let name, let value): "$\(name.rawValue)\(value.map { "=" + $0 } ?? "")"
            }
        }
    }

    @Test func settingsAreSpelledByWhoeverShowsThem() {
        let count = 3
        let wording: Wording =
            "check \(count) of \(.server), or \(.method, "link"); \(variable: .proxy, "none")"
        #expect(spelled(wording) == "check 3 of <server>, or <method=link>; $proxy=none")
        #expect("\(wording)" == "check 3 of server, or method link; proxy none")
    }

    @Test func equalTextsAreEqual() {
        let name = "ab"
        #expect("\(name)c" as Wording == "a" + "bc" && Wording("") == "" && ("" as Wording).isEmpty)
        #expect("\(.server)" as Wording != "server")
        #expect(["a", "\(.server)", "b"].joined(separator: "; ") as Wording == "a; \(.server); b")
        #expect(([] as [Wording]).joined(separator: "; ").isEmpty)
    }

    @Test func aWordingStandsInAnother() {
        let inner: Wording = "give \(.apiKeyFile)"
        #expect(spelled("first \(inner), then go") == "first give <api-key-file>, then go")
    }

    @Test func aProblemIsOneSentence() {
        #expect("\(Problem("a", "it is gone"))" == "it is gone")
        #expect("\(Problem("a", "it is gone", advice: "find it"))" == "it is gone: find it")
        #expect("\(Problem("a", "401: no right", advice: "get one"))" == "401: no right; get one")
        #expect("\(Problem("a", "http://x redirects", advice: "go"))" == "http://x redirects: go")
        #expect("\(Problem("a", at: "a.csv", "it is gone", advice: "go"))" == "a.csv: it is gone: go")
        #expect("\(Problem("a", "it is gone", advice: "It was here."))" == "it is gone. It was here.")
    }
}
