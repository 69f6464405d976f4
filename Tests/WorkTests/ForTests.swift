// Values that the tests of the engine share.

import Ledger
import Pacing
import TestSupport
import Model

@testable import Work

extension Claim {
    /// The claim of an identity of its own.
    static func numbered(_ number: Int, wasInDoubt: Bool = false) -> Claim {
        Claim(
            sequence: Int64(number),
            identityID: IdentityID(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)),
            wasInDoubt: wasInDoubt
        )
    }
}

extension ManualClock {
    /// This clock for the sources; the wall clock begins at `start` and keeps step.
    var time: TimeSource {
        TimeSource(self, wallClock: { Self.start.advanced(by: self.elapsed) })
    }

    /// 2026-11-20T23:46:57Z.
    static let start = Timestamp(milliseconds: 1_795_218_417_000)
}

extension Failure {
    static func forTests(_ kind: FailureKind = .serverError, status: Int? = nil) -> Failure {
        Failure(kind: kind, httpStatus: status, errorID: nil, reason: "words")
    }
}

extension FailureRecord {
    static let forTests = FailureRecord(
        Failure(kind: "server_error", httpStatus: nil, errorID: nil, reason: "words"),
        isPermanent: false,
        requestID: "r",
        at: ManualClock.start
    )
}

extension StageTraits {
    static func forTests(
        batchMax: Int = 1,
        repeated: RepeatEffect = .adds,
        usedUp: UsedUp = .failsIdentity
    ) -> StageTraits {
        StageTraits(batchMax: batchMax, repeated: repeated, usedUp: usedUp) { "\($0), after \($1) tries" }
    }
}
