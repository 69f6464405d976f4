// What has to hold on every server that Latchstring is for: written from a real Kratos' answers, run on any.

import Foundation
import Programs
import TestSupport
import Testing

/// The whole of Latchstring against one server, with identities of its own that are deleted afterwards.
struct LiveSuite {
    let server: LiveServer
    let folder: String
    private let active: [String]
    private let inactive: [String]
    /// IDs that the server does not have.
    private let unknown: [String]
    private let emails: [String: String]

    /// Makes identities on the server, runs everything on them, and deletes them again, whatever happens.
    static func run(on server: LiveServer) async throws {
        let suite = try await LiveSuite(server)
        do {
            try await suite.everything()
        } catch {
            try await suite.end()
            throw error
        }
        try await suite.end()
    }

    private init(_ server: LiveServer) async throws {
        self.server = server
        folder =
            FileManager.default.temporaryDirectory.appending(path: "latchstring-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let mark = UUID().uuidString.prefix(8).lowercased()
        let addresses = (0..<60).map { "live-\(mark)-\($0)@example.test" }
        active = try await server.importIdentities(addresses)
        inactive = try await server.importIdentities(["live-\(mark)-off@example.test"], state: "inactive")
        unknown = (0..<3).map { _ in UUID().uuidString.lowercased() }
        emails = Dictionary(uniqueKeysWithValues: zip(active, addresses))
    }

    private func end() async throws {
        try await server.delete(active + inactive)
        try FileManager.default.removeItem(atPath: folder)
    }

    private func everything() async throws {
        try await doctor()
        try await plan()
        try await mainJob()
        try await verify()
        try await links()
        try await drill()
    }
}

// MARK: - Step by step

extension LiveSuite {
    private func doctor() async throws {
        let roster = try write(active, to: "healthy.csv")
        let run = try await latchstring(["doctor", roster, "--public-server", server.publicURL, "--json"])
        let report = try object(run.stdout)
        #expect(run.status == 0, "doctor: \(run.words)")
        #expect(report["problems"] as? Int == 0)
        let wrongPort = try await Program.run([
            "doctor", "--server", server.publicURL, "--output-dir", folder, "--json",
        ])
        #expect(wrongPort.status == 1, "doctor on the public port: \(wrongPort.words)")
    }

    private func plan() async throws {
        let roster = try write(active + inactive + unknown + [active[0], "nobody"], to: "plan.csv")
        let run = try await latchstring(["plan", roster, "--verify", "--rate", "10/s", "--json"])
        #expect(run.status == 3, "plan: \(run.words)")
        let plan = try object(run.stdout)
        #expect(plan["rows_read"] as? Int == 66)
        #expect(plan["duplicates"] as? Int == 1)
        #expect(plan["rejected"] as? Int == 1)
        #expect(plan["requests"] as? Int == 60)
        #expect(plan["unknown_identity"] as? Int == 3)
        #expect(plan["inactive_identity"] as? Int == 1)
    }

    private func mainJob() async throws {
        let roster = try write(active + unknown + [active[0], "nobody"], to: "job.csv")
        let run = try await latchstring(["run", roster, "--expires-in", "2h"])
        #expect(run.status == 3, "run: \(run.words)")
        #expect(!run.stderr.contains("warning: "), "\(run.stderr)")
        let summary = try summary("job")
        #expect(summary["issued"] == 60)
        #expect(summary.failures == ["unknown_identity": 3])
        // A real server may answer 500 for a locked database now and then.
        #expect(summary["requests"] - summary["retries"] == 63)
        let rows = try invitations("job")
        #expect(Set(rows.compactMap { $0["identity_id"] }) == Set(active))
        for row in rows {
            #expect(row["recovery_code"]?.isEmpty == false)
            #expect(row["recovery_link"]?.contains("flow=") == true)
        }
        let again = try await latchstring(["run", roster, "--expires-in", "2h"])
        #expect(again.status == 3)
        #expect(try self.summary("job")["requests"] == 0)
    }

    private func verify() async throws {
        let roster = try write(active + inactive + unknown, to: "looked-up.csv")
        let run = try await latchstring(["run", roster, "--columns", "email=traits.email,state=state"])
        #expect(run.status == 3, "run --columns: \(run.words)")
        let summary = try summary("looked-up")
        #expect(summary["requests"] - summary["retries"] == 60)
        #expect(summary.failures == ["unknown_identity": 3, "inactive_identity": 1])
        for row in try invitations("looked-up") {
            #expect(row["email"] == emails[row["identity_id"] ?? ""])
            #expect(row["state"] == "active")
        }
        let typo = try await latchstring([
            "run", roster, "--campaign", "typo", "--columns", "email=traits.e-mail",
        ])
        #expect(typo.status == 1, "run --columns with a path that is nowhere: \(typo.words)")
        #expect(try self.summary("typo")["issued"] == 0)
    }

    private func links() async throws {
        let roster = try write(Array(active.prefix(5)) + unknown, to: "links.csv")
        let run = try await latchstring(["run", roster, "--method", "link"])
        #expect(run.status == 3, "run --method link: \(run.words)")
        #expect(try summary("links").failures == ["unknown_identity": 3])
        let rows = try invitations("links")
        #expect(rows.count == 5)
        for row in rows {
            #expect(row["recovery_code"] == "")
            #expect(row["recovery_link"]?.contains("token=") == true)
        }
    }

    /// In both modes of `use_continue_with_transitions`: the browser's way always works, an app's only with
    /// it.
    private func drill() async throws {
        let app = try await drill(active[10], [])
        if app.status == 0 {
            #expect(app.report["ok"] as? Bool == true)
            #expect(app.report["failed_step"] is NSNull)
        } else {
            #expect(app.status == 1, "drill: \(app.words)")
            #expect(app.report["failed_step"] as? String == "redeem")
            let reason = "\(app.report["likely_reason"] ?? "") \(app.report["advice"] ?? "")"
            #expect(reason.contains("use_continue_with_transitions"), "\(reason)")
        }
        for (identity, way) in [(active[11], "--browser"), (active[12], "--link")] {
            let run = try await drill(identity, [way])
            #expect(run.status == 0, "drill \(way): \(run.words)")
            #expect(run.report["ok"] as? Bool == true)
        }
        let off = try await drill(inactive[0], ["--browser"])
        #expect(off.status == 1, "drill of an inactive identity: \(off.words)")
    }

    private func drill(_ identity: String, _ arguments: [String]) async throws -> (
        status: Int, report: [String: Any], words: String
    ) {
        let run = try await Program.run(
            [
                "drill", "--identity", identity, "--server", server.adminURL, "--public-server",
                server.publicURL,
                "--yes", "--json",
            ] + arguments
        )
        return (run.status, try object(run.stdout), run.words)
    }
}

// MARK: - Files

extension LiveSuite {
    private func write(_ identities: [String], to name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(("identity_id\n" + identities.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: path))
        return path
    }

    private func latchstring(_ arguments: [String]) async throws -> Run {
        try await Program.run(arguments + ["--server", server.adminURL, "--output-dir", "\(folder)/reports"])
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    private func summary(_ campaign: String) throws -> Summary {
        try Summary(try file(campaign, "summary.json"))
    }

    private func invitations(_ campaign: String) throws -> [[String: String]] {
        CSVTable(try file(campaign, "invitations.csv")).rows
    }

    private func file(_ campaign: String, _ name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(filePath: "\(folder)/reports/\(campaign)/\(name)")),
            as: UTF8.self
        )
    }
}
