// Where output goes: data on stdout, everything else on stderr.

import Campaign
import Drill
import Glibc
import Files
import Model

/// The terminal, or what stands in for it.
struct Console: Sendable {
    /// No progress and no words; errors and data are still shown.
    var isQuiet = false
    var streams = Streams.process

    /// The standard streams, and what is known of the terminal behind them.
    struct Streams: Sendable {
        /// Writes to standard output; returns the error that kept it from being written.
        var output: @Sendable (String) -> Int32?
        /// Writes to standard error.
        var error: @Sendable (String) -> Void
        /// Reads a line that somebody types; nil at the end.
        var line: @Sendable () -> String?
        /// Whether there is somebody to ask.
        var canAsk: Bool
        /// Whether progress can redraw a line.
        var hasTerminal: Bool
        /// False while another job has the terminal that is written to: after `^Z` and `bg`, or a start with
        /// `&`.
        var isInForeground: @Sendable () -> Bool
        /// The columns of the terminal; 80 where there is none.
        var columns: @Sendable () -> Int
    }

    /// Data, on stdout.
    ///
    /// - Throws: `CommandFailure` when it cannot be written; a reader that has seen enough is no error.
    func data(_ text: String) throws {
        if let code = streams.output(text), code != EPIPE {
            throw CommandFailure(
                .error,
                "standard output cannot be written: \(String(cString: strerror(code)))",
                isResumable: false
            )
        }
    }

    /// What went wrong, on stderr; also when quiet.
    func error(_ sentence: String) { streams.error("latchstring: \(sentence)\n") }

    /// What the operator should know, on stderr; not when quiet.
    func note(_ text: String) {
        if !isQuiet { streams.error("\(text)\n") }
    }

    /// Raw text on stderr, for progress; nothing while another job has the terminal.
    func progress(_ text: String) {
        if !isQuiet, streams.isInForeground() { streams.error(text) }
    }

    /// What was asked for, on a line of its own on stderr, also when quiet.
    func told(_ text: String) {
        let clearing = streams.hasTerminal && streams.isInForeground() ? "\r\u{1b}[K" : ""
        streams.error("\(clearing)\(text)\n")
    }

    /// Whether the answer to a question is `yes`, in full.
    func confirms(_ prompt: String) -> Bool {
        streams.error(prompt)
        return streams.line().map { SecretLine.trimmed($0).lowercased() == "yes" } ?? false
    }
}

extension Console.Streams {
    /// This process' own.
    static let process = Console.Streams(
        output: { Descriptor.write(Array($0.utf8), to: STDOUT_FILENO) },
        error: { _ = Descriptor.write(Array($0.utf8), to: STDERR_FILENO) },
        line: { readLine() },
        canAsk: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
        hasTerminal: isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb",
        isInForeground: {
            let group = tcgetpgrp(STDERR_FILENO)
            // No terminal, or none of ours: no job control either.
            return group < 0 || group == getpgrp()
        },
        columns: {
            var size = winsize()
            guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
            return Int(size.ws_col)
        }
    )
}
