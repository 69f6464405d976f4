// One record of a spill file, as it stands there.

import Ledger
import Model

/// What is written to a spill file piece by piece; JSON between a length, a checksum and the next one.
enum SpillRecord: Codable {
    case origin(SpillOrigin)
    case seal(SealRecord)
    case answer(AttemptResult)
    /// A claim for which nothing was sent.
    case unsent(Claim)
    case progress(Progress)

    /// How far the run was, and when; both in one object.
    struct Progress: Codable {
        let progress: RunProgress
        let at: Timestamp

        private enum CodingKeys: String, CodingKey { case at = "atMilliseconds" }

        init(_ progress: RunProgress, at time: Timestamp) {
            self.progress = progress
            at = time
        }

        init(from decoder: any Decoder) throws {
            progress = try RunProgress(from: decoder)
            at = try decoder.container(keyedBy: CodingKeys.self).decode(Timestamp.self, forKey: .at)
        }

        func encode(to encoder: any Encoder) throws {
            try progress.encode(to: encoder)
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(at, forKey: .at)
        }
    }
}

extension AttemptResult {
    /// What a server says is cut to so many characters, for the room that is reserved is counted.
    private static let textLengthMax = 1000

    /// The same, with what the server said cut short.
    var shortened: AttemptResult {
        func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(Self.textLengthMax)) }
        func cut(_ record: FailureRecord) -> FailureRecord {
            var record = record
            record.failure.reason = cut(record.reason)
            record.failure.errorID = record.errorID.map(cut)
            return record
        }
        var result = self
        switch outcome {
        case .issued, .dueAgain(nil): break
        case .failed(let failure): result.outcome = .failed(cut(failure))
        case .tryingAgain(let failure): result.outcome = .tryingAgain(cut(failure))
        case .dueAgain(let failure?): result.outcome = .dueAgain(cut(failure))
        }
        return result
    }
}
