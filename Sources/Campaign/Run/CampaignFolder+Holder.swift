// Who works on a campaign now.

import Glibc
package import Files
package import Model

extension CampaignFolder {
    /// What a process has a campaign for.
    package enum LockWork: String {
        case run = ""
        case purge = ", to purge it"
        case handOver = ", to hand over"
        case deliver = ", to send mails"
    }

    /// Whose process this is, for people.
    package static func thisProcess(_ work: LockWork = .run, now: Timestamp) -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "process \(getpid()) on \(host), started \(now.rfc3339)\(work.rawValue)"
    }

    /// The process that works on the campaign now.
    package struct Holder: Sendable {
        /// In words, for people.
        package let process: String
        /// Whether it is a run.
        package let isRun: Bool
    }

    /// Who works on the campaign now; nil while nobody does.
    package var holder: Holder? {
        FolderLock.holder(ofFolder: path).map { holder in
            let others: [LockWork] = [.purge, .deliver]
            return Holder(process: holder, isRun: !others.contains { holder.hasSuffix($0.rawValue) })
        }
    }
}
