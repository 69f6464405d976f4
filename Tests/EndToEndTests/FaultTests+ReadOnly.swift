// Folders that cannot be written to any more while a run is at work in them.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests.FaultTests {
    /// The kernel mounts it read-only: that ends writing to open files too, to the ledger and to what waits
    /// beside it.
    @Test func aFileSystemThatBecomesReadOnlyUnderARun() async throws {
        try await Self.with { scene, mishap in
            let disk = try await FailingDisk.mounted(
                at: scene.outputFolder,
                image: "\(scene.folder)/disk",
                megabytes: 32
            )
            guard let disk else {
                return print("no file system may be made here: one that becomes read-only was left out")
            }
            do { try await expectStopAndGoingOn(scene, mishap, disk) } catch {
                try? await disk.unmount()
                throw error
            }
            try await disk.unmount()
        }
    }

    private func expectStopAndGoingOn(_ scene: Scene, _ mishap: Mishap, _ disk: FailingDisk) async throws {
        #expect(try await scene.run(Self.arguments + ["--max-identities", "200"]).status == 0)
        let known = try Self.codes(scene)
        mishap.arm(after: 100) { disk.fail() }
        let run = try await scene.run(Self.arguments)
        #expect(run.status == 1, "\(run.words)")
        #expect(run.stderr.contains("latchstring: the ledger"), "\(run.stderr)")
        #expect(mishap.hasHappened && mishap.requestsSince <= Self.sentAfterMax)
        let sent = mishap.canaries.issued.count
        let tooEarly = try await scene.run(Self.arguments)
        #expect(tooEarly.status == 1 && tooEarly.stderr.contains("ead-only"), "\(tooEarly.words)")
        #expect(mishap.canaries.issued.count == sent)

        #expect(try await disk.mend())
        let next = try await scene.run(Self.arguments)
        #expect(next.status == 0, "\(next.words)")
        #expect(try scene.summary()["issued"] == scene.identities.count)
        #expect(!scene.has("ledger.spill"))
        let codes = try Self.codes(scene)
        for (identity, code) in known { #expect(codes[identity] == code) }
        // Nobody was issued a code after the one that the ledger holds, and of those in doubt each is
        // counted.
        let issued = mishap.canaries.issued
        let last = Dictionary(issued.map { ($0.identity.text, $0.code) }) { _, later in later }
        #expect(codes == last)
        // The commit that is under way when the journal is given up can be lost although its sync was
        // reported as done. Then its claims, at most four for each request in flight, are not known to be in
        // doubt.
        let uncounted = 4 * 4
        let ambiguous = try scene.summary()["ambiguous_attempts"]
        #expect(issued.count - codes.count <= ambiguous + uncounted)
    }

    /// Open files can still be written to then, so everything is committed; what cannot be written is the
    /// outputs.
    @Test func aFolderWhoseRightsAreTakenUnderARun() async throws {
        try await Self.with { scene, mishap in
            guard let prelude = try await Self.preludeOfNobody(owning: scene.folder) else {
                return print("no other user may run the program here: a folder without rights was left out")
            }
            let folder = scene.campaignFolder
            mishap.arm(after: 100) { chmod(folder, 0o500) }
            let run = try await scene.run(Self.arguments, prelude: prelude)
            #expect(run.status == 1, "\(run.words)")
            #expect(run.stderr.contains("ermission denied"), "\(run.stderr)")
            #expect(mishap.hasHappened && !scene.has("invitations.csv"))
            let requests = scene.simulator.statistics().requestsReceived
            #expect(requests == scene.identities.count)
            let early = try await scene.run(Self.arguments, prelude: prelude)
            #expect(early.status == 1 && early.stderr.contains("ermission denied"), "\(early.words)")

            chmod(folder, 0o700)
            let next = try await scene.run(Self.arguments, prelude: prelude)
            #expect(next.status == 0, "\(next.words)")
            #expect(!scene.has("ledger.spill"))
            #expect(scene.simulator.statistics().requestsReceived == requests, "all were committed")
            try Self.expectEveryCodeOnce(scene, mishap)
        }
    }

    /// What makes a shell become the program as a user whom rights are denied; the folder becomes that
    /// user's.
    ///
    /// - Returns: nil where there is no such user. Nothing to do where the tests are run by one.
    private static func preludeOfNobody(owning folder: String) async throws -> String? {
        guard geteuid() == 0 else { return ":" }
        let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let setpriv = "/usr/bin/setpriv"
        guard FileManager.default.isExecutableFile(atPath: setpriv),
            try await Program.run(program: setpriv, user + [Program.latchstring, "--version"]).status == 0,
            try await Program.run(program: "/bin/chown", ["-R", "65534:65534", folder]).status == 0
        else { return nil }
        return "exec \(setpriv) \(user.joined(separator: " ")) \"$0\" \"$@\""
    }
}
