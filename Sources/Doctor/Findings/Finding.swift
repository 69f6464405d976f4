// What one check came to: the terms that the whole module speaks in.

package import Model

/// What doctor looks at, in the order in which it tells of it.
///
/// The raw values are part of the format of `--json`.
package enum Check: String, Hashable, Sendable, CaseIterable {
    case reach, tls, alive, ready, version
    case adminAPI = "admin_api"
    case credential, method, limits, clock
    case recovery
    case roster, identities
    case outputFolder = "output_folder"
    case diskSpace = "disk_space"
}

/// What a check found, and what to do about it.
package struct Finding: Hashable, Sendable {
    /// The raw values are part of the format of `--json`.
    package enum State: String, Hashable, Sendable, CaseIterable {
        case ok
        /// A run works, but not all may go as it is meant to.
        case warning
        /// A run would fail.
        case problem
        /// Not looked at; the message says why.
        case skipped
    }

    package let check: Check
    package let state: State
    /// What was found; without secrets, and in one line.
    package let message: Wording
    /// What to do; empty where nothing is to be done.
    package let advice: Wording

    package static func ok(_ check: Check, _ message: Wording) -> Finding {
        Finding(check: check, state: .ok, message: message, advice: "")
    }

    package static func warning(_ check: Check, _ message: Wording, _ advice: Wording) -> Finding {
        Finding(check: check, state: .warning, message: message, advice: advice)
    }

    package static func problem(_ check: Check, _ message: Wording, _ advice: Wording) -> Finding {
        Finding(check: check, state: .problem, message: message, advice: advice)
    }

    package static func skipped(_ check: Check, _ why: Wording) -> Finding {
        Finding(check: check, state: .skipped, message: why, advice: "")
    }
}
