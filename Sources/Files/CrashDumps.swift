// What a program tells when it crashes: its memory, in a core file or in registers on the terminal.

import CLinux
import Glibc

/// What a crash writes down, which would hold codes and keys that the process has in memory.
package enum CrashDumps {
    /// No core file of this process from now on, nor of those that it starts; and no backtrace with the
    /// memory that registers point to, which Swift's runtime prints, unless the variable SWIFT_BACKTRACE asks
    /// for it.
    package static func forbid() {
        // Where the system forbids even that there is nothing more to be done, and no reason not to work.
        _ = clinux_forbid_core_dumps()
        if getenv("SWIFT_BACKTRACE") == nil {
            for crash in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
                signal(crash, SIG_DFL)
            }
        }
    }
}
