// A campaign through a month of nights, each of them one command: new users, activations, expiries,
// deletions, outages, and a process that dies in the middle of whatever it does.

import Exports
import Files
import Foundation
import Ledger
import Pacing
import Providers
import SQLiteLedger
import Synchronization
import TestSupport
import Model
import Work

@testable import Campaign

/// Runs as `latchstring run roster.csv --sync --reissue expired --hand-over` does, night after night, against
/// a server that knows the truth, and with a mailing system that loads every batch.
///
/// Time is each run's own and passes whenever everybody waits. A process dies like this: it is stopped at a
/// moment drawn by lot, its folder is copied, from then on nothing that it does reaches the server, and the
/// next process finds the copy.
final class MonthSimulation {
    static let validity: Duration = .seconds(24 * 3600)
    static let reissueMax = 3

    /// What a month has been through.
    struct Outcome {
        var nights = 0
        var runs = 0
        var deaths = 0
        var codes = 0
        var activated = 0
        var givenUp = 0
        var batches = 0
    }

    private let seed: UInt64
    private var random: SeededGenerator
    let server: MonthServer
    private let folder: TemporaryFolder
    private(set) var night = 0
    /// Everybody who was ever in a roster, in the order of their coming.
    private(set) var invited: [IdentityID] = []
    private var lastNumber = 0
    /// The bytes of batches that a mailing system may have loaded.
    var loaded: [String: Data] = [:]
    /// The batch of each identity's generations.
    var mailedBy: [IdentityID: [Int: String]] = [:]
    /// The code that each identity was mailed last.
    var mailedCodes: [IdentityID: String] = [:]
    /// Whether the last night ended with a death, so that nobody knows who is enrolled.
    private var wasCutShort = false
    private(set) var outcome = Outcome()

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        server = MonthServer(seed: seed ^ 0x6d6f_6e74_68)
        folder = try TemporaryFolder()
    }

    var campaign: CampaignFolder { CampaignFolder(outputFolder: folder("reports"), name: "people") }

    /// Lives through so many nights, and one more in which nothing goes wrong.
    ///
    /// - Throws: `SimulationFailure` where a promise is broken.
    func run(nights: Int) async throws -> Outcome {
        do {
            for _ in 0..<nights { try await liveThroughNight() }
            try await liveThroughLastNight()
        } catch let failure as SimulationFailure {
            throw SimulationFailure("seed \(seed), night \(night): \(failure)")
        }
        outcome.codes = server.codesGiven
        outcome.activated = server.users.values.count { $0.passwordAt != nil }
        return outcome
    }

    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(SimulationFailure) {
        guard holds else { throw SimulationFailure(what()) }
    }
}

// MARK: - Nights and days

extension MonthSimulation {
    /// When the night's first command begins.
    var evening: Timestamp { MonthCalendar.start.advanced(by: .seconds(night * 24 * 3600)) }

    private func liveThroughNight() async throws {
        beginNight()
        let newcomers = usersCome()
        usersLeave()
        // Some rosters hold everybody, some only who is new.
        let isWhole = newcomers.isEmpty || wasCutShort || random.chance(0.6)
        wasCutShort = false
        let roster = isWhole ? invited : newcomers
        var weather = random.one(of: .fine, .fine, .fine, MonthServer.Weather.failing, .losing, .down)
        var begins = evening
        var deathsLeft = 3
        while true {
            let death = deathsLeft > 0 && random.chance(0.6) ? MonthDeath(&random) : nil
            let run = try await run(roster, isWhole: isWhole, at: begins, in: weather, dyingAt: death)
            begins = run.ended.advanced(by: .seconds(60))
            if run.hasDied {
                deathsLeft -= 1
                // Some dead processes are noticed in the morning.
                wasCutShort = random.chance(0.2)
                if wasCutShort { break }
                continue
            }
            // A night that the server slept through is made up for, mostly.
            guard try run.result.get().stop != nil, random.chance(0.7) else { break }
            weather = .fine
        }
        usersAct()
    }

    /// Whatever was left undone is made up for in one run.
    private func liveThroughLastNight() async throws {
        beginNight()
        let run = try await run(invited, isWhole: true, at: evening, in: .fine, dyingAt: nil)
        let stop = try run.result.get().stop
        try require(stop == nil, "the last run was stopped by \(stop?.code ?? "nothing")")
        outcome.givenUp = try givenUp().count
        outcome.batches = loaded.count
    }

    private func beginNight() {
        night += 1
        outcome.nights += 1
    }

    /// One command; what it leaves is checked, or buried where it died.
    private func run(
        _ roster: [IdentityID],
        isWhole: Bool,
        at begins: Timestamp,
        in weather: MonthServer.Weather,
        dyingAt death: MonthDeath?
    ) async throws -> MonthRun.End {
        let run = try await MonthRun(
            campaign: campaign,
            roster: try folder.write(Self.text(roster), to: "people.csv"),
            takesAbsent: !isWhole,
            begins: begins,
            server: server
        ).run(weather, dyingAt: death, copyTo: folder("survived"))
        outcome.runs += 1
        if run.hasDied {
            outcome.deaths += 1
            try bury(run)
        } else {
            try check(run)
        }
        return run
    }

    /// What the process has left is found by the next one.
    private func bury(_ run: MonthRun.End) throws {
        let files = FileManager.default
        try files.removeItem(atPath: campaign.outputFolder)
        if files.fileExists(atPath: folder("survived")) {
            try files.moveItem(atPath: folder("survived"), toPath: campaign.outputFolder)
        }
        // A mailing system may load what is there at any time.
        try noteBatches()
    }

    private static func text(_ roster: [IdentityID]) -> String {
        "identity_id,number\n" + roster.enumerated().map { "\($1.text),\($0)\n" }.joined()
    }

    private func usersCome() -> [IdentityID] {
        // A campaign begins with somebody.
        let count = Int.random(in: (invited.isEmpty ? 1 : 0)...12, using: &random)
        let newcomers = (0..<count).map { _ in
            lastNumber += 1
            let id = IdentityID.numbered(lastNumber)
            let hours = Int.random(in: 1...22, using: &random)
            var user = MonthUser(delay: random.chance(0.5) ? .seconds(hours * 3600) : nil, changedAt: evening)
            // Some were deleted between the roster's making and the night.
            user.isDeleted = random.chance(0.03)
            server.add(id, user)
            return id
        }
        invited += newcomers
        return newcomers
    }

    private func usersLeave() {
        for id in invited {
            // A change of traits is no activation.
            if random.chance(0.02) { server.change(id) { [evening] in $0.changedAt = evening } }
            if random.chance(0.01) { server.change(id) { $0.isDeleted.toggle() } }
        }
    }

    /// Users set a password with the code that they were mailed, while it is valid.
    private func usersAct() {
        for (id, user) in server.users {
            guard let delay = user.delay, user.passwordAt == nil, !user.isDeleted,
                let mailed = user.codes.last(where: { $0.code == mailedCodes[id] })
            else { continue }
            let time = evening.advanced(by: .seconds(3600) + delay)
            // Some find it in time, others never look.
            guard time < mailed.expiresAt, random.chance(0.4) else { continue }
            server.change(id) { ($0.passwordAt, $0.changedAt) = (time, time) }
        }
    }
}
