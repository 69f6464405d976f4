// The program: its commands, and how its errors are shown.

import ArgumentParser
import Campaign
import Glibc
import Files
import Model

@main
struct Latchstring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latchstring",
        abstract: "Issues recovery codes in bulk: a roster of identities in, invitations and failures out.",
        discussion: """
            A campaign is a folder with a ledger, which remembers every code; a run that was stopped or \
            killed goes on where it was when the same command is given again.

            \(ExitStatus.help())
            """,
        version: latchstringVersion,
        subcommands: [
            PlanCommand.self, DoctorCommand.self, DrillCommand.self, RunCommand.self, SyncCommand.self,
            StatusCommand.self, ListCommand.self, ExportCommand.self, HandoversCommand.self,
            DeliverCommand.self,
            ReportCommand.self, PurgeCommand.self, KeygenCommand.self,
        ]
    )

    static func main() async {
        // Whatever is written is private, whoever's umask this is; a closed pipe, or a file that may grow no
        // further (`ulimit -f`), is an error and no death.
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
            Console().error(error.sentence)
            Glibc.exit(error.status.rawValue)
        } catch let error as ValidationError {
            Console().error("\(error.message) (see latchstring \(name(of: type(of: command))) --help)")
            Glibc.exit(ExitStatus.usage.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// As it is typed after the program's own name.
    static func name(of command: any ParsableCommand.Type) -> String {
        let name = command.configuration.commandName ?? ""
        let parent = configuration.subcommands.first { parent in
            parent.configuration.subcommands.contains { $0 == command }
        }
        return [parent?.configuration.commandName, name].compactMap(\.self).joined(separator: " ")
    }
}
