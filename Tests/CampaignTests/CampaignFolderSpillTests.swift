// What waits beside a ledger, as the next run finds it.

import Campaign
import Foundation
import Ledger
import Files
import TestSupport
import Testing

@Suite struct CampaignFolderSpillTests {
    private let campaign: TestCampaign
    private let folder: CampaignFolder
    private let start = RunStart(
        startedAt: ManualClock.start,
        process: "p",
        version: "0",
        retryFailed: false
    )

    init() throws {
        campaign = try TestCampaign(count: 10)
        folder = CampaignFolder(outputFolder: campaign.folder.path, name: "test")
        try folder.prepare()
    }

    private func spill(_ numbers: ClosedRange<Int>) throws {
        let spill = try folder.reserveSpill(for: start, claimsMax: 16)
        let results = numbers.map { number in
            AttemptResult(
                claim: Claim(sequence: Int64(number), identityID: .numbered(number), wasInDoubt: false),
                outcome: .issued(.sample(number)),
                isAmbiguous: false
            )
        }
        try spill.write(results, unsent: [], seals: [], progress: RunProgress(), at: ManualClock.start)
    }

    @Test func roomThatWasNotNeededIsGivenBackSilently() throws {
        _ = try folder.reserveSpill(for: start, claimsMax: 16)
        #expect(folder.spillWarning() == nil)
        #expect(try folder.takeInSpill(into: campaign.ledger).isEmpty)
        #expect(try names(inFolder: folder.path) == [])
    }

    @Test func claimsForWhichNothingWasSentAreGivenBackSilently() throws {
        let run = try campaign.ledger.beginRun(start)
        let claims = try campaign.ledger.commit(
            [],
            run: run,
            progress: RunProgress(),
            claiming: 4,
            at: ManualClock.start
        ).claims
        let spill = try folder.reserveSpill(for: start, claimsMax: 16)
        try spill.write([], unsent: claims, seals: [], progress: RunProgress(), at: ManualClock.start)
        #expect(try campaign.counts().claimed == 4)
        #expect(folder.spillWarning() == nil)
        #expect(try folder.takeInSpill(into: campaign.ledger).isEmpty)
        #expect(try campaign.counts().pending == 10)
        #expect(try names(inFolder: folder.path) == [])
    }

    /// A run tries once more what it could not commit: then the ledger knows what is in the file.
    @Test func answersThatAreKnownAreTakenInSilently() throws {
        try spill(1...3)
        let first = try folder.takeInSpill(into: campaign.ledger)
        #expect(first.notes.first?.contains("Taken in 3 answers") == true)
        try spill(1...3)
        #expect(try folder.takeInSpill(into: campaign.ledger).isEmpty)
        try spill(3...4)
        let third = try folder.takeInSpill(into: campaign.ledger)
        #expect(third.notes.first?.contains("Taken in 1 answers") == true)
        #expect(third.notes.first?.contains("1 were known already") == true)
        #expect(try campaign.counts().issued == 4)
        #expect(try names(inFolder: folder.path) == [])
    }

    @Test func aDamagedFileIsTakenInAsFarAsItIsWholeAndKept() throws {
        for round in 1...2 {
            try spill(1...3)
            var bytes = try Data(contentsOf: URL(filePath: folder.spillPath))
            let used = try #require(bytes.lastIndex { $0 != 0 })
            bytes[used / 2] ^= 0xff
            try bytes.write(to: URL(filePath: folder.spillPath))
            let remarks = try folder.takeInSpill(into: campaign.ledger)
            let said = (remarks.notes + remarks.warnings).joined(separator: "\n")
            #expect(said.contains("is damaged"))
            #expect(said.contains("Taken in \(round == 1 ? 2 : 0) answers"))
            let kept = round == 1 ? "ledger.spill.damaged" : "ledger.spill.damaged.2"
            #expect(said.contains("\(folder.path)/\(kept)"))
            #expect(try names(inFolder: folder.path).last == kept)
        }
        #expect(try campaign.counts().issued == 2)
    }

    @Test func whatCannotBeTakenInStays() throws {
        // Of an identity that the ledger does not know.
        try spill(9...11)
        #expect(throws: LedgerError.self) { try folder.takeInSpill(into: campaign.ledger) }
        #expect(try names(inFolder: folder.path) == ["ledger.spill"])
        #expect(folder.spillWarning()?.hasPrefix("warning: 3 answers wait in \(folder.spillPath)") == true)
        #expect(try campaign.counts().issued == 0)
    }
}
