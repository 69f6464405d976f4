// What has happened while a run was on.

import Synchronization

/// What those who meddle with a run tell whoever judges it.
final class Course: Sendable {
    struct Facts: Sendable {
        var hasEnded = false
        /// Whether the server broke down.
        var wasCut = false
        /// Whether it is down now.
        var isDown = false
        /// Whether another run took over.
        var wasJoined = false
        /// Whether an export was killed, which may have come after the run's own.
        var hasHalfExport = false
        /// Whether another process wrote a batch.
        var hasHandedOver = false
    }

    /// The options of the run besides those of its round.
    let options: [String]
    let facts = Mutex(Facts())

    init(options: [String]) { self.options = options }
}
