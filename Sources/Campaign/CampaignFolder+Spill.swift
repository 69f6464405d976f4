// Answers that wait beside the ledger.

import Glibc
package import Ledger
import OutputFiles

extension CampaignFolder {
    package var spillPath: String { "\(path)/ledger.spill" }

    /// Makes room for the answers of so many claims, before any request is sent.
    ///
    /// - Throws: `LedgerError`, in words.
    package func reserveSpill(for run: RunStart, claimsMax: Int) throws -> LedgerSpill {
        let origin = SpillOrigin(campaign: name, run: run)
        return try LedgerSpill.reserve(at: spillPath, origin: origin, claimsMax: claimsMax)
    }

    /// Takes the answers in that an earlier run could not commit; for whoever holds the folder's lock, before a run
    /// begins.
    ///
    /// What cannot be read is set aside under another name, and never deleted.
    ///
    /// - Returns: what there is to say of it; nil when nothing waited.
    /// - Throws: `LedgerError` or `FileError`; then all of it still waits.
    package func takeInSpill(into ledger: any Ledger) throws -> String? {
        guard let reading = try SpillReading(fileAt: spillPath) else { return nil }
        var said: [String] = []
        if let answers = reading.answers, !answers.isEmpty {
            said += Self.words(try ledger.takeIn(answers), of: answers)
        }
        if reading.isDamaged {
            let kept = try setSpillAside()
            said.append(
                "warning: \(spillPath) is damaged; what is whole of it was taken in, the rest may be answers that are "
                    + "in doubt now, and the file is kept as \(kept)"
            )
        } else if unlink(spillPath) != 0 {
            throw FileError.current("remove", spillPath)
        }
        return said.isEmpty ? nil : said.joined(separator: "\n")
    }

    /// What to say to whoever looks at the campaign while answers wait; nil when none do.
    package func spillWarning() -> String? {
        guard let reading = try? SpillReading(fileAt: spillPath) else { return nil }
        if reading.count == 0 { return reading.isDamaged ? "warning: \(spillPath) is damaged" : nil }
        return
            "warning: \(Self.answers(reading.count)) in \(spillPath) and not yet in the ledger: run again to take "
            + "them in"
    }

    /// Claims for which nothing was sent are given back without a word.
    private static func words(_ taken: TakenIn, of answers: SpilledAnswers) -> [String] {
        var said: [String] = []
        if !answers.results.isEmpty {
            let known = taken.known > 0 ? "; \(taken.known) were known already" : ""
            said.append(
                "Taken in \(taken.recorded) answers of an earlier run, \(taken.issued) with a code or link, that could not "
                    + "be recorded then\(known)"
            )
        }
        if taken.missing > 0 {
            said.append(
                "warning: \(taken.missing) codes or links that an earlier run had recorded are not in the ledger any more: is "
                    + "it a backup, or was its log cut? Who they were issued to is asked for again, and the old ones stay "
                    + "valid"
            )
        } else if !taken.isRunKnown {
            said.append("warning: the ledger does not know that run: was it restored from a backup?")
        }
        return said
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
