@testable import Pacing
import Testing

@Suite struct SlidingWindowTests {
    @Test func aRequestLeavesWhenTheWindowsLengthHasPassed() {
        var window = SlidingWindow(length: .seconds(10), grain: .milliseconds(10))
        window.add(at: .seconds(1))
        window.add(at: .seconds(2))
        window.expire(at: .milliseconds(10_999))
        #expect(window.count == 2)
        window.expire(at: .seconds(11))
        #expect(window.count == 1)
        window.expire(at: .seconds(12))
        #expect(window.count == 0)
    }

    @Test(arguments: [(3, nil), (2, 11), (1, 12), (0, 13)] as [(Int, Int?)])
    func saysWhenThereIsRoom(limit: Int, second: Int?) {
        var window = SlidingWindow(length: .seconds(10), grain: .milliseconds(10))
        for second in 1...3 { window.add(at: .seconds(second)) }
        #expect(window.time(whenAtMost: limit) == second.map { .seconds($0) })
    }

    @Test func requestsCloseTogetherLeaveTogetherWithTheLast() {
        var window = SlidingWindow(length: .seconds(10), grain: .milliseconds(10))
        window.add(at: .milliseconds(1000))
        window.add(at: .milliseconds(1009))
        window.add(at: .milliseconds(1010))
        window.expire(at: .milliseconds(11_008))
        #expect(window.count == 3)
        window.expire(at: .milliseconds(11_009))
        #expect(window.count == 1)
        #expect(window.time(whenAtMost: 0) == .milliseconds(11_010))
    }

    @Test func aTimeThatComesLateIsNotForgottenEarly() {
        var window = SlidingWindow(length: .seconds(10), grain: .milliseconds(10))
        window.add(at: .seconds(5))
        window.add(at: .seconds(4))
        window.expire(at: .milliseconds(14_999))
        #expect(window.count == 2)
        window.expire(at: .seconds(15))
        #expect(window.count == 0)
    }

    @Test func countsRightOverManyLengths() {
        var window = SlidingWindow(length: .seconds(1), limit: 1000)
        for millisecond in 1...10_000 {
            window.add(at: .milliseconds(millisecond))
            window.expire(at: .milliseconds(millisecond))
            #expect(window.count == min(millisecond, 1000))
        }
    }

    @Test func aMillionEventsTakeNoMoreMemoryThanSomeThousand() {
        var window = SlidingWindow(length: .seconds(3600), limit: 1_000_000)
        for number in 0..<1_000_000 { window.add(at: .microseconds(number * 3600)) }
        #expect(window.count == 1_000_000)
        #expect(window.entryCount <= SlidingWindow.entriesMax + 1)
        // Half of them leave within half of its length, and an entry's time.
        let half = window.time(whenAtMost: 500_000)
        #expect(half.map { $0 >= .seconds(5400) && $0 <= .seconds(5401) } == true)
    }

    @Test func upToSomeThousandAreKeptOneByOne() {
        var window = SlidingWindow(length: .seconds(3600), limit: 4096)
        for number in 0..<4096 { window.add(at: .microseconds(number)) }
        #expect(window.time(whenAtMost: 4095) == .seconds(3600))
        #expect(window.time(whenAtMost: 4000) == .seconds(3600) + .microseconds(95))
    }
}
