// What a killed process leaves on its disk.

import Foundation
import Synchronization

/// A folder as a process leaves it that is killed now.
///
/// A copy that is made while other threads write is a mixture of several moments, which no kill can leave.
/// So another process stops this one (SIGSTOP), waits until each of its threads stands still, copies, and
/// lets it go on.
enum DeadProcess {
    private static let script = """
        pid=$1 from=$2 to=$3
        rm -rf "$to"
        trap 'kill -CONT "$pid"' EXIT
        trap 'exit 1' HUP INT TERM
        kill -STOP "$pid" || exit
        while grep -h ^State: /proc/"$pid"/task/*/status | grep -qv '(stopped)'; do :; done
        [ ! -e "$from" ] || cp -a "$from" "$to"
        """

    /// Held while the process is stopped: who stops it second would be let go by the first.
    private static let stopping = Mutex(())

    /// - Throws: `SimulationFailure` where it cannot be copied.
    static func copy(_ folder: String, to copy: String) throws(SimulationFailure) {
        try stopping.withLock { _ throws(SimulationFailure) in try copyStopped(folder, to: copy) }
    }

    private static func copyStopped(_ folder: String, to copy: String) throws(SimulationFailure) {
        let words = ["sh", "-c", script, "sh", "\(getpid())", folder, copy]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ)
        guard code == 0 else {
            throw SimulationFailure("no shell can be started: \(String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw SimulationFailure("\(folder) cannot be copied (status \(status))") }
    }
}
