// What will happen in one round: a value that follows from its seed.

package import IdentitySimulator
package import Model

/// One campaign, the server that it meets, and everything that is done to its processes.
package struct RoundPlan: Hashable, Sendable {
    package enum Size: String, Sendable {
        /// Some hundred rows: a few seconds, with a debug build too.
        case small
        /// Some thousand rows.
        case full
    }

    package enum Concurrency: Hashable, Sendable {
        case fixed(Int)
        case auto(max: Int)

        /// Identities that may be claimed at a time, and so in doubt after a crash (README, "After a stop or
        /// a crash").
        ///
        /// `auto` claims by what it has come to, which nobody outside knows: so by the most that it may come
        /// to.
        package var claimedMax: Int {
            switch self {
            case .fixed(let count): 4 * count
            case .auto(let max): 4 * Swift.max(max, 8)
            }
        }
    }

    package let seed: UInt64
    package let size: Size
    /// What the roster comes to hold.
    package let roster: PlannedRoster
    package let faults: [Fault]
    /// How long the server takes for every answer.
    package let latency: Duration
    package let concurrency: Concurrency
    /// Given as `--rate`; none for no limit.
    package let rates: [Rate]
    package let burst: Int
    package var timeout: Duration
    /// The runs that are meddled with; what they leave to do is done by others that are not.
    package var runs: [PlannedRun]
    /// What comes after them; nil for nothing.
    package var nights: NightsPlan? = nil

    /// Whether a wait for an answer may end though nothing was wrong with the server.
    package var isImpatient: Bool { timeout < .seconds(30) }

    /// The options of `latchstring run`.
    package var options: [String] {
        var options = ["--timeout", "\(timeout.components.seconds)s"]
        switch concurrency {
        case .fixed(let count): options += ["--concurrency", "\(count)"]
        case .auto(let max): options += ["--concurrency-max", "\(max)"]
        }
        for rate in rates { options += ["--rate", rate.description] }
        if burst > 1 { options += ["--burst", "\(burst)"] }
        return options
    }

    /// Those of the runs before the nights.
    package var firstOptions: [String] {
        nights == nil ? [] : ["--expires-in", "\(NightsPlan.firstValidityHours)h"]
    }
}

/// One run, and what befalls it.
package struct PlannedRun: Hashable, Sendable {
    /// How many of the roster's identities are in its file by then.
    package let identities: Int
    /// By how many seconds the clock jumps before it begins; 0 for none.
    package let clockJump: Int
    package let events: [PlannedEvent]
    /// Besides those of all runs.
    package var options: [String] = []
}

/// Something that happens at some moment of a run.
package struct PlannedEvent: Hashable, Sendable {
    package let moment: Moment
    package let action: Action

    package struct Moment: Hashable, Sendable {
        /// The share of the run's requests after which it comes, 0 to 1; 0 for the start of the process.
        package let share: Double
        /// How much later.
        package let delay: Duration
        /// Whether it comes once the run has asked about an identity.
        package var isAfterReading = false
    }

    package enum Action: Hashable, Sendable {
        case kill(Killing)
        /// Another `run` of the same campaign.
        case secondRun
        case status
        case report
        /// Killed itself after a time, where there is one.
        case export(killedAfter: Duration?)
        /// `export --new`, killed itself after a time, where there is one.
        case handOver(killedAfter: Duration?)
        /// A share of those with a code set a password, 0 to 1.
        case activate(share: Double)
        /// By so many seconds.
        case clockJump(Int)
        /// The server breaks down, and is back after a time.
        case restart(downFor: Duration)
    }

    package enum Killing: Hashable, Sendable {
        case kill, terminate, interrupt
        /// Two ^C, so far apart.
        case interruptTwice(Duration)
    }
}
