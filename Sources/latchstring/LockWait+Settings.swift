// How long to wait for a campaign in use, as a setting.

import Campaign
import Vocabulary

extension LockWait {
    /// The setting `wait-for-lock`.
    static func limit(_ settings: Settings) throws -> Duration? {
        try settings.parsed("wait-for-lock", "a duration such as 90s, 30m or 8h", Duration.init(argument:))
    }
}
