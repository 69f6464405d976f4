import Foundation
import Glibc
import Ledger
import TestSupport
import Testing
import Model

@testable import SQLiteLedger

/// The file for answers that the ledger does not take.
@Suite struct LedgerSpillTests {
    private let folder: TemporaryFolder
    private let path: String
    private let origin = SpillOrigin(
        campaign: "spring",
        run: RunStart(startedAt: LedgerFixture.now, process: "p", version: "1", retryFailed: false)
    )

    init() throws {
        folder = try TemporaryFolder()
        path = folder("ledger.spill")
    }

    private func issued(_ number: Int) -> AttemptResult {
        AttemptResult(claim: claim(number), outcome: .issued(.sample(number)), isAmbiguous: false)
    }

    private func claim(_ number: Int) -> Claim {
        Claim(sequence: Int64(number), identityID: id(number), wasInDoubt: number.isMultiple(of: 2))
    }

    private func reserve(claims: Int = 4) throws -> LedgerSpill {
        try LedgerSpill.reserve(at: path, origin: origin, claimsMax: claims)
    }

    private func write(_ spill: LedgerSpill, _ results: [AttemptResult], unsent: [Claim] = []) throws {
        var progress = RunProgress()
        progress.requests = results.count
        try spill.write(results, unsent: unsent, seals: [], progress: progress, at: LedgerFixture.now)
    }

    private func read() throws -> SpillReading { try #require(try SpillReading(fileAt: path)) }

    @Test func whatWasWrittenIsKeptWithoutTheRoomBehindIt() throws {
        let spill = try reserve()
        try write(spill, [issued(1), issued(2)])
        let reserved = try folder.size(of: "ledger.spill")
        spill.keepWritten()
        #expect(try folder.size(of: "ledger.spill") < reserved / 2)
        let reading = try read()
        #expect(reading.count == 2 && !reading.isDamaged && reading.answers?.progress?.requests == 2)
    }

    @Test func itsRoomIsThereBeforeAnythingIsWritten() throws {
        let spill = try reserve()
        #expect(mode(of: path) == 0o600)
        var status = stat()
        #expect(lstat(path, &status) == 0)
        let size = Int(status.st_size)
        #expect(size >= 4 * LedgerSpill.bytesPerClaim)
        #expect(Int(status.st_blocks) * 512 >= size, "blocks, and not a hole")
        let empty = try read()
        #expect(empty.answers?.origin == origin && empty.count == 0 && !empty.isDamaged)
        // The longest answers that there may be, in bytes that JSON escapes.
        let long = (1...4).map { number in
            var invitation = IssuedInvitation.sample(number)
            invitation.secret = .plain(
                code: String(repeating: "\"", count: 1024),
                link: String(repeating: "\\", count: 8192)
            )
            invitation.requestID = UUID().uuidString
            return AttemptResult(claim: claim(number), outcome: .issued(invitation), isAmbiguous: false)
        }
        let failure = FailureRecord.sample(reason: String(repeating: "\"", count: 600))
        try write(
            spill,
            long.map { AttemptResult(claim: $0.claim, outcome: .tryingAgain(failure), isAmbiguous: true) }
                + long
        )
        #expect(lstat(path, &status) == 0)
        #expect(Int(status.st_size) == size, "it all went into the room that was reserved")
        #expect(try read().count == 8)
        spill.remove()
        #expect(try SpillReading(fileAt: path) == nil)
    }

    @Test func everyOutcomeComesBackAsItWas() throws {
        let spill = try reserve()
        let failure = FailureRecord.sample(errorID: "e", reason: "said \"no\" / nein")
        let key = [UInt8](repeating: 7, count: 32)
        var sealed = IssuedInvitation.sample(2)
        sealed.secret = .sealed(SealID(number: 3), [0, 255])
        let results = [
            issued(1),
            AttemptResult(claim: claim(2), outcome: .issued(sealed), isAmbiguous: false),
            AttemptResult(claim: claim(3), outcome: .failed(failure), isAmbiguous: true),
            AttemptResult(claim: claim(4), outcome: .tryingAgain(failure), isAmbiguous: false),
            AttemptResult(claim: claim(5), outcome: .dueAgain(nil), isAmbiguous: false),
            AttemptResult(claim: claim(6), outcome: .dueAgain(failure), isAmbiguous: false),
        ]
        var progress = RunProgress()
        progress.requests = 6
        progress.limitInForce = "8/s"
        let seal = SealRecord(id: SealID(number: 3), publicKey: key, encapsulatedKey: [1])
        let other = SealRecord(id: SealID(number: 4), publicKey: key, encapsulatedKey: [2])
        let time = LedgerFixture.now.advanced(by: .seconds(5))
        try spill.write(
            results,
            unsent: [claim(7)],
            seals: [other, seal],
            progress: progress,
            at: time
        )
        let answers = try #require(try read().answers)
        #expect(answers.results.map(Described.init) == results.map(Described.init))
        #expect(answers.unsent == [claim(7)])
        #expect(answers.seals == [seal], "and no other")
        #expect(answers.progress == progress && answers.at == time)
    }

    /// What was written first is written once: writing again appends what has come since.
    @Test func writingAppends() throws {
        let spill = try reserve()
        try write(spill, [issued(1)])
        let before = try Data(contentsOf: URL(filePath: path)).prefix { $0 != 0 }
        try write(spill, [issued(1), issued(2)], unsent: [claim(3)])
        #expect(try Data(contentsOf: URL(filePath: path)).starts(with: before))
        let reading = try read()
        #expect(reading.answers?.results.map(\.claim.sequence) == [1, 2])
        #expect(reading.answers?.progress?.requests == 2)
        #expect(spill.resultsWritten == 2)
    }

    @Test func aTornLastRecordCostsNoOther() throws {
        let spill = try reserve()
        try write(spill, [issued(1), issued(2), issued(3)])
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let used = try #require(bytes.lastIndex { $0 != 0 })
        for end in stride(from: used, to: 0, by: -7) {
            // As a power cut leaves it: reserved room where nothing was written.
            var torn = bytes
            for index in end..<bytes.count { torn[index] = 0 }
            let reading = SpillReading(torn)
            #expect(reading.count <= 3)
            let sequences = reading.answers?.results.map(\.claim.sequence) ?? []
            #expect(sequences == Array([1, 2, 3].prefix(sequences.count)))
        }
        #expect(SpillReading(Array(bytes.prefix(used - 5))).isDamaged)
    }

    @Test func aFlippedByteCostsOneRecord() throws {
        let spill = try reserve()
        try write(spill, [issued(1), issued(2), issued(3)])
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let used = try #require(bytes.lastIndex { $0 != 0 })
        for index in 0...used {
            var flipped = bytes
            flipped[index] ^= 0x5a
            let reading = SpillReading(flipped)
            #expect(reading.isDamaged, "byte \(index)")
            for case .issued(let invitation) in (reading.answers?.results ?? []).map(\.outcome) {
                #expect((1...3).map { IssuedInvitation.sample($0) }.contains(invitation))
            }
        }
    }

    @Test func whatIsNoSpillFileIsSaidToBeDamaged() throws {
        try put("identity_id,code\n", intoFile: path)
        let reading = try read()
        #expect(reading.isDamaged && reading.answers == nil && reading.count == 0)
        // Killed while it was reserved.
        #expect(!SpillReading([UInt8](repeating: 0, count: 100)).isDamaged)
        #expect(!SpillReading([]).isDamaged)
    }

    @Test func withoutRoomThereIsNoFile() throws {
        // More than any disk has.
        let error = #expect(throws: LedgerError.self) { try reserve(claims: 1 << 40) }
        #expect(error?.code == .notWritable)
        #expect(error?.description.contains("there is no room for \(path)") == true)
        #expect(try SpillReading(fileAt: path) == nil)
    }

    @Test func aFileThatLostItsNameTakesNothing() throws {
        let spill = try reserve()
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: LedgerError.self) { try write(spill, [issued(1)]) }
        #expect(spill.resultsWritten == 0)
    }

    @Test func noSecretIsInADescription() throws {
        var invitation = IssuedInvitation.sample(1)
        invitation.secret = .plain(code: "424242", link: "https://secret.example")
        let result = AttemptResult(claim: claim(1), outcome: .issued(invitation), isAmbiguous: false)
        var answers = SpilledAnswers(origin: origin)
        answers.results = [result]
        for text in [
            "\(result)", String(reflecting: result), "\(SpillRecord.answer(result))", "\(answers)",
            String(reflecting: answers),
        ] {
            #expect(!text.contains("424242") && !text.contains("secret.example"), "\(text)")
        }
        var dumped = ""
        dump(answers, to: &dumped)
        dump(result, to: &dumped)
        #expect(!dumped.contains("424242") && !dumped.contains("secret.example"))
    }
}

/// An attempt's result that compares.
private struct Described: Equatable {
    let claim: Claim
    let isAmbiguous: Bool
    let invitation: IssuedInvitation?
    let failure: FailureRecord?
    let kind: Int

    init(_ result: AttemptResult) {
        (claim, isAmbiguous) = (result.claim, result.isAmbiguous)
        switch result.outcome {
        case .issued(let value): (invitation, failure, kind) = (value, nil, 0)
        case .failed(let value): (invitation, failure, kind) = (nil, value, 1)
        case .tryingAgain(let value): (invitation, failure, kind) = (nil, value, 2)
        case .dueAgain(let value): (invitation, failure, kind) = (nil, value, 3)
        }
    }
}
