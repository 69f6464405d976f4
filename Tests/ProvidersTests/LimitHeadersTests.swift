// Everything that servers say of their limits, and everything that resembles it.

import HTTPTransport
import TestSupport
import Testing
import Model

@testable import Providers

@Suite struct LimitHeadersTests {
    /// Fri, 20 Nov 2026 23:46:57 GMT.
    private static let now = Timestamp(milliseconds: 1_795_218_417_000)

    private func announcement(_ fields: [(String, String)]) -> LimitAnnouncement? {
        LimitHeaders.announcement(in: HTTPHeaders(fields), now: Self.now)
    }

    private static let second = Rate(count: 10, window: .seconds(1))
    private static let minute = Rate(count: 300, window: .seconds(60))
    private static let day = Rate(count: 5000, window: .seconds(86_400))

    /// The header of an answer, and what it says.
    struct Form: Sendable, CustomTestStringConvertible {
        let fields: [(String, String)]
        let expected: LimitAnnouncement?

        init(_ fields: [(String, String)], _ expected: LimitAnnouncement?) {
            (self.fields, self.expected) = (fields, expected)
        }

        var testDescription: String { "\(fields)" }
    }

    private static func says(
        _ windows: [Rate] = [],
        limit: Int? = nil,
        remaining: Int? = nil,
        reset: Duration? = nil
    ) -> LimitAnnouncement {
        LimitAnnouncement(windows: windows, limit: limit, remaining: remaining, reset: reset)
    }

    private static let forms: [Form] = [
        // Ory Network, and gateways on Envoy.
        Form(
            [
                ("x-ratelimit-limit", "10, 10;w=1, 300;w=60"), ("x-ratelimit-remaining", "8"),
                ("x-ratelimit-reset", "1"),
            ],
            says([second, minute], limit: 10, remaining: 8, reset: .seconds(1))
        ),
        Form(
            [
                ("X-RateLimit-Reset", " 59 "), ("Content-Type", "application/json"),
                ("X-RATELIMIT-REMAINING", "0"),
                ("X-RateLimit-Limit", #"300, 10;w=1;name="a, b;w=7", 300;w=60"#),
            ],
            says([second, minute], limit: 300, remaining: 0, reset: .seconds(59))
        ),
        // GitHub: a moment.
        Form(
            [
                ("X-RateLimit-Limit", "5000"), ("X-RateLimit-Remaining", "4999"),
                ("X-RateLimit-Reset", "1795218447"), ("X-RateLimit-Used", "1"),
                ("X-RateLimit-Resource", "core"),
            ],
            says(limit: 5000, remaining: 4999, reset: .seconds(30))
        ),
        // Drafts 03 to 06.
        Form(
            [("RateLimit-Limit", "10"), ("RateLimit-Remaining", "8"), ("RateLimit-Reset", "1")],
            says(limit: 10, remaining: 8, reset: .seconds(1))
        ),
        Form(
            [("RateLimit-Limit", "10, 300;w=60, 10;w=1;comment=\"sliding\""), ("RateLimit-Remaining", "0")],
            says([second, minute], limit: 10, remaining: 0)
        ),
        Form(
            [
                ("RateLimit-Limit", "10"), ("RateLimit-Policy", "10;w=1, 300;w=60"),
                ("RateLimit-Remaining", "8"),
                ("RateLimit-Reset", "1"),
            ],
            says([second, minute], limit: 10, remaining: 8, reset: .seconds(1))
        ),
        // Draft 07.
        Form(
            [("RateLimit-Policy", "10;w=1, 300;w=60"), ("RateLimit", "limit=10, remaining=8, reset=1")],
            says([second, minute], limit: 10, remaining: 8, reset: .seconds(1))
        ),
        Form(
            [("RateLimit", "Reset = 1 , remaining=8,limit=\"10\"")],
            says(limit: 10, remaining: 8, reset: .seconds(1))
        ),
        // From draft 08 on.
        Form(
            [
                ("RateLimit", #""burst";r=8;t=1"#),
                ("RateLimit-Policy", #""burst";q=10;w=1, "sustained";q=300;w=60;pk=:abc=:"#),
            ],
            says([second, minute], limit: 10, remaining: 8, reset: .seconds(1))
        ),
        Form(
            [
                ("RateLimit-Policy", #""burst"; q=10; w=1"#),
                ("RateLimit-Policy", #""a, \"b;q=1;w=1"; q=300; w=60"#),
                ("RateLimit", #""burst";r=8;t=1, "a, \"b;q=1;w=1";r=3;t=40"#),
            ],
            says([second, minute], limit: 300, remaining: 3, reset: .seconds(40))
        ),
        Form(
            [("RateLimit", "daily;t=100;r=5;x"), ("RateLimit-Policy", "daily;q=5000;w=86400;qu=requests")],
            says([day], limit: 5000, remaining: 5, reset: .seconds(100))
        ),
        Form([("RateLimit-Policy", #""free";q=1000"#)], says(limit: 1000)),
        Form([("RateLimit", #""unknown";r=8"#)], says(remaining: 8)),
    ]

    @Test(arguments: forms) func everyFormIsRead(_ form: Form) {
        #expect(announcement(form.fields) == form.expected)
        // Whatever the order, and whatever else there is.
        let others = [
            ("Date", "x"), ("Retry-After", "9"), ("rate", "1"), ("", ""), ("x-request-id", "10;w=1"),
        ]
        let turned =
            form.fields.filter { $0.0 != "RateLimit-Policy" }.reversed()
            + form.fields.filter { $0.0 == "RateLimit-Policy" }
        #expect(announcement(others + turned + others) == form.expected)
    }

    @Test(arguments: [
        [], [("Date", "Fri, 20 Nov 2026 23:46:57 GMT"), ("Content-Length", "10")],
        [("x-ratelimit", "limit=1"), ("x-ratelimit-policy-x", "10;w=1"), ("ratelimit-limits", "1")],
        [("x-rate-limit-limit", "10"), ("xratelimit-limit", "10"), ("x-x-ratelimit-limit", "10")],
        [("ratelimit-", "10"), ("rate", "10"), ("x", "10"), ("x-", "10"), ("r", "10")],
        [("x-ratelimit-limit", ""), ("x-ratelimit-remaining", " "), ("x-ratelimit-reset", "\t")],
    ]) func whereNothingIsSaidThereIsNothing(_ fields: [(String, String)]) {
        #expect(announcement(fields) == nil)
    }

    @Test(arguments: [
        "many", "10;w=0", "-1;w=1", "+1;w=1", "10;w=-1", "10;w=99999999999", "10;w=31622401", ";;,=", "0;w=1",
        "0",
        "1000000001;w=1", "99999999999999999999999999999999", "1.5;w=1", "10;w=1.5", "10;w", "10;w=",
        "10;w=x", "٣;w=1", "10;w=٣", "0x10;w=1", "1e3;w=1", "10 20;w=1", "\"10\";w=1", "\"10;w=1", "\"", "\\",
        "\"\\", ",", ";", "=", "=10;w=1", "10=;q=x;w=1", "w=1;10", "\u{0};w=1", "q=10;w=1",
    ]) func whatCannotBeReadIsAsIfAbsent(_ text: String) {
        for name in ["x-ratelimit-limit", "RateLimit-Limit", "RateLimit-Policy"] {
            #expect(announcement([(name, text)]) == nil, "\(name)")
            // The rest of the list is read all the same, unless quotes are left open.
            let isOpen = !text.count { $0 == "\"" }.isMultiple(of: 2)
            #expect(
                announcement([(name, "\(text), 10;w=1")])?.windows == (isOpen ? nil : [Self.second]),
                "\(name)"
            )
        }
    }

    @Test func whatIsWrongWithACountIsAsIfAbsent() {
        for text in ["", "x", "-1", "+1", "1.5", "٣", "0x3", "3 4", "3=4", "\"3"] {
            #expect(announcement([("x-ratelimit-remaining", text)]) == nil, "\(text)")
            #expect(announcement([("RateLimit", "remaining=\(text)")]) == nil, "\(text)")
            #expect(announcement([("RateLimit", "a;r=\(text)")]) == nil, "\(text)")
        }
        for text in ["1000000001", "99999999999999999999999999", String(repeating: "9", count: 5000)] {
            #expect(announcement([("x-ratelimit-remaining", text)])?.remaining == Rate.countMax)
            #expect(announcement([("RateLimit", "a;r=\(text)")])?.remaining == Rate.countMax)
            #expect(announcement([("RateLimit", "limit=\(text)")]) == nil)
        }
    }

    @Test(arguments: [
        ("0", Duration.zero), ("1", .seconds(1)), ("0.25", .milliseconds(250)), ("3600", .seconds(3600)),
        ("3601", .seconds(3600)), ("31622400", .seconds(3600)),
        // Moments: past, as far as it goes, now, soon, and late.
        ("31622401", .zero), ("1790000000", .zero), ("1795218416", .zero), ("1795218417", .zero),
        ("1795218418", .seconds(1)), ("1795218417.5", .milliseconds(500)), ("1795222017", .seconds(3600)),
        ("1795222018", .seconds(3600)), ("9999999999", .seconds(3600)),
        // In milliseconds.
        ("1795218419250", .milliseconds(2250)), ("100000000000", .zero), ("1895218419250", .seconds(3600)),
        ("99999999999999999999", .seconds(3600)), (String(repeating: "9", count: 5000), .seconds(3600)),
    ]) func aResetIsSecondsOrAMomentAnHourAtMost(_ text: String, _ expected: Duration) {
        #expect(announcement([("x-ratelimit-reset", text)])?.reset == expected)
        #expect(announcement([("RateLimit-Reset", text)])?.reset == expected)
        #expect(announcement([("RateLimit", "reset=\(text)")])?.reset == expected)
        #expect(announcement([("RateLimit", "a;t=\(text)")])?.reset == expected)
    }

    @Test(arguments: ["", "-1", "+1", "soon", "1s", "1e9", ".", "1.2.3", "٣", "NaN", "inf"])
    func aResetThatCannotBeReadIsNone(_ text: String) {
        #expect(announcement([("x-ratelimit-reset", text)]) == nil)
        #expect(announcement([("RateLimit", "a;t=\(text)")])?.reset == nil)
    }

    @Test func aMomentIsByTheServersClock() {
        let fields = [("x-ratelimit-reset", "1795218447"), ("Date", "Fri, 20 Nov 2026 23:47:17 GMT")]
        #expect(announcement(fields)?.reset == .seconds(10))
        #expect(announcement([fields[0], ("Date", "today")])?.reset == .seconds(30))
    }

    @Test func theTightestLimitCounts() {
        #expect(
            announcement([("RateLimit", "a;r=8;t=1, b;r=0;t=1, c;r=0;t=30, d;r=0;t=2, e;r=0")])
                == LimitAnnouncement(remaining: 0, reset: .seconds(30))
        )
        // Of two servers in a row, both of which tell.
        #expect(
            announcement([
                ("x-ratelimit-limit", "10"), ("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "1"),
                ("RateLimit-Limit", "300"), ("RateLimit-Remaining", "5"), ("RateLimit-Reset", "50"),
            ]) == LimitAnnouncement(limit: 300, remaining: 5, reset: .seconds(50))
        )
        // What does not tell when there are more again is of no use.
        #expect(announcement([("RateLimit", "a;r=1, b;r=5;t=2")])?.remaining == 5)
    }

    @Test func whatComesTwiceCountsAsTheStricter() {
        #expect(
            announcement([
                ("x-ratelimit-limit", "20, 20;w=1"), ("x-ratelimit-limit", "10, 10;w=1, 300;w=60, 400;w=60"),
                ("x-ratelimit-remaining", "3"), ("x-ratelimit-remaining", "x"),
                ("x-ratelimit-remaining", "9"),
                ("x-ratelimit-reset", "1"), ("x-ratelimit-reset", "7"), ("x-ratelimit-reset", "x"),
            ])
                == LimitAnnouncement(
                    windows: [Self.second, Self.minute],
                    limit: 10,
                    remaining: 3,
                    reset: .seconds(7)
                )
        )
    }

    @Test func whatCountsNoRequestsIsLeftOut() {
        let policy =
            #""bytes";q=10;w=1;qu="content-bytes", "calls";q=300;qu="requests";w=60, "#
            + #"lanes;q=4;qu=concurrent-requests"#
        let standing = #""bytes";r=0;t=50, "calls";r=9;t=20, lanes;r=0;t=1"#
        #expect(
            announcement([("RateLimit", standing), ("RateLimit-Policy", policy)])
                == LimitAnnouncement(windows: [Self.minute], limit: 300, remaining: 9, reset: .seconds(20))
        )
        #expect(announcement([("RateLimit-Policy", #""bytes";q=10;w=1;qu="content-bytes""#)]) == nil)
        // A policy that cannot be read still tells what it counts.
        #expect(
            announcement([("RateLimit-Policy", "a;q=1;w=0;qu=bytes"), ("RateLimit", "a;r=0;t=50")]) == nil
        )
    }

    @Test func noneAtAllIsNoLimitButNothingLeftIsNothingLeft() {
        #expect(announcement([("x-ratelimit-limit", "0, 0;w=60")]) == nil)
        #expect(
            announcement([
                ("x-ratelimit-limit", "0"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "5"),
            ])
                == LimitAnnouncement(remaining: 0, reset: .seconds(5))
        )
    }

    @Test func thereAreNeverManyWindows() {
        let many = (1...10_000).map { "\($0);w=\($0)" }.joined(separator: ", ")
        let fields = ["x-ratelimit-limit", "RateLimit-Limit", "RateLimit-Policy"].map { ($0, many) }
        #expect(announcement(fields)?.windows.count == 8)
        #expect(LimitItem.list(ArraySlice(many.utf8)).count == LimitItem.countMax)
    }

    // MARK: - Whatever comes

    private static let names = [
        "x-ratelimit-limit", "X-RateLimit-Remaining", "x-ratelimit-reset", "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset", "RateLimit-Policy", "RateLimit", "Date",
    ]
    private static let pieces = [
        "1", "0", "60", "999999999", "31622400", "1795218420", "9999999999999999999999", "-", "+", ".", ";w=",
        ";q=",
        ";r=", ";t=", ";qu=", "=", ";", ",", ", ", "\"", "\\", "\"a\"", "a", "limit=", "remaining=", "reset=",
        " ",
        "requests", "\u{0}", "é", "٣", "Fri, 20 Nov 2026 23:46:57 GMT", ":abc=:",
    ]

    @Test(arguments: UInt64(1)...4) func randomPiecesNeverLeaveTheBounds(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var found = 0
        for _ in 0..<4000 {
            let fields = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                let count = Int.random(in: 0...12, using: &random)
                let value = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }
                return (Self.names.randomElement(using: &random) ?? "", value.joined())
            }
            if let announcement = announcement(fields) {
                found += 1
                if !isBounded(announcement) { Issue.record("\(fields): \(announcement)") }
            }
        }
        #expect(found > 300)
    }

    @Test(arguments: UInt64(1)...4) func randomBytesAreSurvived(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            // In the middle of something, as it comes.
            let items = LimitItem.list(([0x22, 0x2c] + bytes + [0x3b])[2..<(bytes.count + 2)])
            if items.count > LimitItem.countMax { Issue.record("\(bytes)") }
            let text = String(decoding: bytes, as: UTF8.self)
            for name in Self.names {
                if let announcement = announcement([(name, text)]), !isBounded(announcement) {
                    Issue.record("\(name): \(bytes): \(announcement)")
                }
            }
        }
    }

    private func isBounded(_ announcement: LimitAnnouncement) -> Bool {
        let windows = announcement.windows
        return announcement != LimitAnnouncement() && windows.count <= 8
            && windows.map(\.window) == Set(windows.map(\.window)).sorted()
            && windows.allSatisfy {
                (1...Rate.countMax).contains($0.count)
                    && (.seconds(1) ... .seconds(31_622_400)).contains($0.window)
            }
            && (1...Rate.countMax).contains(announcement.limit ?? 1)
            && (0...Rate.countMax).contains(announcement.remaining ?? 0)
            && (.zero ... .seconds(3600)).contains(announcement.reset ?? .zero)
    }
}

extension HTTPHeaders {
    fileprivate init(_ fields: [(String, String)]) {
        self.init(fields.map { HTTPHeader(name: $0.0, value: $0.1) })
    }
}
