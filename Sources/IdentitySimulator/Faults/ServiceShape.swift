// How fast a server is: what its database takes for one request, and what many at once do to that.

/// The service that every issuing request waits for, as for one of a database's connections.
///
/// A request waits first come first served for one of `lanes`, and holds it for `time`. Alone that makes a
/// throughput that grows with the requests in flight up to the lanes, and stays: past that, requests only
/// wait longer. `sharing` bends the way up, `contention` the way on.
package struct ServiceShape: Hashable, Sendable {
    /// How long a request holds its lane when it has the server to itself; zero for no service at all.
    package var time: Duration
    /// From 1.
    package var lanes: Int
    /// By which share, from 0 to 1, a time may be shorter or longer: evenly spread, and by the seed.
    package var jitter: Double
    /// By which share every other busy lane makes a time longer, as where lanes share cores and locks.
    package var sharing: Double
    /// By which share a time becomes longer at most, the more requests wait.
    package var contention: Double

    package init(
        time: Duration = .zero,
        lanes: Int = 1,
        jitter: Double = 0,
        sharing: Double = 0,
        contention: Double = 0
    ) {
        self.time = time
        self.lanes = lanes
        self.jitter = jitter
        self.sharing = sharing
        self.contention = contention
    }
}

/// A Kratos v26.2 on two cores by its database, as measured over 1, 8, 32 and 128 connections.
package enum ServicePreset: String, CaseIterable, Sendable {
    /// 527, 1044, 968 and 987 requests a second: the optimum is at about 8.
    case postgresql
    /// SQLite with a write-ahead log: 510, 666, 597 and 590 a second, the optimum from 4 to 8.
    case sqliteWAL = "sqlite-wal"
    /// SQLite with a rollback journal: 254, 216, 213 and 206 a second, the optimum at 1.
    case sqlite

    package var shape: ServiceShape {
        switch self {
        case .postgresql:
            ServiceShape(time: .microseconds(1900), lanes: 8, jitter: 0.2, sharing: 0.43, contention: 0.08)
        case .sqliteWAL:
            ServiceShape(time: .microseconds(1960), lanes: 8, jitter: 0.2, sharing: 0.73, contention: 0.13)
        case .sqlite:
            ServiceShape(time: .microseconds(3940), lanes: 1, jitter: 0.2, contention: 0.2)
        }
    }
}
