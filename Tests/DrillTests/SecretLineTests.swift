// A line that is typed unseen.

import Drill
import Providers
import Testing
import Model

@Suite struct SecretLineTests {
    private func result(_ text: String) -> SecretLine.Next {
        var line = SecretLine()
        var next = SecretLine.Next.more
        for byte in text.utf8 {
            next = line.typed(byte)
            if next != .more { break }
        }
        return next
    }

    @Test(arguments: [
        ("046242\n", "046242"), ("046242\r", "046242"), (" 046242\t\n", "046242"), ("\n", ""),
        ("12\u{7f}3\u{8}4\n", "14"), ("wrong\u{15}right\n", "right"), ("ä\u{7f}b\n", "b"),
        ("\u{7f}1\n", "1"), ("12\u{4}", "12"), ("1\u{1b}2\n", "12"),
    ])
    func aLineIsEditedAndEntered(_ typed: String, _ line: String) {
        #expect(result(typed) == .entered(Secret(line)))
    }

    @Test(arguments: ["12\u{3}", "\u{3}", "\u{4}"])
    func itCanBeGivenUp(_ typed: String) {
        #expect(result(typed) == .givenUp)
    }

    @Test func aLineWithoutItsEndWantsMore() {
        #expect(result("12") == .more)
    }

    @Test func aLineIsBounded() {
        guard case .entered(let text) = result(String(repeating: "1", count: 5000) + "\n") else {
            Issue.record("not entered")
            return
        }
        #expect(text.revealed.count == 1024)
    }

    @Test func whatWasTypedIsNotPrinted() {
        #expect(!"\(result("046242\n"))".contains("046242"))
    }
}
