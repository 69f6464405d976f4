import Foundation
import Ledger
import Model
import TestSupport
import Testing

@testable import SQLiteLedger

/// The texts of spill files, which other versions of the program have written or will read.
@Suite struct SpillRecordTests {
    private static let origin = """
        {"origin":{"_0":{"campaign":"spring","process":"process 1 on vm","version":"0.2.0",\
        "startedAtMilliseconds":1800000000000,"key":"00112233-4455-4677-8899-aabbccddeeff"}}}
        """
    private static let seal = """
        {"seal":{"_0":{"number":3,"publicKey":"BwcH","encapsulatedKey":"AQ=="}}}
        """
    private static let issued = """
        {"answer":{"_0":{"claim":{"sequence":1,"identity":"a0000000-0000-4000-8000-000000000001",\
        "wasInDoubt":false,"attempts":2,"generation":1},"outcome":{"issued":{"_0":{"code":"012345",\
        "link":"https://app.example/recovery?flow=1","expiresAtText":"2027-01-15T09:00:00Z",\
        "expiresAtMilliseconds":1800003600000,"requestID":"r1","issuedAtMilliseconds":1800000000000}}},\
        "isAmbiguous":false,"requestID":""}}}
        """
    private static let sealed = """
        {"answer":{"_0":{"claim":{"sequence":2,"identity":"a0000000-0000-4000-8000-000000000002",\
        "wasInDoubt":true,"attempts":0,"generation":1},"outcome":{"issued":{"_0":{"seal":3,"sealed":"AP8=",\
        "expiresAtText":"2027-01-15T09:00:00Z","expiresAtMilliseconds":1800003600000,"requestID":"r2",\
        "issuedAtMilliseconds":1800000000000}}},"isAmbiguous":false,"requestID":""}}}
        """
    private static let failed = """
        {"answer":{"_0":{"claim":{"sequence":3,"identity":"a0000000-0000-4000-8000-000000000003",\
        "wasInDoubt":false,"attempts":0,"generation":1},"outcome":{"failed":{"_0":{"kind":"unknown_identity",\
        "isPermanent":true,"httpStatus":404,"errorID":"e1","reason":"could not find identity",\
        "requestID":"r3","atMilliseconds":1800000000001}}},"isAmbiguous":true,"requestID":"r3"}}}
        """
    private static let tryingAgain = """
        {"answer":{"_0":{"claim":{"sequence":4,"identity":"a0000000-0000-4000-8000-000000000004",\
        "wasInDoubt":false,"attempts":0,"generation":1},"outcome":{"tryingAgain":{"_0":{"kind":"timeout",\
        "isPermanent":false,"reason":"no answer within 10 s","requestID":"r4",\
        "atMilliseconds":1800000000002}}},"isAmbiguous":true,"requestID":""}}}
        """
    private static let dueAgain = """
        {"answer":{"_0":{"claim":{"sequence":5,"identity":"a0000000-0000-4000-8000-000000000005",\
        "wasInDoubt":false,"attempts":0,"generation":1},"outcome":{"dueAgain":{}},"isAmbiguous":false,\
        "requestID":""}}}
        """
    private static let unsent = """
        {"unsent":{"_0":{"sequence":6,"identity":"a0000000-0000-4000-8000-000000000006","wasInDoubt":false,\
        "attempts":1,"generation":1}}}
        """
    private static let progress = """
        {"progress":{"_0":{"requests":6,"retries":1,"issued":2,"failed":1,"ambiguousAttempts":2,\
        "rateLimitedAnswers":0,"limitInForce":"8/s, 175/m","limitedBy":"operator",\
        "atMilliseconds":1800000000003}}}
        """

    private func read(_ text: String) throws -> SpillRecord {
        try JSONDecoder().decode(SpillRecord.self, from: Data(text.utf8))
    }

    private func result(_ text: String) throws -> AttemptResult {
        guard case .answer(let result) = try read(text) else { throw CancellationError() }
        return result
    }

    @Test(arguments: [
        origin, seal, issued, sealed, failed, tryingAgain, dueAgain, unsent, progress,
    ])
    func theTextsStayAsTheyAre(_ text: String) throws {
        let encoder = JSONEncoder()
        let again = try JSONSerialization.jsonObject(with: encoder.encode(try read(text)))
        let before = try JSONSerialization.jsonObject(with: Data(text.utf8))
        #expect(again as? NSDictionary == before as? NSDictionary)
    }

    @Test func invitationsAreReadAsTheyWereWritten() throws {
        guard case .issued(let plain) = try result(Self.issued).outcome,
            case .issued(let sealed) = try result(Self.sealed).outcome
        else { throw CancellationError() }
        #expect(plain.recoveryCode == "012345" && plain.requestID == "r1")
        #expect(plain.recoveryLink == "https://app.example/recovery?flow=1")
        #expect(plain.expiresAt.milliseconds == 1_800_003_600_000)
        #expect(sealed.secret == .sealed(SealID(number: 3), [0, 255]))
    }

    @Test func failuresAreReadAsTheyWereWritten() throws {
        let result = try result(Self.failed)
        guard case .failed(let failure) = result.outcome else { throw CancellationError() }
        #expect(result.claim.identityID == id(3) && result.isAmbiguous)
        #expect(
            failure
                == FailureRecord(
                    Failure(
                        kind: .unknownIdentity,
                        httpStatus: 404,
                        errorID: "e1",
                        reason: "could not find identity"
                    ),
                    isPermanent: true,
                    requestID: "r3",
                    at: Timestamp(milliseconds: 1_800_000_000_001)
                )
        )
    }

    @Test func aKindOfFailureThatThisVersionDoesNotKnowIsKept() throws {
        let text = Self.failed.replacing("unknown_identity", with: "struck_by_lightning")
        guard case .failed(let failure) = try result(text).outcome else { throw CancellationError() }
        #expect(failure.kind.rawValue == "struck_by_lightning")
    }

    @Test func theProgressSaysWhatLimitedTheRun() throws {
        guard case .progress(let record) = try read(Self.progress) else { throw CancellationError() }
        #expect(record.progress.limitedBy == .operator && record.progress.limitInForce == "8/s, 175/m")
        #expect(record.at.milliseconds == 1_800_000_000_003)
    }
}
