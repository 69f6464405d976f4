// What a run hands over, and what it purges at its end.

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
        try complete(batches)
        extendLifetime(lock)
    }

    private func complete(_ batches: BatchOutputs) throws {
        let unfinished = try batches.unfinished { events.emit(.batchDropped(number: $0.number)) }
        guard let batch = unfinished else { return }
        do {
            try write(batch, batches)
        } catch let error as BatchError where error.code == .withoutCodes {
            // Its file was never there, so nobody was handed over by it.
            try batches.undo(batch)
            events.emit(.batchDropped(number: batch.number))
        }
    }

    private func write(_ batch: BatchRecord, _ batches: BatchOutputs) throws {
        events.emit(
            .handedOver(
                try batches.write(batch, unsealingWith: nil) { try formats.write($0, batches) }
            )
        )
    }

    /// Writes the batch of this run.
    ///
    /// - Returns: what goes wrong with it, to be told after the summary.
    func handOver(_ ledger: any Ledger, _ handedOver: inout HandOverResult?) -> RunResult.Unwritten? {
        guard let options = request.handOver else { return nil }
        do {
            guard try ledger.campaign().sealedTo == nil else { return nil }
            let batches = batches(of: ledger)
            let lock = try batches.lock(holder: context.process)
            try complete(batches)
            var leftOutOfNone: [LeftOutReason: Int]?
            switch try batches.choose(options) {
            case .batch(let batch): try write(batch, batches)
            case .nobody(let leftOut): leftOutOfNone = leftOut
            }
            extendLifetime(lock)
            var result = HandOverResult(written: gains.batches, leftOutOfNone: leftOutOfNone)
            result.formatted = formats.written
            handedOver = result
            return formats.refusal.map { RunResult.Unwritten(sentence: "\($0)", files: [], output: nil) }
        } catch {
            let sentence: Wording =
                if let error = error as? FolderLock.InUse {
                    "no batch was written: they are in use by \(error.holder)"
                } else {
                    "no batch was written: \(error)"
                }
            return RunResult.Unwritten(sentence: sentence, files: [], output: nil)
        }
    }

    private func batches(of ledger: any Ledger) -> BatchOutputs {
        BatchOutputs(
            CampaignOutputs(folder: request.folder, ledger: ledger),
            now: time.wallClock,
            after: context.afterBatchStep
        )
    }

    /// Removes the codes that have been expired for as long as the run was told.
    ///
    /// - Returns: what goes wrong with it; the next run completes it.
    func purgeExpired(_ ledger: any Ledger, at now: Timestamp) -> RunResult.Unwritten? {
        guard let age = request.purgeExpiredAfter else { return nil }
        do {
            let expiry = Timestamp(milliseconds: now.milliseconds - age.inMilliseconds)
            let removed = try ledger.purgeExpired(by: expiry, at: now)
            if removed > 0 { events.emit(.purged(removed)) }
            return nil
        } catch {
            return RunResult.Unwritten(
                sentence: "expired codes are not purged: \(error)",
                files: [],
                output: nil
            )
        }
    }
}

extension HandOverStore {
    fileprivate var hasUnfinishedBatch: Bool {
        get throws { try batches().contains { $0.state.isUnfinished } }
    }
}
