// The time of day.

import CLinux

/// The system's clock.
///
/// It is asked in C: in optimised builds of whole modules Swift 6.3 does not find where Glibc's `timespec` is
/// defined.
package enum WallClock {
    /// Milliseconds since 1970.
    package static func milliseconds() -> Int64 { clinux_wall_clock_ms() }
}
