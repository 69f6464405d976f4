// The line about a run's progress, by its figures and the columns of the terminal.

import Pacing
import Testing
import Model

@testable import Campaign

@Suite struct ProgressLineTests {
    private static let limits = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]

    private static func figures(_ change: (inout ProgressFigures) -> Void = { _ in }) -> ProgressFigures {
        var figures = ProgressFigures()
        (figures.done, figures.total, figures.failed) = (26_066, 50_000, 4)
        (figures.perSecond, figures.timeLeft) = (2.9, .seconds(8206))
        (figures.limits, figures.limitedBy) = (limits, .operator)
        change(&figures)
        return figures
    }

    struct Case: Sendable {
        let columns: Int
        let text: String
        let figures: ProgressFigures

        init(_ columns: Int, _ text: String, _ change: (inout ProgressFigures) -> Void = { _ in }) {
            (self.columns, self.text, self.figures) = (columns, text, ProgressLineTests.figures(change))
        }
    }

    @Test(arguments: [
        Case(
            200,
            "52% [##########..........] 26,066 of 50,000, 4 failed, 2.9/s, limited to 8/s and 175/m, "
                + "2 h 17 min left"
        ),
        Case(80, "52%, 26,066 of 50,000, 4 failed, 2.9/s, 2 h 17 min left"),
        Case(40, "52%, 26,066 of 50,000, 2 h 17 min left"),
        Case(38, "52%, 26,066 of 50,000, 2 h 17 min left"),
        Case(37, "52%, 26,066 of 50,000"),
        Case(20, "52%"),
        Case(2, ""),
        Case(79, "7%, 26,066 of 354,000 so far, 4 failed, 2.9/s, at least 2 h 17 min left") {
            ($0.total, $0.isTotalGrowing) = (354_000, true)
        },
        Case(
            200,
            "7% [#...................] 26,066 of 354,000 so far, 2.9/s, limited to 8/s and 175/m"
        ) { ($0.total, $0.isTotalGrowing, $0.failed, $0.timeLeft) = (354_000, true, 0, nil) },
        Case(78, "52%, 26,066 of 50,000, 1,234/s, 64 at a time, 19.4 s left") {
            ($0.perSecond, $0.timeLeft, $0.failed) = (1233.7, .seconds(19.4), 0)
            ($0.limits, $0.limitedBy, $0.concurrency) = ([], .concurrency, 64)
        },
        Case(60, "52%, 26,066 of 50,000, 2.9/s, limited by the server") {
            ($0.limits, $0.limitedBy, $0.failed, $0.timeLeft) = ([], .server, 0, nil)
        },
        Case(79, "52%, 26,066 of 50,000, 2.9/s, limited by the server to 17/s, 1.0 s left") {
            ($0.limits, $0.limitedBy) = ([Rate(count: 17, window: .seconds(1))], .server)
            ($0.failed, $0.timeLeft) = (0, .seconds(1))
        },
        Case(79, "52%, 26,066 of 50,000, 4 failed, outage for 3 min 20 s") { $0.outage = .seconds(200) },
        Case(
            140,
            "52% [##########..........] 26,066 of 50,000, 4 failed, nearly every request has failed for "
                + "3 min 20 s: probing the server"
        ) { $0.outage = .seconds(200) },
        Case(40, "52%, outage for 3 min 20 s") { $0.outage = .seconds(200) },
        Case(40, "52%, 26,066 of 50,000, waiting 12.0 s") { $0.hold = .seconds(12) },
        Case(79, "52%, 26,066 of 50,000, 4 failed, the server asks to wait 12.0 s") {
            $0.hold = .seconds(12)
        },
        Case(79, "99%, 49,999 of 50,000, 4 failed, 2.9/s, limited to 8/s and 175/m, 0.3 s left") {
            ($0.done, $0.timeLeft) = (49_999, .seconds(0.3))
        },
        Case(30, "100%, 50,000 of 50,000") { $0.done = 50_000 },
        Case(12, "0%, 0 of 7") { ($0.done, $0.total, $0.failed) = (0, 7, 0) },
        Case(12, "100%, 0 of 0") { ($0.done, $0.total, $0.failed) = (0, 0, 0) },
    ])
    func wholePartsFit(_ known: Case) {
        let text = ProgressLine(known.figures).text(columns: known.columns)
        #expect(text == known.text)
        #expect(text.count <= known.columns)
    }

    /// At any width nothing but whole parts is left out.
    @Test func nothingIsCutInTheMiddle() {
        for change: (inout ProgressFigures) -> Void in [
            { _ in }, { $0.outage = .seconds(4000) }, { $0.hold = .seconds(90) },
            { $0.isTotalGrowing = true },
        ] {
            let line = ProgressLine(Self.figures(change))
            let whole = Set(
                line.text.split(separator: ", ") + ["outage for 1 h 7 min", "waiting 1 min 30 s"]
            )
            for columns in 0..<200 {
                let text = line.text(columns: columns)
                #expect(text.count <= columns)
                let parts = text.split(separator: "] ").last?.split(separator: ", ") ?? []
                #expect(parts.allSatisfy { whole.contains($0) }, "\(columns): \(text)")
            }
        }
    }

    @Test(arguments: [
        (80, "354,000 rows read, 12 identities new"), (30, "354,000 rows read"), (5, ""),
    ])
    func stepsFitToo(_ columns: Int, _ text: String) {
        #expect(ProgressLine.fitting("354,000 rows read, 12 identities new", columns: columns) == text)
    }
}
