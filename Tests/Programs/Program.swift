// The real binary as a subprocess: its arguments and environment in, its exit and its words out.

import Foundation
package import Subprocess
import SystemPackage

/// One run of a program, from start to end.
package struct Run: Sendable {
    /// The exit code; of a process that a signal ended, the signal's number, negative.
    package let status: Int
    package let stdout: String
    package let stderr: String

    package init(status: Int, stdout: String, stderr: String) {
        self.status = status
        self.stdout = stdout
        self.stderr = stderr
    }

    package var words: String { stdout + stderr }
}

/// The programs under test, beside the test bundle.
package enum Program {
    package static let latchstring = "\(folder)/latchstring"

    /// Where this process' own program is, and those that were built with it.
    package static var folder: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().path
    }

    /// What a program needs to run, and the options of sanitizers where these are at work.
    package static let bareEnvironment: [Subprocess.Environment.Key: String] = {
        var variables: [Subprocess.Environment.Key: String] = ["PATH": "/usr/bin:/bin", "TERM": "dumb"]
        for name in ["TSAN_OPTIONS", "ASAN_OPTIONS", "LD_PRELOAD"] {
            guard let options = ProcessInfo.processInfo.environment[name] else { continue }
            variables[.init(rawValue: name)!] = options
        }
        return variables
    }()

    /// Runs latchstring to its end.
    ///
    /// - Parameters:
    ///   - binary: which latchstring; by default the one that was built with this process' own program.
    ///   - environment: on top of a bare one, in which nothing of the tester's own settings shows.
    ///   - umask: of the process.
    ///   - prelude: what a shell does before it becomes the program.
    ///   - whileRunning: called with the process' ID once it has started.
    package static func run(
        _ arguments: [String],
        binary: String = latchstring,
        environment: [String: String] = [:],
        in folder: String? = nil,
        umask: String? = nil,
        prelude: String? = nil,
        input: String = "",
        whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Run {
        var variables = bareEnvironment
        for (name, value) in environment { variables[.init(rawValue: name)!] = value }
        let preludes = [umask.map { "umask \($0)" }, prelude].compactMap { $0 }
        let command =
            preludes.isEmpty
            ? [binary] + arguments
            : ["/bin/sh", "-c", preludes.joined(separator: "; ") + "; exec \"$0\" \"$@\"", binary] + arguments
        let inputFile = FileManager.default.temporaryDirectory.appending(path: "input-\(UUID().uuidString)")
            .path
        try Data(input.utf8).write(to: URL(filePath: inputFile))
        defer { try? FileManager.default.removeItem(atPath: inputFile) }
        let stdin = try FileDescriptor.open(FilePath(inputFile), .readOnly)
        let result = try await Subprocess.run(
            .path(FilePath(command[0])),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(variables),
            workingDirectory: folder.map { FilePath($0) },
            input: .fileDescriptor(stdin, closeAfterSpawningProcess: true),
            output: .string(limit: 16 << 20),
            error: .string(limit: 16 << 20)
        ) { execution in
            try await whileRunning(execution.processIdentifier.value)
        }
        let status =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): -Int(signal)
            }
        return Run(status: status, stdout: result.standardOutput, stderr: result.standardError)
    }

    /// Runs any other program.
    package static func run(program: String, _ arguments: [String]) async throws -> Run {
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard case .exited(let code) = result.terminationStatus else { throw POSIXError(.EINTR) }
        return Run(
            status: Int(code),
            stdout: result.standardOutput,
            stderr: result.standardError
        )
    }
}
