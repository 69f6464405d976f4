// Batches in the format of another system, besides their own files.

import Exports
import Ledger
import Model
import Sealing
import SQLiteLedger
import Synchronization

/// What became of batches in the format that was asked for.
struct BatchFormats {
    private let format: FormatOptions?
    private let key: PrivateKey?
    private(set) var written: [CampaignOutputs.FormattedExport] = []
    /// Why the first batch that the format refused has its own files alone.
    private(set) var refusal: FormatError?

    /// - Parameter format: nil for none.
    init(_ format: FormatOptions?, _ key: PrivateKey?) {
        self.format = format
        self.key = key
    }

    /// Writes a batch in the format.
    ///
    /// A refusal is kept and not thrown, since the batch's own files can be handed over all the same.
    mutating func write(_ batch: BatchRecord, _ batches: BatchOutputs) throws {
        guard let format else { return }
        do {
            let addresses = try SeenAddresses()
            written.append(
                try batches.write(batch, in: format, unsealingWith: key, noteAddress: addresses.insert)
            )
        } catch let error as FormatError {
            guard refusal == nil else { return }
            let again: Wording =
                "latchstring export \(.batch, "\(batch.number)") \(.format, format.format.name)"
            refusal = FormatError(
                error.code,
                "batch \(batch.number) is written as csv alone: \(error.message)",
                advice: error.advice.isEmpty ? again : error.advice + "; then " + again
            )
        }
    }
}

/// The same of a run, which writes batches at its beginning and at its end.
final class RunFormats: Sendable {
    private let formats: Mutex<BatchFormats>

    init(_ format: FormatOptions?) { formats = Mutex(BatchFormats(format, nil)) }

    var written: [CampaignOutputs.FormattedExport] { formats.withLock(\.written) }
    var refusal: FormatError? { formats.withLock(\.refusal) }

    func write(_ batch: BatchRecord, _ batches: BatchOutputs) throws {
        try formats.withLock { try $0.write(batch, batches) }
    }
}
