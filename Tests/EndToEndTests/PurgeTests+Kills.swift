// A purge that is killed and given again: no byte of a code is left then either.

import Foundation
import Glibc
import Programs
import TestSupport
import Testing
import Torture

extension EndToEndTests.PurgeTests {
    /// How far a purge is, by its write-ahead log: the changed pages are in it, then folded in, then the
    /// whole file as it is written anew.
    enum Moment: CaseIterable, Sendable {
        case removing, removed, logEmptied, rewriting, rewritten

        /// How often the log has begun to fill or was emptied by then.
        var turns: Int {
            switch self {
            case .removing, .removed: 1
            case .logEmptied: 2
            case .rewriting, .rewritten: 3
            }
        }

        /// How large it is then, at least.
        var logSizeMin: Int {
            switch self {
            case .removing, .logEmptied, .rewriting: 0
            case .removed, .rewritten: 2 << 20
            }
        }
    }

    @Test(arguments: Moment.allCases) func killedAndGivenAgainItLeavesNothing(_ moment: Moment) async throws {
        let count = 20_000
        let fixture = try LedgerFixture()
        try fixture.issue(
            1...count,
            run: try fixture.beginRun(),
            codePrefix: Canaries.codeMark,
            link: "\(Canaries.linkMark)recovery?flow=1"
        )
        try fixture.close()
        // A purge may be faster than who looks at it.
        for _ in 0..<10 {
            let outputFolder = try TemporaryFolder()
            let folder = outputFolder("spring")
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            try FileManager.default.copyItem(
                atPath: fixture.folder("ledger.sqlite"),
                toPath: "\(folder)/ledger.sqlite"
            )
            let campaign = ["--campaign", "spring", "--output-dir", outputFolder.path, "--json"]
            let purge = ["purge", "--all", "--yes"] + campaign
            let killed = try await Program.run(purge) { process in
                Self.kill(process, at: moment, log: "\(folder)/ledger.sqlite-wal")
            }
            guard killed.status == -Int(SIGKILL) else {
                #expect(killed.status == 0, "\(killed.words)")
                continue
            }
            let before = try Canaries.files(in: folder)
            if moment == .removing { #expect(before.contains("ledger.sqlite"), "it had just begun") }

            let again = try await Program.run(purge)
            #expect(again.status == 0, "\(again.words)")
            #expect(try object(again)["purged"] as? Int == count)
            #expect(try Canaries.files(in: outputFolder.path) == [])
            let status = try Summary(try await Program.run(["status"] + campaign).stdout)
            #expect(status["issued"] == count && status["purged"] == count)
            #expect(status["pending"] == 0 && status["in_doubt"] == 0)
            return
        }
        Issue.record("no purge could be killed when it was \(moment)")
    }

    /// How far the purge of a run is, by the same log, which has the run's own pages first.
    enum MomentOfARun: CaseIterable, Sendable {
        case removing, emptied, rewriting

        func hasCome(_ size: Int, afterRemoving: Bool, afterEmptying: Bool) -> Bool {
            switch self {
            case .removing: size >= 2 << 20
            case .emptied: afterRemoving && size == 0
            case .rewriting: afterEmptying && size >= 1 << 20
            }
        }
    }

    /// A night whose purge is killed, and the night after it.
    @Test(arguments: MomentOfARun.allCases) func aNightCompletesThePurgeOfTheOneBefore(
        _ moment: MomentOfARun
    ) async throws {
        let count = 20_000
        let fixture = try LedgerFixture()
        let link = "\(Canaries.linkMark)recovery?flow=1"
        try fixture.issue(1...count, run: try fixture.beginRun(), codePrefix: Canaries.codeMark, link: link)
        try fixture.close()
        let clockObject = try #require(FakeClock.sharedObject)
        for _ in 0..<10 {
            let outputFolder = try TemporaryFolder()
            let folder = outputFolder("spring")
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false,
                attributes: attributes
            )
            try FileManager.default.copyItem(
                atPath: fixture.folder("ledger.sqlite"),
                toPath: "\(folder)/ledger.sqlite"
            )
            // Long after all codes of the fixture have expired.
            let clock = try FakeClock(sharedObject: clockObject, folder: outputFolder.path)
            try clock.set(10 * 365 * 86_400)
            let campaign = ["--campaign", "spring", "--output-dir", outputFolder.path]
            // Nobody is due, so that no server is asked.
            let night = ["run", "--server", "https://kratos.example/admin", "--purge-expired-after", "7d"]
            let killed = try await Program.run(night + campaign, environment: clock.environment) { process in
                Self.kill(process, at: moment, log: "\(folder)/ledger.sqlite-wal")
            }
            guard killed.status == -Int(SIGKILL) else {
                #expect(killed.status == 3, "all have expired: \(killed.words)")
                continue
            }
            let again = try await Program.run(night + campaign, environment: clock.environment)
            #expect(again.status == 3, "\(again.words)")
            #expect(try Canaries.files(in: outputFolder.path) == [])
            #expect(text(ofFile: "\(folder)/invitations.csv")?.split(separator: "\n").count == 1)
            #expect(try !names(inFolder: folder).contains { $0.contains("partial") || $0.contains("purged") })
            let summary = try Summary(try #require(text(ofFile: "\(folder)/summary.json")))
            #expect((summary["issued"], summary["purged"], summary["expired"]) == (count, count, count))
            return
        }
        Issue.record("no night could be killed when its purge was \(moment)")
    }

    private static func kill(_ process: Int32, at moment: MomentOfARun, log: String) {
        var (hasRemoved, hasEmptied) = (false, false)
        while text(ofFile: "/proc/\(process)/stat")?.contains(") Z ") == false {
            var status = stat()
            let size = lstat(log, &status) == 0 ? Int(status.st_size) : 0
            if moment.hasCome(size, afterRemoving: hasRemoved, afterEmptying: hasEmptied) {
                Glibc.kill(process, SIGKILL)
                return
            }
            hasRemoved = hasRemoved || size >= 2 << 20
            hasEmptied = hasEmptied || hasRemoved && size == 0
        }
    }

    /// Looks at the log until the moment has come, or the process has ended.
    private static func kill(_ process: Int32, at moment: Moment, log: String) {
        var turns = 0
        while text(ofFile: "/proc/\(process)/stat")?.contains(") Z ") == false {
            var status = stat()
            let size = lstat(log, &status) == 0 ? Int(status.st_size) : 0
            if (size == 0) != turns.isMultiple(of: 2) { turns += 1 }
            if turns == moment.turns, size >= moment.logSizeMin {
                Glibc.kill(process, SIGKILL)
                return
            }
        }
    }
}
