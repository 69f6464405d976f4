// An error that ends a command.

package import Model

/// An error that ends a command: a sentence on stderr, and an exit code.
package struct CommandFailure: ProblemError {
    /// The codes of failures that have none of their own.
    package enum Code: String, Sendable, CaseIterable {
        case failed = "command_failed"
        case usage = "usage_error"
        case unsuitableKey = "key_unsuitable"
        case inUse = "campaign_in_use"
        /// By a limit, an outage or a signal.
        case stopped = "command_stopped"
    }

    package let status: ExitStatus
    package let problem: Problem
    /// Whether giving the command again would go on from there, once what is wrong is mended.
    package var isResumable: Bool
    /// Whether it ends a run that had taken its campaign.
    package var hasBegun = false
    /// Whether a run ends with it that has begun and has written no outputs.
    package var leavesOutputs = false

    package init(_ status: ExitStatus, _ problem: Problem, isResumable: Bool = true) {
        self.status = status
        self.problem = problem
        self.isResumable = isResumable
    }

    package init(
        _ status: ExitStatus,
        _ message: Wording,
        advice: Wording = "",
        isResumable: Bool = true
    ) {
        let problem = Problem(Code(status).rawValue, message, advice: advice)
        self.init(status, problem, isResumable: isResumable)
    }

    /// An error that the same command would come upon again.
    package static func final(_ message: Wording, advice: Wording = "") -> CommandFailure {
        CommandFailure(.error, message, advice: advice, isResumable: false)
    }

    /// Puts any error of the modules below into a command's terms.
    package static func wrapping<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw CommandFailure(describing: error) }
    }

    package init(describing error: any Error) {
        if let failure = error as? CommandFailure {
            self = failure
        } else if let error = error as? any ProblemError {
            self.init(.error, error.problem)
        } else {
            self.init(.error, "\(error)")
        }
    }
}

extension CommandFailure.Code {
    init(_ status: ExitStatus) {
        self =
            switch status {
            case .usage: .usage
            case .inUse: .inUse
            case .credentialRefused: .unsuitableKey
            case .stoppedEarly, .interrupted, .terminated, .withFailures: .stopped
            case .done, .error: .failed
            }
    }
}
