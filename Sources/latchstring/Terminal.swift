// Questions on the terminal, answered unseen.

import Drill
import Glibc
import Providers
import Files
import Model

enum Terminal {
    /// A line that is typed without being shown; nil where it is given up.
    ///
    /// Signals from the keyboard are off meanwhile, so that the terminal always comes back as it was.
    static func secret(_ prompt: String) throws -> Secret<String>? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var unseen = before
        unseen.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        withUnsafeMutableBytes(of: &unseen.c_cc) { keys in
            keys[Int(VMIN)] = 1
            keys[Int(VTIME)] = 0
        }
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) == 0 else { return nil }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            ask("\n")
        }
        ask(prompt)
        var line = SecretLine()
        while let byte = nextByte() {
            switch line.typed(byte) {
            case .more: continue
            case .entered(let text): return text
            case .givenUp: return nil
            }
        }
        return nil
    }

    private static func ask(_ text: String) { _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO) }

    private static func nextByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            guard count < 0, errno == EINTR else { return nil }
        }
    }
}
