// Where output goes: data on stdout, everything else on stderr.

import Glibc
import OutputFiles

/// The terminal, or what stands in for it.
struct Console: Sendable {
    /// No progress and no words; errors and data are still shown.
    var isQuiet: Bool

    /// Whether progress can redraw a line.
    static var hasTerminal: Bool {
        isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// Data, on stdout.
    ///
    /// - Throws: `CommandFailure` when it cannot be written; a reader that has seen enough is no error.
    static func data(_ text: String) throws {
        if let code = write(text, to: STDOUT_FILENO), code != EPIPE {
            throw CommandFailure(
                .error,
                "standard output cannot be written: \(String(cString: strerror(code)))",
                isResumable: false
            )
        }
    }

    /// What went wrong, on stderr.
    static func error(_ sentence: String) {
        write("latchstring: \(sentence)\n", to: STDERR_FILENO)
    }

    /// What the operator should know, on stderr; not when quiet.
    func note(_ text: String) {
        if !isQuiet { Self.write("\(text)\n", to: STDERR_FILENO) }
    }

    /// Raw text on stderr, for progress; nothing while another job has the terminal.
    func progress(_ text: String) {
        if !isQuiet, Self.isInForeground { Self.write(text, to: STDERR_FILENO) }
    }

    /// A question on stderr.
    static func ask(_ text: String) { write(text, to: STDERR_FILENO) }

    /// What was asked for, on a line of its own on stderr, also when quiet.
    static func told(_ text: String) {
        let clearing = hasTerminal && isInForeground ? "\r\u{1b}[K" : ""
        write("\(clearing)\(text)\n", to: STDERR_FILENO)
    }

    /// False while another job has the terminal that is written to: after `^Z` and `bg`, or a start with `&`.
    static var isInForeground: Bool {
        let group = tcgetpgrp(STDERR_FILENO)
        // No terminal, or none of ours: no job control either.
        return group < 0 || group == getpgrp()
    }

    /// The columns of the terminal; 80 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Returns the error that kept it from being written.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        Descriptor.write(Array(text.utf8), to: descriptor)
    }
}
