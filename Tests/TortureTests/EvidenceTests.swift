// Each promise of a round is found broken where it is: the same evidence, doctored.

import IdentitySimulator
import Testing
import Model

@testable import Torture

/// A round as it should be: six identities, one unknown; the first code of the second was lost by a kill.
private func sound() -> Evidence {
    let roster = PlannedRoster(seed: 5, count: 6, unknown: [5], rejectedAfter: [2], doubledAfter: [3])
    let plan = RoundPlan(
        seed: 5,
        size: .small,
        roster: roster,
        faults: [],
        latency: .zero,
        concurrency: .fixed(1),
        rates: [Rate(count: 2, window: .seconds(1))],
        burst: 1,
        timeout: .seconds(30),
        runs: []
    )
    let identities = roster.identities
    // The second is asked for again, by the run after the one that was killed.
    let asked = [0, 1, 1, 2, 3, 4, 5].map { identities[$0] }
    let issued = zip(asked, 1...).dropLast()
        .map { identity, number in
            IssuedCode(
                request: number,
                identity: identity,
                code: "00000\(number)",
                link: "link-\(number)",
                expiresAt: "time-\(number)",
                wasSpoilt: false
            )
        }
    var killed = SummaryFigures()
    (killed.rowsRead, killed.enrolled, killed.duplicates, killed.rejected) = (8, 6, 1, 1)
    (killed.identities, killed.issued, killed.pending, killed.inDoubt) = (6, 1, 4, 1)
    (killed.requests, killed.ambiguousAttempts, killed.startedAt) = (1, 1, "first")
    var end = killed
    (end.issued, end.failed, end.pending, end.inDoubt) = (5, 1, 0, 0)
    (end.requests, end.startedAt) = (5, "second")
    return Evidence(
        plan: plan,
        issued: issued,
        arrivals: asked.enumerated().map { Arrival(identity: $1, time: .milliseconds(501 * $0)) },
        runs: [
            RunAccount(number: 1, requests: 1...2, wasKilled: true, before: SummaryFigures(), after: killed),
            RunAccount(number: 2, requests: 3...7, before: killed, after: end, summary: end),
        ],
        exported: issued.filter { $0.request != 2 }.map { code in
            InvitationLine(
                identity: code.identity.text,
                code: code.code,
                link: code.link,
                expiresAt: code.expiresAt,
                email: PlannedRoster.email(at: identities.firstIndex(of: code.identity) ?? -1)
            )
        },
        failed: [identities[5].text],
        end: end
    )
}

/// Evidence that was tampered with, and what has to be said of it.
struct Doctored: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rules: Set<Violation.Rule>
    let doctor: @Sendable (inout Evidence) -> Void

    init(_ what: String, _ rules: Violation.Rule..., doctor: @escaping @Sendable (inout Evidence) -> Void) {
        testDescription = what
        self.rules = Set(rules)
        self.doctor = doctor
    }

    static let all = [
        Doctored("a row is gone", .accounting) { $0.end.rowsRead -= 1 },
        Doctored("a duplicate is taken for a row", .accounting) {
            $0.end.duplicates -= 1
            $0.end.enrolled += 1
        },
        Doctored("a row too many is rejected", .accounting) {
            $0.end.rejected += 1
            $0.end.rowsRead += 1
        },
        Doctored("an identity is gone", .accounting) {
            $0.end.identities -= 1
            $0.end.failed -= 1
        },
        Doctored("an identity is counted twice", .accounting) { $0.end.pending += 1 },
        Doctored("nobody failed", .accounting) { $0.failed = [] },
        Doctored("a code is not exported", .accounting, .doubledCodes) { $0.exported.removeLast() },
        Doctored("another code is exported", .exportUnlikeLog) { $0.exported[0].code = "999999" },
        Doctored("another link is exported", .exportUnlikeLog, .doubledCodes) {
            $0.exported[0].link = "link-99"
        },
        Doctored("another expiry is exported", .exportUnlikeLog) { $0.exported[0].expiresAt = "never" },
        Doctored("somebody else's column is exported", .exportUnlikeLog) {
            $0.exported[0].email = PlannedRoster.email(at: 1)
        },
        Doctored("a code is exported twice", .exportUnlikeLog, .accounting) {
            $0.exported.append($0.exported[0])
        },
        Doctored("an earlier code is exported", .exportUnlikeLog, .doubledCodes) { evidence in
            let (early, late) = (evidence.issued[1], evidence.issued[2])
            guard let index = evidence.exported.firstIndex(where: { $0.link == late.link }) else { return }
            evidence.exported[index].code = early.code
            evidence.exported[index].link = early.link
            evidence.exported[index].expiresAt = early.expiresAt
        },
        Doctored("somebody is asked for after the commit", .requestedAfterCommit) {
            $0.arrivals[6] = Arrival(identity: $0.arrivals[0].identity, time: $0.arrivals[6].time)
        },
        Doctored("no ambiguous attempt accounts for a lost code", .doubledCodes) {
            $0.end.ambiguousAttempts = 0
            $0.runs[0].after.ambiguousAttempts = 0
            $0.runs[1].before.ambiguousAttempts = 0
            $0.runs[1].after.ambiguousAttempts = 0
        },
        Doctored("a killed run loses a code that was not in doubt", .doubledCodes) {
            $0.runs[0].after.inDoubt = 0
        },
        Doctored("a run that was not killed loses a code", .doubledCodes) {
            $0.runs[0].wasKilled = false
        },
        Doctored("a killed run leaves too many in doubt", .claims) { $0.runs[0].after.inDoubt = 5 },
        Doctored("a window is overdrawn", .limit) {
            $0.arrivals[2] = Arrival(identity: $0.arrivals[2].identity, time: .milliseconds(999))
        },
        Doctored("a run counts a request too many", .requests) { $0.runs[1].summary?.requests += 1 },
        Doctored("a run counts a request too few", .requests) { $0.runs[1].summary?.requests -= 1 },
        Doctored("a killed run counts more than came", .requests) { $0.runs[0].after.requests = 3 },
        Doctored("a run at a server that broke down sends what nothing accounts for", .requests) {
            $0.runs[1].wasCut = true
            $0.runs[1].summary?.requests += 1
        },
    ]
}

@Suite struct EvidenceTests {
    @Test func aRoundAsItShouldBeBreaksNoPromise() {
        let evidence = sound()
        #expect(evidence.violations() == [])
        #expect(evidence.doubled.map(\.request) == [2])
        #expect(evidence.doubledByKills == 1)
        #expect(evidence.claimsOfKilledRuns == 1)
    }

    @Test(arguments: Doctored.all) func everyBrokenPromiseIsFound(_ doctored: Doctored) {
        var evidence = sound()
        doctored.doctor(&evidence)
        #expect(Set(evidence.violations().map(\.rule)) == doctored.rules)
    }

    @Test func whatABreakdownExplainsIsNoViolation() {
        var evidence = sound()
        // One request of the second run was cut off on its way, and is counted as ambiguous.
        evidence.runs[1].wasCut = true
        evidence.runs[1].summary?.requests += 1
        evidence.runs[1].after.ambiguousAttempts += 1
        evidence.end.ambiguousAttempts += 1
        #expect(evidence.violations() == [])
    }

    @Test func impatienceExplainsALostCode() {
        var evidence = sound()
        evidence.runs[0].wasKilled = false
        evidence.plan.timeout = .seconds(2)
        #expect(evidence.violations() == [])
    }

    @Test func aWindowHoldsAsManyAsTheLimit() {
        var evidence = sound()
        evidence.arrivals[2] = Arrival(identity: evidence.arrivals[2].identity, time: .seconds(1))
        #expect(evidence.limits() == [])
    }
}
