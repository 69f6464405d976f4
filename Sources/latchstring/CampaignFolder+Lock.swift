// A campaign is one process' at a time.

import Campaign
import Glibc
import OutputFiles
import Vocabulary

extension CampaignFolder {
    /// Takes the campaign for this process.
    ///
    /// - Throws: `CommandFailure` where another one has it.
    func lock() throws -> FolderLock {
        do {
            return try FolderLock(folder: path, holder: Self.thisProcess())
        } catch let error as FolderLock.InUse {
            throw CommandFailure(
                .inUse,
                "the campaign \(name) is in use by \(error.holder): wait for it, or stop it"
            )
        } catch {
            throw CommandFailure(describing: error)
        }
    }

    /// Whose process this is, for people.
    static func thisProcess() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "process \(getpid()) on \(host), started \(Timestamp.now().rfc3339)"
    }
}
