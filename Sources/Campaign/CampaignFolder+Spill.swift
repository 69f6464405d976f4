// Answers that wait beside the ledger.

import Glibc
package import Ledger
package import Files
import SQLiteLedger

extension CampaignFolder {
    /// Makes room for the answers of so many claims, before any request is sent.
    ///
    /// - Throws: `LedgerError`, in words.
    package func reserveSpill(for run: RunStart, claimsMax: Int) throws -> any AnswerSpill {
        let origin = SpillOrigin(campaign: name, run: run)
        return try LedgerSpill.reserve(at: spillPath, origin: origin, claimsMax: claimsMax)
    }

    /// Takes the answers in that an earlier run could not commit; for whoever holds the folder's lock, before
    /// a run begins.
    ///
    /// What cannot be read is set aside under another name, and never deleted.
    ///
    /// - Returns: what there is to say of it, and to warn of.
    /// - Throws: `LedgerError` or `FileError`; then all of it still waits.
    package func takeInSpill(into ledger: any CampaignStore) throws -> SpillRemarks {
        guard let reading = try SpillReading(fileAt: spillPath) else { return SpillRemarks() }
        var remarks = SpillRemarks()
        if let answers = reading.answers, !answers.isEmpty {
            remarks = SpillRemarks(of: try ledger.recover(answers), of: answers, isWhole: !reading.isDamaged)
        }
        if reading.isDamaged {
            let kept = try setSpillAside()
            remarks.warnings.append(
                "warning: \(spillPath) is damaged; what is whole of it was taken in, the rest may be answers "
                    + "that are in doubt now, and the file is kept as \(kept)"
            )
        } else if unlink(spillPath) != 0 {
            throw FileError.current("remove", spillPath)
        }
        return remarks
    }

    /// What to say to whoever looks at the campaign while answers wait; nil when none do.
    package func spillWarning() -> String? {
        guard let reading = try? SpillReading(fileAt: spillPath) else { return nil }
        if reading.count == 0 { return reading.isDamaged ? "warning: \(spillPath) is damaged" : nil }
        return
            "warning: \(Self.answers(reading.count)) in \(spillPath) and not yet in the ledger: run again to "
            + "take them in"
    }

    private static func answers(_ count: Int) -> String {
        count == 1 ? "1 answer waits" : "\(count) answers wait"
    }

    /// Renames the file to a name that nothing has, which is returned.
    private func setSpillAside() throws -> String {
        let target = Leftover.damagedSpill.freePath(in: self)
        guard rename(spillPath, target) == 0 else { throw FileError.current("set aside", spillPath) }
        return target
    }
}

/// What there is to say when answers that waited were taken in.
package struct SpillRemarks: Hashable, Sendable {
    package fileprivate(set) var notes: [String] = []
    /// What an administrator has to know, also where nothing is to be said.
    package fileprivate(set) var warnings: [String] = []

    package var isEmpty: Bool { notes.isEmpty && warnings.isEmpty }

    fileprivate init() {}

    /// Claims for which nothing was sent are given back without a word.
    ///
    /// Nothing is said either of answers that the run could record after all, when it tried once more.
    ///
    /// - Parameter isWhole: whether all that waited could be read; else the rest is known to be missing.
    fileprivate init(of taken: RecoveryReport, of answers: SpilledAnswers, isWhole: Bool) {
        let count = answers.results.count
        if taken.known < count || count > 0 && !isWhole {
            let known = taken.known > 0 ? "; \(taken.known) were known already" : ""
            notes.append(
                "Taken in \(taken.recorded) answers of an earlier run, \(taken.issued) with a code or link, "
                    + "that could not be recorded then\(known)"
            )
        }
        if taken.missing > 0, isWhole {
            warnings.append(
                "warning: \(taken.missing) codes or links that an earlier run had recorded are not in the "
                    + "ledger any more: is it a backup, or was its log cut? Who they were issued to is asked "
                    + "for again, and the old ones stay valid"
            )
        } else if !taken.isRunKnown {
            warnings.append("warning: the ledger does not know that run: was it restored from a backup?")
        }
    }
}
