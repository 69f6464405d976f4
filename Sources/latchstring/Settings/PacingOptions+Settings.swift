// How a run is paced, from its settings.

import ArgumentParser
import Pacing
import Model

extension PacingOptions {
    init(_ settings: Settings, _ issue: IssueSettings) throws {
        self.init(
            rates: issue.rates,
            burst: issue.burst,
            share: issue.share,
            concurrency: try Self.concurrency(settings),
            giveUpAfter: try settings[\.run.giveUpAfter]
        )
    }

    private static func concurrency(_ settings: Settings) throws -> Concurrency {
        let max = try settings[\.run.concurrencyMax]
        return switch try settings[\.run.concurrency] {
        case .automatic: .automatic(max: max)
        case .fixed(let count): .fixed(count)
        }
    }
}
