// The exit codes, in one place.

import ArgumentParser
import Campaign
import IdentityAPI
import Vocabulary
import Work

/// What the program's exit codes mean; every `--help` lists them.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case error = 1
    case withFailures = 3
    case credentialRefused = 4
    case stoppedEarly = 5
    case inUse = 11
    case usage = 64
    case interrupted = 130
    case terminated = 143

    var meaning: String {
        switch self {
        case .done: "every enrolled identity is issued"
        case .error: "error"
        case .withFailures: "finished, but rows were rejected, or identities failed or are pending"
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

    /// For a run that stopped.
    init(_ stop: StopReason) {
        switch stop {
        case .signal("sigint"): self = .interrupted
        case .signal: self = .terminated
        case .fatal(let answer) where answer.code == .credentialRefused: self = .credentialRefused
        case .fatal(let answer) where answer.code == .unreachable: self = .stoppedEarly
        case .maxDuration, .outage: self = .stoppedEarly
        case .maxFailures: self = .withFailures
        case .fatal, .roster, .ledger: self = .error
        case .maxIdentities: self = .done
        }
    }
}
