// The program: its commands, and how its errors are shown.

import ArgumentParser
import Glibc
import OutputFiles
import Vocabulary

@main
struct Latchstring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latchstring",
        abstract: "Issues recovery codes in bulk: a roster of identities in, invitations and failures out.",
        discussion: """
            A campaign is a folder with a ledger, which remembers every code; a run that was stopped or killed goes \
            on where it was when the same command is given again.

            \(ExitStatus.help())
            """,
        version: latchstringVersion,
        subcommands: [
            PlanCommand.self, DoctorCommand.self, DrillCommand.self, RunCommand.self, StatusCommand.self,
            ListCommand.self, ExportCommand.self, ReportCommand.self, PurgeCommand.self, KeygenCommand.self,
        ]
    )

    static func main() async {
        // Whatever is written is private, whoever's umask this is; a closed pipe, or a file that may grow no further
        // (`ulimit -f`), is an error and no death.
        umask(0o077)
        CrashDumps.forbid()
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Asking how far it is ends nothing: a run answers the first, and nothing answers the second.
        signal(SIGUSR1, SIG_IGN)
        signal(SIGUSR2, SIG_IGN)
        // Else the next file that is opened would be taken for a closed standard stream.
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
        let command: any ParsableCommand
        do { command = try parseAsRoot() } catch { exit(withError: error) }
        do {
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
        } catch let error as CommandFailure {
            Console.error(error.sentence)
            Glibc.exit(error.status.rawValue)
        } catch let error as ValidationError {
            let name = type(of: command).configuration.commandName ?? ""
            Console.error("\(error.message) (see latchstring \(name) --help)")
            Glibc.exit(ExitStatus.usage.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

/// An error that ends a command: a sentence on stderr, and an exit code.
struct CommandFailure: Error {
    let status: ExitStatus
    let sentence: String
    /// Whether giving the command again would go on from there, once what is wrong is mended.
    var isResumable: Bool
    /// Whether a run ends with it that has begun and has written no outputs.
    var leavesOutputs = false

    init(_ status: ExitStatus, _ sentence: String, isResumable: Bool = true) {
        self.status = status
        self.sentence = sentence
        self.isResumable = isResumable
    }

    /// An error that the same command would come upon again.
    static func final(_ sentence: String) -> CommandFailure {
        CommandFailure(.error, sentence, isResumable: false)
    }

    /// Puts any error of the modules below into a command's terms; those describe themselves in sentences.
    static func wrapping<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw CommandFailure(describing: error) }
    }

    init(describing error: any Error) {
        if let failure = error as? CommandFailure {
            self = failure
        } else if let error = error as? any ProblemError {
            self.init(.error, error.sentence)
        } else {
            self.init(.error, "\(error)")
        }
    }
}
