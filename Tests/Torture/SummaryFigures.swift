// `summary.json`, and what `status --json` prints.

import Foundation

/// The numbers of a summary; every one has to be there.
package struct SummaryFigures: Hashable, Sendable, Decodable {
    package var rowsRead = 0
    package var enrolled = 0
    package var duplicates = 0
    package var rejected = 0
    package var identities = 0
    package var issued = 0
    package var failed = 0
    package var pending = 0
    package var inDoubt = 0
    package var valid = 0
    package var expired = 0
    package var activated = 0
    package var reissued = 0
    package var purged = 0
    package var givenUp = 0
    package var requests = 0
    package var retries = 0
    package var ambiguousAttempts = 0
    package var startedAt: String?
    package var finishedAt: String?
    package var stoppedBecause: String?

    private enum CodingKeys: String, CodingKey {
        case rowsRead = "rows_read"
        case enrolled, duplicates, rejected, identities, issued, failed, pending
        case valid, expired, activated, reissued, purged
        case inDoubt = "in_doubt"
        case givenUp = "given_up"
        case requests, retries
        case ambiguousAttempts = "ambiguous_attempts"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case stoppedBecause = "stopped_because"
    }

    /// How many have an invitation with a code; whoever is asked for anew is one of them, and pending or
    /// failed besides.
    package var invitedWithCode: Int { valid + expired + activated - purged }

    package init() {}

    /// Reads JSON text; nil where it is not whole.
    package init?(json: String) {
        guard json.hasSuffix("}\n"),
            let figures = try? JSONDecoder().decode(SummaryFigures.self, from: Data(json.utf8))
        else { return nil }
        self = figures
    }
}
