// A campaign that is exported in formats.

import Exports
import Files
import Foundation
import Ledger
import Model
import SQLiteLedger
import TestSupport
import Testing

/// A ledger with invitations, and the exports of it.
struct FormatFixture {
    let campaign: LedgerFixture
    let outputs: CampaignOutputs
    private let run: RunID

    init() throws {
        campaign = try LedgerFixture()
        let path = campaign.folder.path
        let name = try #require(path.split(separator: "/").last)
        let folder = CampaignFolder(outputFolder: String(path.dropLast(name.count + 1)), name: String(name))
        outputs = CampaignOutputs(folder: folder, ledger: campaign.ledger)
        run = try campaign.beginRun()
    }

    /// Enrols a row for each of the values, and issues an invitation to each.
    func issue(
        _ columns: [String],
        _ rows: [[String]],
        link: String = "https://app.example/r?flow=1&x=2"
    ) throws {
        let first = try campaign.invitations().count + 1
        try campaign.enrol(
            rows.enumerated().map { .identity(id(first + $0), line: $0 + 2, columns: $1) },
            columns: columns
        )
        let results = try campaign.claim(rows.count, run).map { claim in
            AttemptResult(
                claim: claim,
                outcome: .issued(.sample(Int(claim.sequence), link: link)),
                isAmbiguous: false
            )
        }
        _ = try campaign.ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: 0,
            at: LedgerFixture.now
        )
    }

    func export(
        _ format: String,
        replacing: Bool = false,
        _ change: (inout FormatOptions) throws -> Void = { _ in }
    ) throws -> CampaignOutputs.FormattedExport {
        var options = FormatOptions(try #require(ExportFormat.named(format)))
        if options.format.needsSender {
            options.sender = MailSender("Team <it@example.com>")
            options.template = "7"
        }
        try change(&options)
        let addresses = try SeenAddresses()
        return try outputs.export(
            in: options,
            InvitationOptions(),
            replacing: replacing,
            noteAddress: addresses.insert
        )
    }

    /// What the export's only file says.
    func text(
        _ format: String,
        _ change: (inout FormatOptions) throws -> Void = { _ in }
    ) throws -> String {
        let export = try export(format, change)
        try #require(export.paths.count == 1)
        return try String(contentsOfFile: export.paths[0], encoding: .utf8)
    }

    /// The JSON documents of the export's only file.
    func documents(
        _ format: String,
        _ change: (inout FormatOptions) throws -> Void = { _ in }
    ) throws -> [NSDictionary] {
        try text(format, change).split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
        }
    }

    /// The codes of problems that an export in the format ends with.
    func problem(
        _ format: String,
        _ change: (inout FormatOptions) throws -> Void = { _ in }
    ) throws -> FormatError {
        try #require(throws: FormatError.self) { _ = try export(format, change) }
    }

    /// The manifest, as it is there.
    func manifest(_ format: String) throws -> NSDictionary {
        let path = campaign.folder("invitations.\(format).manifest.json")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }

    /// The names of the exports' files, the ledger's aside.
    var files: [String] {
        get throws { try names(inFolder: campaign.folder.path).filter { !$0.hasPrefix("ledger.") } }
    }
}
