import GRDB
import Ledger
import TestSupport
import Testing
import Model

@testable import SQLiteLedger

/// How long runs are kept small.
@Suite struct RunSeriesTests {
    private func bucket(_ number: Int) -> RunBucket {
        var bucket = RunBucket(at: LedgerFixture.now.advanced(by: .seconds(number * 10)))
        bucket.requests = 1
        bucket.latency.record(.milliseconds(number))
        return bucket
    }

    @Test func aLongRunHasCoarserBuckets() throws {
        let campaign = try LedgerFixture()
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let run = try campaign.beginRun()
        for number in 0..<100 {
            try ledger.write { db in
                try SQLiteLedger.write(RunHistory(buckets: [bucket(number)]), of: run, bucketsMax: 12, db)
            }
            let series = try ledger.series(of: run)
            #expect(series.count <= 12)
            #expect(series.reduce(0) { $0 + $1.requests } == number + 1, "nothing is lost")
            #expect(series.reduce(0) { $0 + $1.latency.count } == number + 1)
        }
        let series = try ledger.series(of: run)
        let seconds = try #require(series.first?.seconds)
        #expect(seconds == 160)
        #expect(series.allSatisfy { $0.seconds == seconds })
        #expect(series.allSatisfy { $0.begin.milliseconds % Int64(seconds * 1000) == 0 })
        #expect(zip(series, series.dropFirst()).allSatisfy { $0.begin < $1.begin })
    }

    @Test func theFirstEventsAndTheStopAreKept() throws {
        let campaign = try LedgerFixture()
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let run = try campaign.beginRun()
        for number in 0..<5 {
            let events = (0..<3).map { _ in
                NotableEvent(.lock, at: LedgerFixture.now, details: ["number": "\(number)"])
            }
            try ledger.write { db in
                try SQLiteLedger.write(RunHistory(events: events), of: run, eventsMax: 10, db)
            }
        }
        let stop = NotableEvent(.stop, at: LedgerFixture.now.advanced(by: .seconds(1)))
        try ledger.write { db in
            let lock = NotableEvent(.lock, at: LedgerFixture.now)
            try SQLiteLedger.write(RunHistory(events: [lock, stop]), of: run, eventsMax: 10, db)
        }
        let events = try ledger.events(of: run)
        #expect(
            events.dropLast().map { $0.details["number"] } == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3].map { "\($0)" }
        )
        #expect(events.last == stop)
    }

    @Test func aRecorderWithoutALedgerStaysSmall() {
        let recorder = RunRecorder()
        for number in 0..<2000 {
            recorder.add(bucket(number))
            recorder.note(NotableEvent(.lock, at: LedgerFixture.now))
        }
        let notes = recorder.take(at: LedgerFixture.now, isEnd: true)
        #expect(notes.buckets.count == 1000)
        #expect(notes.buckets.reduce(0) { $0 + $1.requests } == 2000)
        #expect(notes.events.count == 1000)
        #expect(recorder.take(at: LedgerFixture.now, isEnd: true).isEmpty)
        recorder.putBack(notes)
        #expect(recorder.take(at: LedgerFixture.now, isEnd: true) == notes)
    }

    /// Figures are worth less than codes.
    @Test func aSeriesThatCannotBeWrittenStopsNoRun() throws {
        let campaign = try LedgerFixture()
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let recorder = RunRecorder()
        ledger.attach(recorder, to: run)
        try ledger.write { db in
            try SQLiteLedger.write(RunHistory(buckets: [bucket(0)]), of: run, db)
            try db.execute(sql: "UPDATE run_bucket SET latency = x'ff'")
        }
        recorder.note(NotableEvent(.lock, at: LedgerFixture.now))
        recorder.add(bucket(1))
        let later = LedgerFixture.now.advanced(by: .seconds(30))
        func claim() throws -> Int {
            try ledger.commit([], run: run, progress: RunProgress(), claiming: 1, at: later).claims.count
        }
        #expect(try claim() == 1)
        #expect(recorder.failure?.contains("time series") == true)
        #expect(try ledger.events(of: run).isEmpty, "all of it or nothing")
        #expect(recorder.take(at: later, isEnd: true).isEmpty, "it is not tried again")
        #expect(try claim() == 1)
    }

    @Test func eventsAreInTheOrderOfTime() throws {
        let campaign = try LedgerFixture()
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let run = try campaign.beginRun()
        let later = NotableEvent(.stop, at: LedgerFixture.now.advanced(by: .seconds(1)))
        try ledger.write { db in
            let first = NotableEvent(.concurrencyLevel, at: LedgerFixture.now)
            try SQLiteLedger.write(RunHistory(events: [later, first]), of: run, db)
        }
        #expect(try ledger.events(of: run).map(\.kind) == [.concurrencyLevel, .stop])
    }
}
