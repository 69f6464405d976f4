// How to go on from a server that was none.

import Campaign
import IdentityAPI
import Reports

extension RunReport {
    /// What to change before the command is given again, where the server has never given an answer that can be used.
    ///
    /// The same command would end in the same way then. Nil where that is not what stopped the run.
    static func correctingServer(_ stop: StopReason?, _ summary: Summary) -> String? {
        guard !summary.isServerBound, case .fatal(let answer) = stop else { return nil }
        switch answer.code {
        case .unreachable, .hostNotResolved, .wrongURL, .notKratos, .publicPort, .redirected,
            .certificateRefused, .lookupUnsupported, .lookupRefused:
            return
                "the same command with the right --server; \(summary.server) has given no answer that can be used, so "
                + "the campaign belongs to no server yet"
        default: return nil
        }
    }
}
