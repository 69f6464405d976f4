// Rosters, their samples, and what a look-up of those comes to.

import Foundation
import Providers
import Roster
import TestSupport
import Testing
import Model

@testable import Doctor

@Suite struct ReservoirTests {
    @Test func allAreKeptWhereThereAreNoMoreThanFit() {
        var reservoir = Reservoir<Int>(capacity: 5, random: SeededGenerator(seed: 1))
        for number in 0..<5 { reservoir.add(number) }
        #expect(reservoir.sample == [0, 1, 2, 3, 4])
    }

    /// Each of 1,000 has the same chance: of 20,000 draws, each tenth of the sequence gets its tenth.
    @Test func theSampleIsSpreadOverTheWholeSequence() {
        var tenths = [Int](repeating: 0, count: 10)
        for seed in 0..<200 {
            var reservoir = Reservoir<Int>(capacity: 100, random: SeededGenerator(seed: UInt64(seed)))
            for number in 0..<1000 { reservoir.add(number) }
            #expect(reservoir.sample.count == 100)
            #expect(Set(reservoir.sample).count == 100)
            #expect(reservoir.count == 1000)
            for number in reservoir.sample { tenths[number / 100] += 1 }
        }
        // The standard deviation of each is about 42.
        for tenth in tenths { #expect((1800...2200).contains(tenth), "\(tenths)") }
    }
}

@Suite struct RosterSurveyTests {
    private func survey(_ text: String, _ options: RosterOptions = RosterOptions()) throws -> RosterSurvey {
        let folder = try TemporaryFolder()
        return try RosterSurvey.read(
            try folder.write(text, to: "people.csv"),
            options,
            random: SeededGenerator(seed: 3)
        )
    }

    private func id(_ number: Int) -> IdentityID {
        IdentityID(high: 0x1234_5678_9abc_4def, low: UInt64(number))
    }

    @Test func rowsAndBytesAreCounted() throws {
        let text = "identity_id,email\n" + (1...3).map { "\(id($0)),u\($0)@example.org\n" }.joined()
        let survey = try survey(text)
        #expect(survey.rows == 3)
        #expect(survey.bytes == Int64(text.utf8.count))
        #expect(survey.sample == [id(1), id(2), id(3)])
        survey.finding.expect(.ok, .roster, says: "3 rows", "column identity_id")
    }

    @Test func columnsThatAreLeftBehindAreNamed() throws {
        let text = "identity_id,recovery_code,pin\n\(id(1)),1,2\n"
        let secret = try survey(text, RosterOptions(withoutColumns: ["PIN"]))
        secret.finding.expect(.ok, .roster, says: "columns recovery_code, pin are left behind")
        let misspelt = try survey(text, RosterOptions(withoutColumns: ["pim"]))
        misspelt.finding.expect(.warning, .roster, says: "no column pim", "recovery_code is left behind")
    }

    @Test func aLongRosterLeavesASampleFromAllOverIt() throws {
        let text = "id\n" + (1...5000).map { "\(id($0))\n" }.joined()
        let survey = try survey(text)
        #expect(survey.rows == 5000)
        #expect(survey.sample.count == RosterSurvey.sampleSize)
        let places = survey.sample.map { Int($0.low) }
        #expect(places.contains { $0 < 1000 } && places.contains { $0 > 4000 })
    }

    @Test func anIDThatStandsTwiceIsAskedForOnce() throws {
        let survey = try survey("id\n\(id(1))\n\(id(1))\n")
        #expect(survey.rows == 2)
        #expect(survey.sample == [id(1)])
    }

    @Test func rejectsAreCountedByTheirReasons() throws {
        let nobody = IdentityID.null
        let survey = try survey("id,name\n\(id(1)),a\nnobody,b\n\(nobody),c\nno one,d\n")
        survey.finding.expect(
            .warning,
            .roster,
            says: "1 rows",
            "3 rejected (2 not_a_uuid, 1 nil_uuid; the first on line 3)",
            advises: "rejected.csv"
        )
    }

    @Test func aRosterOfRejectsAloneIsAProblem() throws {
        let survey = try survey("identity_id\nnobody\n", RosterOptions(idColumn: "identity_id"))
        survey.finding.expect(.problem, .roster, says: "none of 1 rows", advises: "id-column")
        #expect(survey.sample.isEmpty)
    }
}

@Suite struct IdentitiesCheckTests {
    private let asked = (1...4).map { IdentityID(high: 1, low: $0) }

    private func listed(_ id: IdentityID, active: Bool = true, address: Bool = true) -> ListedIdentity {
        ListedIdentity(id: id, isActive: active, hasRecoveryAddress: address, columns: [])
    }

    private func finding(_ outcome: LookupOutcome) -> Finding {
        IdentitiesCheck(asked: asked).finding(outcome)
    }

    @Test func allThereIsOK() {
        finding(.found(asked.map { listed($0) })).expect(.ok, .identities, says: "all of 4")
    }

    @Test func someThatAreNotAsTheyShouldBeAreCounted() {
        let found = [
            listed(asked[0]), listed(asked[1], active: false),
            listed(asked[2], active: false, address: false),
        ]
        let finding = finding(.found(found))
        finding.expect(
            .warning,
            .identities,
            says: "of 4 looked up, 1 unknown; 2 inactive",
            "1 without a recovery address",
            advises: "verify"
        )
        self.finding(.found(asked.map { listed($0, address: false) }))
            .expect(.warning, .identities, says: "of 4 looked up, 4 without", advises: "schema")
    }

    @Test func noneThereIsAProblem() {
        finding(.found([])).expect(.problem, .identities, says: "none of 4", advises: "id-column")
    }

    @Test func alookupThatFailsIsAWarning() {
        let old = FatalAnswer(.lookupUnsupported, "it is too old")
        finding(.fatal(old)).expect(.warning, .identities, says: "too old", advises: "nobody knows")
        finding(.tooLong(FatalAnswer(.lookupRefused, "414"))).expect(
            .warning,
            .identities,
            says: "414",
            advises: "nobody"
        )
        let failure = Failure(kind: .serverError, httpStatus: 500, errorID: nil, reason: "database is locked")
        finding(.transient(failure, holdFor: nil))
            .expect(.warning, .identities, says: "database is locked", advises: "ask again")
    }
}
