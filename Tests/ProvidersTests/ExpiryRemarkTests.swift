// Whether an invitation expires when it was asked to, and what is said where it does not.

import HTTPTransport
import Testing
import Model

@testable import Providers

@Suite struct ExpiryRemarkTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func remark(asked: Int, expires: Int, serverAhead: Int?) -> ExpiryRemark? {
        ExpiryRemark(
            asked: .seconds(asked),
            expiresAt: Self.now.advanced(by: .seconds(expires)),
            date: serverAhead.map { Self.now.advanced(by: .seconds($0)) },
            now: Self.now
        )
    }

    @Test(
        arguments: [
            (3600, 3600, 0), (3600, 3660, 0), (3600, 3540, 0), (3600, 3630, 30), (3600, 3600, nil),
            // The clocks make up for what the server leaves out.
            (3600, 3600, 300),
        ] as [(Int, Int, Int?)]
    )
    func whatAgreesIsNotWorthAWord(_ asked: Int, _ expires: Int, _ serverAhead: Int?) {
        #expect(remark(asked: asked, expires: expires, serverAhead: serverAhead) == nil)
    }

    @Test func aServerThatGivesItsOwnValidityIsNamed() {
        #expect(
            remark(asked: 259_200, expires: 3600, serverAhead: 0)
                == .validityIgnored(asked: .seconds(259_200), given: .seconds(3600))
        )
        // Also where its clock is off as well.
        #expect(
            remark(asked: 259_200, expires: 3600 + 500, serverAhead: 500)
                == .validityIgnored(asked: .seconds(259_200), given: .seconds(3600))
        )
        #expect(remark(asked: 3600, expires: 3661, serverAhead: 0) != nil)
        #expect(remark(asked: 3600, expires: 3539, serverAhead: 0) != nil)
    }

    /// The earliest and the latest that RFC 3339 can write, and a issueRequest as long as any.
    @Test(
        arguments: ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-23:59"],
        [60, 100 * 366 * 86_400]
    )
    func anAbsurdExpiryHasItsWord(_ text: String, _ asked: Int) throws {
        let expiresAt = try #require(Timestamp(rfc3339: text))
        for date in [nil, Self.now, expiresAt] {
            let remark = ExpiryRemark(asked: .seconds(asked), expiresAt: expiresAt, date: date, now: Self.now)
            #expect(try #require(remark).description.contains(" d "))
        }
    }

    @Test(arguments: [61, -61, 7200, -7200])
    func aClockThatIsOffIsNamed(_ ahead: Int) {
        #expect(
            remark(asked: 3600, expires: 3600 + ahead, serverAhead: ahead)
                == .clocksDiffer(by: .seconds(ahead))
        )
    }

    @Test func withoutADateNobodyKnowsWhy() {
        #expect(remark(asked: 3600, expires: 7200, serverAhead: nil) == .unexplained(by: .seconds(3600)))
    }

    @Test(
        arguments: [
            ("Fri, 20 Nov 2026 23:46:57 GMT", "2026-11-21T00:46:57Z", ExpiryRemark?.none),
            (
                "Fri, 20 Nov 2026 23:46:57 GMT", "2026-11-21T02:46:57Z",
                .validityIgnored(asked: .seconds(3600), given: .seconds(10_800))
            ),
            ("Fri, 20 Nov 2026 23:56:57 GMT", "2026-11-21T00:56:57Z", .clocksDiffer(by: .seconds(600))),
            ("yesterday", "2026-11-21T02:46:57Z", .unexplained(by: .seconds(7200))),
            (nil, "2026-11-21T02:46:57Z", .unexplained(by: .seconds(7200))),
            ("Fri, 20 Nov 2026 23:46:57 GMT", "soon", nil),
            ("Fri, 20 Nov 2026 23:46:57 GMT", nil, nil),
        ] as [(String?, String?, ExpiryRemark?)]
    )
    func anAnswerTellsItByItsDate(_ date: String?, _ expiresAt: String?, _ expected: ExpiryRemark?) throws {
        let response = HTTPResponse(
            status: 201,
            headers: HTTPHeaders(date.map { [HTTPHeader(name: "Date", value: $0)] } ?? [])
        )
        let now = try #require(Timestamp(rfc3339: "2026-11-20T23:46:57Z"))
        let recovery = IssuedCode(code: "1", link: "/r", expiresAtText: expiresAt)
        #expect(ExpiryRemark(asked: .seconds(3600), recovery, response, now: now) == expected)
    }

    @Test(arguments: [
        (
            ExpiryRemark.validityIgnored(asked: .seconds(259_200), given: .seconds(3600)),
            ["expires-in", "3 d 0 h", "1 h 0 min"]
        ),
        (
            .validityIgnored(asked: .seconds(3600), given: .seconds(-7200)),
            ["have expired when they come, 2 h 0 min before"]
        ),
        (.clocksDiffer(by: .seconds(600)), ["10 min 0 s ahead of"]),
        (.clocksDiffer(by: .seconds(-600)), ["10 min 0 s behind"]),
        (.unexplained(by: .seconds(600)), ["10 min 0 s later", "expires-in"]),
        (.unexplained(by: .seconds(-600)), ["10 min 0 s earlier"]),
    ])
    func aRemarkIsASentence(_ remark: ExpiryRemark, _ words: [String]) {
        for word in words { #expect("\(remark)".contains(word), "\(remark)") }
    }
}
