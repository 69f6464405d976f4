// The real binary on a terminal of the test's own.

import Foundation
import Programs
import Subprocess
import SystemPackage

extension Program {
    /// Runs latchstring on a terminal: its standard input and its standard error.
    static func run(
        _ arguments: [String],
        in folder: String,
        terminal: PseudoTerminal,
        whileRunning: @Sendable (Int32) async throws -> Void
    ) async throws -> Run {
        let result = try await Subprocess.run(
            .path(FilePath(latchstring)),
            arguments: Arguments(arguments),
            environment: .custom(bareEnvironment),
            workingDirectory: FilePath(folder),
            input: .fileDescriptor(try terminal.open(), closeAfterSpawningProcess: true),
            output: .string(limit: 16 << 20),
            error: .fileDescriptor(try terminal.open(), closeAfterSpawningProcess: true)
        ) { execution in
            try await whileRunning(execution.processIdentifier.value)
        }
        guard case .exited(let code) = result.terminationStatus else { throw POSIXError(.EINTR) }
        return Run(status: Int(code), stdout: result.standardOutput, stderr: terminal.shown)
    }
}
