// What a run hands over.

import Exports
import Files
import Ledger
import Model
import Pacing

extension RunCampaign {
    /// Writes the batch that an earlier process left unfinished, before the roster can change what is in it.
    ///
    /// Where that cannot be done it is tried again at the end, and told then: everybody is issued for first.
    func completeBatch(of ledger: any Ledger) {
        guard request.handOver != nil else { return }
        _ = try? completeUnfinished(ledger)
    }

    private func completeUnfinished(_ ledger: any Ledger) throws {
        guard try ledger.campaign().sealedTo == nil, try ledger.hasUnfinishedBatch else { return }
        let batches = batches(of: ledger)
        let lock = try batches.lock(holder: context.process)
        if let batch = try batches.unfinished() { _ = try batches.write(batch, unsealingWith: nil) }
        extendLifetime(lock)
    }

    /// Writes the batch of this run; what goes wrong with it is told after the summary.
    func handOver(_ ledger: any Ledger, _ result: inout RunResult) {
        guard let options = request.handOver, result.sealedTo == nil else { return }
        do {
            let batches = batches(of: ledger)
            let lock = try batches.lock(holder: context.process)
            var handedOver = HandOverResult()
            if let batch = try batches.unfinished() {
                handedOver.written.append(try batches.write(batch, unsealingWith: nil))
            }
            switch try batches.choose(options) {
            case .batch(let batch): handedOver.written.append(try batches.write(batch, unsealingWith: nil))
            case .nobody(let leftOut): handedOver.leftOutOfNone = leftOut
            }
            extendLifetime(lock)
            result.handOver = handedOver
        } catch {
            let sentence =
                (error as? FolderLock.InUse).map { "no batch was written: they are in use by \($0.holder)" }
                ?? "no batch was written: \(error)"
            result.unwritten.append(RunResult.Unwritten(sentence: "\(sentence)", files: [], output: nil))
        }
    }

    private func batches(of ledger: any Ledger) -> BatchOutputs {
        BatchOutputs(
            CampaignOutputs(folder: request.folder, ledger: ledger),
            now: time.wallClock,
            after: context.afterBatchStep
        )
    }
}

extension HandOverStore {
    fileprivate var hasUnfinishedBatch: Bool {
        get throws { try batches().contains { $0.state.isUnfinished } }
    }
}
