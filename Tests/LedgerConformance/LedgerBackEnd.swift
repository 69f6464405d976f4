// The back ends that the conformance tests run on.

import Ledger
import TestSupport
import Testing

/// A kind of ledger.
///
/// Another one joins `all`, and every conformance test runs on it too.
enum LedgerBackEnd: String, CaseIterable, Sendable {
    case sqlite

    /// A new ledger in a folder of its own.
    func fresh() throws -> LedgerFixture {
        switch self {
        case .sqlite: try LedgerFixture(open: LedgerFixture.sqlite)
        }
    }

    static let all = allCases
}
