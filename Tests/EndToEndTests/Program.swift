// The real binary as a subprocess: its arguments and environment in, its exit and its words out.

import Foundation
import Subprocess
import SystemPackage

/// One run of a program, from start to end.
struct Run {
    /// The exit code; of a process that a signal ended, the signal's number, negative.
    let status: Int
    let stdout: String
    let stderr: String

    var words: String { stdout + stderr }
}

/// The programs under test, beside the test bundle.
enum Program {
    static let latchstring = path("latchstring")

    private static func path(_ name: String) -> String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: name).path
    }

    /// Runs latchstring to its end.
    ///
    /// - Parameters:
    ///   - environment: on top of a bare one, in which nothing of the tester's own settings shows.
    ///   - umask: of the process; or anything else that a shell sets for it, after it and a semicolon.
    ///   - whileRunning: called with the process' ID once it has started.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: String? = nil,
        umask: String? = nil,
        input: String = "",
        whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Run {
        var variables: [Subprocess.Environment.Key: String] = ["PATH": "/usr/bin:/bin", "TERM": "dumb"]
        for (name, value) in environment { variables[.init(rawValue: name)!] = value }
        // A shell sets the umask and then becomes the program.
        let command =
            umask.map { ["/bin/sh", "-c", "umask \($0); exec \"$0\" \"$@\"", latchstring] + arguments }
            ?? [latchstring] + arguments
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
    static func run(program: String, _ arguments: [String]) async throws -> Run {
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

    /// Runs latchstring on a terminal: its standard input and its standard error.
    static func run(
        _ arguments: [String],
        in folder: String,
        terminal: PseudoTerminal,
        whileRunning: @Sendable (Int32) async throws -> Void
    ) async throws -> Run {
        let variables: [Subprocess.Environment.Key: String] = ["PATH": "/usr/bin:/bin", "TERM": "dumb"]
        let result = try await Subprocess.run(
            .path(FilePath(latchstring)),
            arguments: Arguments(arguments),
            environment: .custom(variables),
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
