// What happens in a run, in words on the terminal.

import Campaign
import Providers
import Files
import Model
import Work

/// Says what the operator should know of what happens; a subscriber of a run's events.
struct RunNotes: Sendable {
    let console: Console
    let folder: CampaignFolder
    /// How to go on, in a sentence, where the process ends at once.
    var goOn = ""

    func tell(_ event: RunEvent) {
        switch event {
        case .rosterNote(let note), .spillWaits(let note): console.note(note)
        case .onNetworkFileSystem(let path, let kind):
            console.note(
                "warning: \(path) is on a network file system (\(kind)), where SQLite's locks cannot be "
                    + "relied on: put "
                    + "--output-dir on a local disk"
            )
        case .waitingForLock(let holder, let limit):
            console.note(
                "The campaign \(folder.name) is in use by \(holder): waiting for it, \(limit.inWords) at "
                    + "most."
            )
        case .spillTaken(let taken):
            for note in taken.notes { console.note(note) }
            for warning in taken.warnings { console.error(warning) }
        case .secretColumns(let names): note(secretColumns: names)
        case .lookedUp(let verification): note(verification)
        case .synced(let tally):
            let have = tally.activated == 1 ? "has" : "have"
            console.note(
                "Asked about \(tally.asked.grouped) invitations: \(tally.activated.grouped) \(have) "
                    + "activated since the last time"
            )
        case .reissuing(let tally): for line in tally.lines { console.note(line) }
        case .outlastsValidity(let least, let validity):
            console.note(
                "warning: the limits make this run take \(least.inWords) at least, and the first code "
                    + "expires after \(validity.inWords), before the last is issued: ask for longer "
                    + "(--expires-in), or issue in parts (--max-identities)"
            )
        case .batchDropped(let number):
            console.error(
                "batch \(number) was not written yet, and codes of its members have too little time left or "
                    + "were purged since: it is undone, and nobody was handed over by it"
            )
        case .purged(let count):
            let invitations = count == 1 ? "invitation" : "invitations"
            console.note("Purged the codes of \(count.grouped) \(invitations) that had expired long ago.")
        case .invitationsKept(let path):
            console.error(
                "invitations.csv held codes that were purged from the ledger since, and is kept as \(path): "
                    + "remove it when nobody needs it"
            )
        case .stage(.remark(let remark)): console.note("warning: \(remark.text.inOptions)")
        case .stopping:
            console.note(
                "\nStopping: what is on its way is awaited and recorded; once more stops at once."
            )
        case .stoppedAtOnce: console.error("stopped at once; what was on its way is in doubt. \(goOn)")
        case .unrecorded(let answers): tell(answers)
        case .stopUntold(let sentence): console.error(sentence.inOptions)
        case .ledgerRescued(let path):
            console.error(
                "what the ledger held is saved as \(path): to go on with it, remove ledger.sqlite-wal and "
                    + "ledger.sqlite-shm, and rename it to ledger.sqlite; or put the ledger back, and move "
                    + "it away"
            )
        case .ledgerNotRescued(let sentence):
            console.error("what the ledger held could not be saved: \(sentence.inOptions)")
        default: break
        }
    }

    private func tell(_ answers: Unrecorded) {
        switch answers {
        case .spilled(let count, let path):
            console.error(
                "\(count) answers could not be recorded and wait in \(path): the next run takes them in, "
                    + "when what is "
                    + "wrong with the ledger is mended"
            )
        case .spillFailed(let sentence): console.error(sentence)
        case .lost(let count):
            console.error("\(count) answers could not be recorded; their identities are in doubt")
        }
    }

    /// Columns with codes that a ledger has from an earlier version, and what removes them.
    private func note(secretColumns names: [String]) {
        let purge = CommandText.again([
            "latchstring", "purge", "--campaign", folder.name, "--output-dir", folder.outputFolder,
        ])
        console.note(
            "note: the ledger holds the roster's columns \(names.joined(separator: ", ")), which an earlier "
                + "version "
                + "enrolled. They may hold codes and links; no output shows them. This removes them, and "
                + "codes that have "
                + "expired: \(purge)"
        )
    }

    /// What looking everybody up has shown.
    private func note(_ verification: Verification) {
        var text =
            "Looked up \(verification.lookedUp) identities: \(verification.unknown) unknown, "
            + "\(verification.inactive) inactive"
        if verification.withoutAddress > 0 {
            text +=
                ", \(verification.withoutAddress) without a recovery address (their codes work all the same)"
        }
        if verification.batchSize < IdentityLookup.batchMax {
            text +=
                "; at most \(verification.batchSize) at a time, as something on the way takes no longer "
                + "requests"
        }
        console.note(text)
    }
}
