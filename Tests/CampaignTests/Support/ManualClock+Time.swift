// The tests' clock as the sources take time.

import Pacing
import TestSupport
import Model

extension ManualClock {
    /// This clock for the sources; the wall clock begins at `start` and keeps step.
    var time: TimeSource {
        TimeSource(self, wallClock: { Self.start.advanced(by: self.elapsed) })
    }

    /// 2026-11-20T23:46:57Z.
    static let start = Timestamp(milliseconds: 1_795_218_417_000)
}
