// How to go on from a server that was none.

import Campaign
import IdentityAPI
import Reports

extension RunReport {
    /// The command to go on with, the server's URL left open, where the server has never given an answer that can be used.
    ///
    /// The same command would end in the same way then. Nil where that is not what stopped the run.
    static func correctingServer(_ stop: StopReason?, _ summary: Summary) -> String? {
        guard !summary.isServerBound, case .fatal(let answer) = stop else { return nil }
        switch answer.code {
        case .unreachable, .hostNotResolved, .wrongURL, .notKratos, .publicPort, .redirected,
            .certificateRefused, .lookupUnsupported, .lookupRefused:
            let command = CommandText.again(CommandText.openServer(in: CommandLine.arguments))
            return
                "\(command), with the right URL: \(summary.server) has given no answer that can be used, and the campaign "
                + "belongs to no server yet"
        default: return nil
        }
    }
}

extension CommandText {
    /// The arguments with `URL` as the server; the option outweighs a variable and a file of settings.
    static func openServer(in arguments: [String]) -> [String] {
        var (open, isValue) = ([String](), false)
        for argument in arguments {
            if !isValue, !argument.hasPrefix("--server=") { open.append(argument) }
            isValue = argument == "--server"
            if isValue { open.removeLast() }
        }
        return open + ["--server", "URL"]
    }
}
