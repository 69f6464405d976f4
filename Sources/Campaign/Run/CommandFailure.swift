// An error that ends a command.

package import Model

/// An error that ends a command: a sentence on stderr, and an exit code.
package struct CommandFailure: Error, Worded, Sendable {
    package let status: ExitStatus
    /// What happened and what to do.
    package let wording: Wording
    /// Whether giving the command again would go on from there, once what is wrong is mended.
    package var isResumable: Bool
    /// Whether it ends a run that had taken its campaign.
    package var hasBegun = false
    /// Whether a run ends with it that has begun and has written no outputs.
    package var leavesOutputs = false

    package init(_ status: ExitStatus, _ wording: Wording, isResumable: Bool = true) {
        self.status = status
        self.wording = wording
        self.isResumable = isResumable
    }

    /// An error that the same command would come upon again.
    package static func final(_ wording: Wording) -> CommandFailure {
        CommandFailure(.error, wording, isResumable: false)
    }

    /// Puts any error of the modules below into a command's terms; those describe themselves in sentences.
    package static func wrapping<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw CommandFailure(describing: error) }
    }

    package init(describing error: any Error) {
        if let failure = error as? CommandFailure {
            self = failure
        } else {
            self.init(.error, "\(error)")
        }
    }
}
