// `age` (age-encryption.org), which encrypts exports to whoever is to read them.

import ArgumentParser
import Campaign
import Foundation
import Glibc
import Files
import Subprocess
import Synchronization
import SystemPackage
import Model
import Work

/// The program, and for whom it is to encrypt.
struct AgeProgram: Sendable {
    private let path: String
    /// The recipients, as its options.
    private let arguments: [String]

    private static let wordsMax = 16 << 10

    /// The one of `--encrypt-to`; nil where it is not given.
    ///
    /// - Throws: `ValidationError`, or `CommandFailure` where there is no such program.
    init?(_ settings: Settings, perUser: Bool) throws {
        guard let origin = try Self.origin(settings, perUser: perUser) else { return nil }
        arguments = try settings[\.run.encryptTo].flatMap { try Self.option(for: $0, origin) }
        guard let path = ChildEnvironment.program(named: "age") else {
            throw CommandFailure(
                .error,
                "there is no age in the PATH, which encrypts for \(origin)",
                advice: "apt-get install age, or see https://age-encryption.org"
            )
        }
        self.path = path
    }

    /// Where recipients are given; nil where they are not.
    ///
    /// - Throws: `ValidationError` together with `--per-user`.
    private static func origin(_ settings: Settings, perUser: Bool) throws -> String? {
        guard let origin = settings.given(\.run.encryptTo)?.origin else { return nil }
        guard !perUser else {
            throw ValidationError("--per-user and \(origin): one encrypted file is all there would be")
        }
        return origin
    }

    /// The recipients, each looked at; empty where none is given.
    ///
    /// The program itself need not be there.
    ///
    /// - Throws: `ValidationError` where one is no recipient, or together with `--per-user`.
    static func checkedRecipients(_ settings: Settings, perUser: Bool) throws -> [String] {
        _ = try origin(settings, perUser: perUser)
        return try settings[\.run.encryptTo]
    }

    /// The option of `age` for a recipient.
    ///
    /// - Throws: `ValidationError` where it is neither one nor a file of them.
    static func option(for recipient: String, _ origin: String) throws -> [String] {
        if recipient.lowercased().contains("age-secret-key-") {
            throw ValidationError(
                "\(origin) is a private key of age's, and no recipient: give the public one, age1…"
            )
        }
        for start in ["age1", "ssh-ed25519 ", "ssh-rsa "] where recipient.hasPrefix(start) {
            return ["-r", recipient]
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: recipient, isDirectory: &isFolder), !isFolder.boolValue
        else {
            throw ValidationError(
                "\(origin): \"\(recipient)\" is neither a recipient (age1…, ssh-ed25519 …, ssh-rsa …) nor a "
                    + "file of them"
            )
        }
        return ["-R", recipient]
    }

    /// Runs it with a descriptor for its standard output, while `write` fills a pipe to its standard input;
    /// the pipe's end becomes `write`'s own.
    ///
    /// - Throws: what `write` throws; `CommandFailure`, in its own words, where it fails.
    func encrypt<T: Sendable>(
        to output: Int32,
        _ write: @escaping @Sendable (_ pipe: Int32) throws -> T
    ) async throws -> T {
        let pipe = try Descriptor.pipe()
        let writingEnd = PipeEnd(pipe.writing)
        let result = try await Self.saying("could not be run") {
            try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(["--encrypt"] + arguments),
                environment: ChildEnvironment.bare,
                input: .fileDescriptor(
                    FileDescriptor(rawValue: pipe.reading),
                    closeAfterSpawningProcess: true
                ),
                output: .fileDescriptor(FileDescriptor(rawValue: output), closeAfterSpawningProcess: false),
                error: .string(limit: Self.wordsMax)
            ) { _ in
                await SerialQueue(label: "age").result { try write(writingEnd.take()) }
            }
        }
        // What it says of itself is worth more than that it reads no further.
        guard result.terminationStatus.isSuccess else {
            let words = result.standardError.split(whereSeparator: \.isNewline).joined(separator: "; ")
            throw CommandFailure(
                .error,
                "age has failed (\(result.terminationStatus)), and nothing was written: \(words)"
            )
        }
        return try result.closureResult.get()
    }

    private static func saying<T>(_ what: String, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as SubprocessError {
            throw CommandFailure(.error, "age \(what), and nothing was written: \(error)")
        }
    }
}

/// One end of a pipe, closed unless somebody has taken it.
private final class PipeEnd: Sendable {
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    deinit { descriptor.withLock { if let descriptor = $0 { close(descriptor) } } }

    /// Hands it over, once.
    func take() throws -> Int32 {
        try descriptor.withLock { descriptor in
            guard let taken = descriptor else { throw CommandFailure(.error, "a pipe was written to twice") }
            descriptor = nil
            return taken
        }
    }
}
