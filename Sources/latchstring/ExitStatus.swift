// The exit codes, as every `--help` lists them.

import ArgumentParser
import Campaign

extension ExitStatus {
    var meaning: String {
        switch self {
        case .done: "everybody in the roster has a valid invitation or has activated"
        case .error: "error"
        case .withFailures: "finished, but rows were rejected, or identities have no valid invitation"
        case .credentialRefused: "credential refused"
        case .stoppedEarly: "stopped early by a limit or an outage; run again to go on"
        case .inUse: "the campaign is in use by another run"
        case .usage: "the command line or a setting is wrong"
        case .interrupted: "interrupted by SIGINT, drained; run again to go on"
        case .terminated: "interrupted by SIGTERM or SIGHUP, drained; run again to go on"
        }
    }

    var exitCode: ExitCode { ExitCode(rawValue) }

    /// The list for `--help`: the same everywhere, for whoever writes scripts.
    ///
    /// - Parameter done: what 0 means there.
    static func help(done: String = ExitStatus.done.meaning) -> String {
        let lines = allCases.map { status in
            let number = String(status.rawValue)
            let meaning = status == .done ? done : status.meaning
            return "  \(number)\(String(repeating: " ", count: 5 - number.count))\(meaning)"
        }
        return "EXIT CODES:\n\(lines.joined(separator: "\n"))"
    }
}
