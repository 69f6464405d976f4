// How a run went on: its time series and its notable events.

package import Model

/// What happened in a run within a few seconds.
package struct RunBucket: Equatable, Sendable {
    /// A multiple of the length.
    package var begin: Timestamp
    package var seconds: Int
    package var requests = 0
    package var issued = 0
    package var retries = 0
    /// Answers with status 429.
    package var rateLimitedAnswers = 0
    /// How many attempts failed, by the kind of failure.
    package var failures: [String: Int] = [:]
    /// The most requests in flight at a time.
    package var inFlight = 0
    /// The limits that held last, such as `8/s, 175/m`; nil without any.
    package var limitInForce: String?
    /// How long answers took.
    package var latency = LatencyHistogram()

    /// How long a bucket is in a run that is not longer than a day.
    package static let secondsMin = 10
    /// As many are kept for each run; then pairs are merged.
    package static let keptPerRun = 10_000

    /// An empty bucket that `time` falls into.
    package init(at time: Timestamp, seconds: Int = secondsMin) {
        self.seconds = seconds
        begin = Self.begin(of: time, seconds)
    }

    /// Whether all of its time has passed.
    package func isOver(at time: Timestamp) -> Bool {
        time.milliseconds >= begin.milliseconds + Int64(seconds) * 1000
    }

    /// Adds a later one, or another part of the same one; its begin and its length stay.
    package mutating func merge(_ other: RunBucket) {
        requests += other.requests
        issued += other.issued
        retries += other.retries
        rateLimitedAnswers += other.rateLimitedAnswers
        failures.merge(other.failures, uniquingKeysWith: +)
        inFlight = max(inFlight, other.inFlight)
        limitInForce = other.limitInForce ?? limitInForce
        latency.merge(other.latency)
    }

    /// The same in buckets of that length.
    ///
    /// - Parameter buckets: in the order of time.
    package static func coarser(_ buckets: [RunBucket], seconds: Int) -> [RunBucket] {
        var merged: [RunBucket] = []
        for bucket in buckets {
            let begin = Self.begin(of: bucket.begin, seconds)
            if merged.last?.begin != begin { merged.append(RunBucket(at: begin, seconds: seconds)) }
            merged[merged.count - 1].merge(bucket)
        }
        return merged
    }

    private static func begin(of time: Timestamp, _ seconds: Int) -> Timestamp {
        let length = Int64(seconds) * 1000
        return Timestamp(milliseconds: time.milliseconds - time.milliseconds % length)
    }
}

/// Something that happened in a run and is worth telling later.
package struct NotableEvent: Hashable, Sendable {
    /// What kind of event it is; a later version of the program may know more of them.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package static let outageBegan = Kind(rawValue: "outage_began")
        package static let outageEnded = Kind(rawValue: "outage_ended")
        package static let keyRenewed = Kind(rawValue: "key_renewed")
        package static let limitLearnt = Kind(rawValue: "limit_learnt")
        package static let concurrencyLevel = Kind(rawValue: "concurrency_level")
        package static let lock = Kind(rawValue: "lock")
        package static let stop = Kind(rawValue: "stop")
    }

    package let at: Timestamp
    package let kind: Kind
    /// What there is to say of it, by name; nothing secret.
    package let details: [String: String]

    package init(_ kind: Kind, at time: Timestamp, details: [String: String] = [:]) {
        self.kind = kind
        at = time
        self.details = details
    }

    /// As many are kept for each run, the first ones; and its stop, whatever came before.
    package static let keptPerRun = 10_000
}
