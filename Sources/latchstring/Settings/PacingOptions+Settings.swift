// How a run is paced, from its settings.

import ArgumentParser
import Pacing
import Vocabulary
import Work

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

extension StageOptions {
    /// How identities are looked up: one request at a time, at the rates for reading.
    init(lookingUp issue: IssueSettings, attemptsMax: Int, giveUpAfter: Duration?) {
        self.init(
            pacing: PacingOptions(
                rates: issue.readRates,
                share: issue.share,
                concurrency: .fixed(1),
                giveUpAfter: giveUpAfter
            ),
            attemptsMax: attemptsMax
        )
    }
}
