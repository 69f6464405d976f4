// How a run is paced, from its settings.

import ArgumentParser
import Pacing
import Vocabulary
import Work

extension PacingOptions {
    /// The bounds and defaults that the help texts name.
    enum Bounds {
        static let concurrency = 1...1024
        static let defaultConcurrencyMax = 256
        static let defaultGiveUpAfter: Duration = .seconds(600)
    }

    init(_ settings: Settings, _ issue: IssueSettings) throws {
        self.init(
            rates: issue.rates,
            burst: issue.burst,
            share: issue.share,
            concurrency: try Self.concurrency(settings),
            giveUpAfter: try settings.parsed("give-up-after", "a duration such as 90s, 10m or 2h") { text in
                Duration(argument: text).flatMap { $0 > .zero ? $0 : nil }
            } ?? Bounds.defaultGiveUpAfter
        )
    }

    private static func concurrency(_ settings: Settings) throws -> Concurrency {
        let max = try settings.number("concurrency-max", in: Bounds.concurrency)
        let form =
            "auto, or a whole number from \(Bounds.concurrency.lowerBound) to \(Bounds.concurrency.upperBound)"
        let count: Int?? = try settings.parsed("concurrency", form) { text in
            if text == "auto" { return .some(nil) }
            return Int(text).flatMap { Bounds.concurrency.contains($0) ? .some($0) : nil }
        }
        guard let count = count ?? nil else { return .automatic(max: max ?? Bounds.defaultConcurrencyMax) }
        return .fixed(count)
    }
}

extension StageOptions {
    /// How identities are looked up: one request at a time, at the rates for reading.
    init(lookingUp issue: IssueSettings, attemptsMax: Int, giveUpAfter: Duration?, deadline: Duration? = nil)
    {
        self.init(
            pacing: PacingOptions(
                rates: issue.readRates,
                share: issue.share,
                concurrency: .fixed(1),
                giveUpAfter: giveUpAfter
            ),
            attemptsMax: attemptsMax,
            deadline: deadline
        )
    }
}
