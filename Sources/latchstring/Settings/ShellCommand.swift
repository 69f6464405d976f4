// Commands of the operator's that print something secret.

import Campaign
import Subprocess
import SystemPackage
import Model

/// A command for `sh`, run for what it prints.
struct ShellCommand: Sendable {
    /// What is run.
    private let text: String
    /// Names the command in errors; it may have secrets in it itself.
    private let what: String

    private static let timeout: Duration = .seconds(60)
    private static let outputMax = 64 << 10

    init(_ text: String, _ what: String) {
        self.text = text
        self.what = what
    }

    /// Its standard output; its standard error is the operator's to see.
    ///
    /// - Throws: `CommandFailure` when it fails, prints more than 64 KiB, or takes more than a minute.
    func output() async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await run() }
            group.addTask {
                try await Task.sleep(for: Self.timeout)
                throw CommandFailure(.error, "\(what) took more than \(Self.timeout.inWords) and was stopped")
            }
            defer { group.cancelAll() }
            guard let output = try await group.next() else {
                throw CommandFailure(.error, "\(what) was not run")
            }
            return output
        }
    }

    private func run() async throws -> String {
        do {
            let result = try await Subprocess.run(
                .path("/bin/sh"),
                arguments: ["-c", text],
                environment: ChildEnvironment.withoutSettings,
                output: .string(limit: Self.outputMax),
                error: .currentStandardError
            )
            guard result.terminationStatus.isSuccess else {
                throw CommandFailure(
                    .error,
                    "\(what) failed (\(result.terminationStatus)); what it said is above"
                )
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw CommandFailure(.error, "\(what) could not be run: \(error)")
        }
    }
}
