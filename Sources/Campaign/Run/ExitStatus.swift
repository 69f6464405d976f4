// What a command comes to, and the number that it exits with.

import Model
package import Work

/// What the program's exit codes mean; every `--help` lists them.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    case error = 1
    case withFailures = 3
    case credentialRefused = 4
    case stoppedEarly = 5
    case inUse = 11
    case usage = 64
    case interrupted = 130
    case terminated = 143

    /// For a run that stopped.
    package init(_ stop: StopReason) {
        switch stop {
        case .signal("sigint"): self = .interrupted
        case .signal: self = .terminated
        case .fatal(let answer) where answer.code == .credentialRefused: self = .credentialRefused
        case .fatal(let answer) where answer.code == .unreachable: self = .stoppedEarly
        case .maxDuration, .outage: self = .stoppedEarly
        case .maxFailures: self = .withFailures
        case .fenced: self = .inUse
        case .fatal, .roster, .ledger: self = .error
        case .maxIdentities: self = .done
        }
    }
}

/// What exit code 3 speaks of.
package enum ExitCodeScope: String, CaseIterable, Sendable {
    /// The rows of the roster: rejected ones, and identities that have neither a valid invitation nor
    /// activated.
    case roster
    /// What this run came upon: rows that the run before had not rejected, and identities that it ended as
    /// failed or has given up.
    case run
}
