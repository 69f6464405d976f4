// Each promise of the nights is found broken where it is: the same evidence, doctored.

import Testing
import Model

@testable import Torture

/// Four identities: one has been issued for once and has activated, two again, one a third time in vain, and
/// all are handed over.
private func sound() -> NightsEvidence {
    let roster = PlannedRoster(seed: 5, count: 4, unknown: [], rejectedAfter: [], doubledAfter: [])
    let ids = roster.identities
    let issued = zip([0, 1, 2, 3, 1, 2, 3, 3], 1...).map { position, number in
        IssuedCode(
            request: number,
            identity: ids[position],
            code: "00000\(number)",
            link: "link-\(number)",
            expiresAt: "time-\(number)",
            wasSpoilt: false
        )
    }
    func line(_ request: Int, _ generation: Int) -> InvitationLine {
        let code = issued[request - 1]
        return InvitationLine(
            identity: code.identity.text,
            code: code.code,
            link: code.link,
            expiresAt: code.expiresAt,
            email: "",
            generation: generation
        )
    }
    func batch(_ number: Int, _ lines: [InvitationLine]) -> HandedBatch {
        let (name, sum) = ("00000\(number).csv", "sum-\(number)")
        return HandedBatch(
            entry: BatchList.Entry(
                batch: number,
                kind: "new",
                state: "written",
                rows: lines.count,
                file: "/handover/\(name)",
                manifest: "/handover/\(name).manifest.json",
                sha256: sum
            ),
            lines: lines,
            sha256: sum,
            manifest: HandedBatch.Manifest(batch: number, file: name, sha256: sum, rows: lines.count)
        )
    }
    var end = SummaryFigures()
    (end.valid, end.expired, end.activated, end.reissued, end.ambiguousAttempts) = (2, 1, 1, 3, 1)
    return NightsEvidence(
        plan: NightsPlan(reissueMax: 1, purgeAfterHours: nil, nights: []),
        roster: roster,
        issued: issued,
        activated: [ids[0]: 4],
        exported: [line(1, 1), line(5, 2), line(6, 2), line(8, 2)],
        // The last one has been given up.
        isValid: { $0.expiresAt != "time-8" },
        batches: [
            batch(1, [line(1, 1), line(2, 1), line(3, 1), line(4, 1)]), batch(2, [line(5, 2), line(6, 2)]),
        ],
        chosenLast: [2],
        notHandedOver: 1,
        end: end
    )
}

private struct DoctoredNights: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rules: Set<Violation.Rule>
    let doctor: @Sendable (inout NightsEvidence) -> Void

    init(
        _ what: String,
        _ rules: Violation.Rule...,
        doctor: @escaping @Sendable (inout NightsEvidence) -> Void
    ) {
        testDescription = what
        self.rules = Set(rules)
        self.doctor = doctor
    }

    static let all = [
        DoctoredNights("somebody gets a code in the night after the activation", .issuedAfterActivation) {
            $0.activated = $0.activated.mapValues { _ in 0 }
        },
        DoctoredNights("a generation is one that nobody was given", .generations) {
            $0.exported[0].generation = 2
            $0.end.reissued += 1
            $0.notHandedOver += 1
        },
        DoctoredNights("one more is issued anew than is allowed", .generations) {
            $0.exported[3].generation = 3
        },
        DoctoredNights("no ambiguous attempt accounts for a code of no generation", .doubledCodes) {
            $0.end.ambiguousAttempts = 0
        },
        DoctoredNights("one too few counts as issued anew", .generations) { $0.end.reissued -= 1 },
        DoctoredNights("a batch is gone", .batchUnlikeRecord) { $0.batches[0].sha256 = nil },
        DoctoredNights("a manifest is gone", .batchUnlikeRecord) { $0.batches[0].manifest = nil },
        DoctoredNights("a batch is not what its manifest says", .batchUnlikeRecord) {
            $0.batches[0].manifest?.sha256 = "another"
        },
        DoctoredNights("a batch has a row less", .batchUnlikeRecord) { $0.batches[0].lines?.removeLast() },
        DoctoredNights("somebody is in two batches of a generation", .handedOverTwice) {
            $0.batches[0].lines?[1] = $0.exported[1]
        },
        DoctoredNights("a batch has another code", .exportUnlikeLog) {
            $0.batches[0].lines?[1].code = "999999"
        },
        DoctoredNights("a batch has a later code in an earlier generation", .generations) { evidence in
            evidence.batches[0].lines?[1] = evidence.exported[1]
            evidence.batches[0].lines?[1].generation = 1
            let first = evidence.issued[1]
            evidence.batches[1].lines?[0].code = first.code
            evidence.batches[1].lines?[0].link = first.link
            evidence.batches[1].lines?[0].expiresAt = first.expiresAt
            evidence.exported[1] = evidence.batches[1].lines?[0] ?? evidence.exported[1]
        },
        DoctoredNights("somebody who has a valid code is in no batch", .handedOverNever) {
            $0.batches[1].lines?.removeLast()
            $0.batches[1].entry.rows = 1
            $0.batches[1].manifest?.rows = 1
            $0.notHandedOver = 2
        },
        DoctoredNights("somebody is handed over who has activated", .handedOverInVain) {
            $0.chosenLast = [1, 2]
        },
        DoctoredNights("one too many counts as not handed over", .accounting) { $0.notHandedOver += 1 },
        DoctoredNights("an activation is not learnt", .accounting) {
            $0.end.activated -= 1
            $0.end.valid += 1
        },
        DoctoredNights("an invitation is lost", .accounting) {
            $0.exported.removeFirst()
            $0.batches[0].lines?.removeFirst()
            $0.batches[0].entry.rows = 3
            $0.batches[0].manifest?.rows = 3
        },
        DoctoredNights("somebody is left with an expired code", .unfinished) {
            $0.plan = NightsPlan(reissueMax: 2, purgeAfterHours: nil, nights: [])
        },
    ]
}

@Suite struct NightsEvidenceTests {
    @Test func nightsAsTheyShouldBeBreakNoPromise() {
        let evidence = sound()
        #expect(evidence.violations() == [])
        #expect(evidence.doubled == 1)
    }

    @Test(arguments: DoctoredNights.all) fileprivate func everyBrokenPromiseIsFound(
        _ doctored: DoctoredNights
    ) {
        var evidence = sound()
        doctored.doctor(&evidence)
        let found = evidence.violations()
        #expect(Set(found.map(\.rule)).isSuperset(of: doctored.rules), "\(found)")
    }

    @Test func aWrittenBatchStaysAsItIs() {
        let batches = sound().batches
        #expect(batches.violations(since: [1: "sum-1", 2: "sum-2"]) == [])
        #expect(batches.violations(since: [1: "other"]).map(\.rule) == [.batchUnlikeRecord])
        #expect(batches.violations(since: [3: "sum-3"]).map(\.rule) == [.batchUnlikeRecord])
    }

    @Test func anotherGenerationMayReplaceALineAndAPurgeRemoveIt() {
        let line = sound().exported[1]
        var earlier = line
        (earlier.generation, earlier.code) = (1, "earlier")
        #expect([line].violations(since: [line.identity: earlier]) == [])
        #expect([earlier].violations(since: [line.identity: line]).map(\.rule) == [.committedCodeLost])
        let none: [InvitationLine] = []
        #expect(none.violations(since: [line.identity: line]).map(\.rule) == [.committedCodeLost])
        #expect(none.violations(since: [line.identity: line]) { _ in true } == [])
    }
}
