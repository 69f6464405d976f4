// Time series and notable events of runs.

import Foundation
import GRDB
package import Ledger
import Synchronization
import Model

extension SQLiteLedger {
    package func attach(_ recorder: RunRecorder, to run: RunID) {
        recorders.withLock { $0[run] = recorder }
    }

    /// One transaction of a run, which also writes what the run's recorder has to tell.
    func noting<T>(
        _ run: RunID,
        at time: Timestamp,
        isEnd: Bool = false,
        _ body: (Database) throws -> T
    ) throws -> T {
        guard let recorder = recorders.withLock({ $0[run] }) else { return try write(body) }
        let notes = recorder.take(at: time, isEnd: isEnd)
        do {
            return try write { db in
                let value = try body(db)
                if !notes.isEmpty { try Self.write(notes, of: run, for: recorder, db) }
                return value
            }
        } catch {
            recorder.putBack(notes)
            throw error
        }
    }

    /// Writes them, or leaves them out where they alone are what the ledger does not take.
    ///
    /// - Throws: what no part of the transaction can bear, such as a disk that is full.
    private static func write(
        _ notes: RunHistory,
        of run: RunID,
        for recorder: RunRecorder,
        _ db: Database
    ) throws {
        do {
            try db.inSavepoint {
                try write(notes, of: run, db)
                return .commit
            }
        } catch {
            guard let reason = reasonToLeaveOut(error) else { throw error }
            recorder.failed("part of the run's time series was left out: \(reason)")
        }
    }

    /// What there is to say of an error that concerns its own statement alone; nil of others.
    private static func reasonToLeaveOut(_ error: any Error) -> String? {
        switch error {
        case let error as DatabaseError:
            let isItsOwn = [.SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG]
                .contains(error.resultCode)
            return isItsOwn ? error.message ?? "the ledger does not say why" : nil
        case let error as UnexpectedValue: return "the ledger holds \(error.what)"
        case is RowDecodingError: return "a value is of another type than it was written with"
        default: return nil
        }
    }

    /// - Parameter bucketsMax: beyond so many, buckets of the run are merged.
    static func write(
        _ notes: RunHistory,
        of run: RunID,
        bucketsMax: Int = RunBucket.keptPerRun,
        eventsMax: Int = NotableEvent.keptPerRun,
        _ db: Database
    ) throws {
        if !notes.events.isEmpty { try write(notes.events, of: run, max: eventsMax, db) }
        if !notes.buckets.isEmpty { try write(notes.buckets, of: run, max: bucketsMax, db) }
    }

    private static func write(_ events: [NotableEvent], of run: RunID, max limit: Int, _ db: Database) throws
    {
        let last = try Int.fetchOne(
            db,
            sql: "SELECT max(number) FROM run_event WHERE run = ?",
            arguments: [run.number]
        )
        let insert = try db.cachedStatement(
            sql: "INSERT INTO run_event (run, number, at_ms, kind, details) VALUES (?, ?, ?, ?, ?)"
        )
        var number = last ?? 0
        for event in events where number < limit || event.kind == .stop {
            number += 1
            try insert.execute(arguments: [
                run.number, number, event.at.milliseconds, event.kind.rawValue, json(event.details),
            ])
        }
    }

    private static func write(_ buckets: [RunBucket], of run: RunID, max limit: Int, _ db: Database) throws {
        let latest = try series(of: run, "ORDER BY begin_ms DESC LIMIT 1", db).first
        let seconds = latest?.seconds ?? RunBucket.secondsMin
        for new in RunBucket.coarser(buckets, seconds: seconds) {
            var bucket = new
            let known = try series(of: run, "AND begin_ms = ?", db, [new.begin.milliseconds]).first
            if var known {
                known.merge(new)
                bucket = known
            }
            try insert(bucket, of: run, db)
        }
        let count = try Int.fetchOne(
            db,
            sql: "SELECT count(*) FROM run_bucket WHERE run = ?",
            arguments: [run.number]
        )
        guard let count, count > limit else { return }
        let all = try series(of: run, "ORDER BY begin_ms", db)
        try db.execute(sql: "DELETE FROM run_bucket WHERE run = ?", arguments: [run.number])
        for bucket in RunBucket.coarser(all, seconds: seconds * 2) { try insert(bucket, of: run, db) }
    }

    private static func insert(_ bucket: RunBucket, of run: RunID, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO run_bucket (run, begin_ms, seconds, requests, issued, retries,
                    rate_limited_answers, failures, in_flight, limit_in_force, latency)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            run.number, bucket.begin.milliseconds, bucket.seconds, bucket.requests, bucket.issued,
            bucket.retries, bucket.rateLimitedAnswers, json(bucket.failures), bucket.inFlight,
            bucket.limitInForce, Data(bucket.latency.bytes),
        ])
    }

    private static func json(_ value: [String: some Encodable]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try String(decoding: encoder.encode(value), as: UTF8.self)
    }
}

// MARK: - Reading

extension SQLiteLedger {
    package func series(of run: RunID) throws -> [RunBucket] {
        try read { db in try Self.series(of: run, "ORDER BY begin_ms", db) }
    }

    private static func series(
        of run: RunID,
        _ which: String,
        _ db: Database,
        _ further: StatementArguments = []
    ) throws -> [RunBucket] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT begin_ms, seconds, requests, issued, retries, rate_limited_answers, failures,
                        in_flight, limit_in_force, latency
                    FROM run_bucket WHERE run = ? \(which)
                    """
            ),
            arguments: [run.number] + further
        ).map { row in
            let seconds = try row.count(at: 1)
            let failures: [String: Int] = try row.json(at: 6)
            guard seconds > 0, failures.values.allSatisfy(Row.isCount),
                let latency = LatencyHistogram(bytes: [UInt8](try row.at(9) as Data))
            else { throw UnexpectedValue("a piece of a run's series that is none") }
            var bucket = RunBucket(at: Timestamp(milliseconds: try row.at(0)), seconds: seconds)
            bucket.requests = try row.count(at: 2)
            bucket.issued = try row.count(at: 3)
            bucket.retries = try row.count(at: 4)
            bucket.rateLimitedAnswers = try row.count(at: 5)
            bucket.inFlight = try row.count(at: 7)
            (bucket.failures, bucket.limitInForce, bucket.latency) = (failures, try row.at(8), latency)
            return bucket
        }
    }

    package func events(of run: RunID) throws -> [NotableEvent] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT at_ms, kind, details FROM run_event WHERE run = ? ORDER BY at_ms, number",
                arguments: [run.number]
            ).map { row in
                NotableEvent(
                    NotableEvent.Kind(rawValue: try row.at(1)),
                    at: Timestamp(milliseconds: try row.at(0)),
                    details: try row.json(at: 2)
                )
            }
        }
    }
}
