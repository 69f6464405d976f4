// Looking at a campaign, also while a run is on: status, exports, files.

import Foundation
import Programs
import Synchronization
import TestSupport

extension Round {
    func campaignArguments(_ command: String) -> [String] {
        [command, "--campaign", "people", "--output-dir", "\(folder)/reports"]
    }

    /// `export` or `report`, and a look at the files.
    func outputs(_ command: String) async {
        do {
            let run = try await latchstring(campaignArguments(command))
            noteEnd(of: command, run)
        } catch {
            note(.exit, "\(command) cannot be run: \(error)")
        }
        lookAtOutputs()
    }

    /// What `status` tells; nil where there is no campaign yet.
    func figures() async -> SummaryFigures? {
        do {
            let run = try await latchstring(campaignArguments("status") + ["--json"])
            noteEnd(of: "status", run)
            guard run.status == 0 else { return nil }
            guard let figures = SummaryFigures(json: run.stdout) else {
                note(.fileNotWhole, "what status prints")
                return nil
            }
            note(figures.accounting())
            return figures
        } catch {
            note(.exit, "status cannot be run: \(error)")
            return nil
        }
    }

    /// A command that looks ends well, or says in a line that there is nothing to look at yet.
    func noteEnd(of command: String, _ run: Run) {
        let isEarly = watch.count == 0 && run.status == 1 && run.stderr.split(separator: "\n").count == 1
        if run.status != 0, !isEarly {
            note(.exit, "\(command) ends with \(run.status): \(run.stderr.suffix(600))")
        }
    }

    /// Reads and judges the files that are there now, and remembers every line that is exported.
    @discardableResult
    func lookAtOutputs() -> OutputFolder {
        // Before the files are read: what others see meanwhile may be newer than what is read here.
        let known = notes.withLock { $0.committed }
        var texts: [String: String] = [:]
        for name in OutputFolder.tables + ["summary.json"] {
            texts[name] = text(ofFile: "\(campaignFolder)/\(name)")
        }
        let outputs = OutputFolder(texts: texts, names: (try? names(inFolder: campaignFolder)) ?? [])
        note(outputs.violations())
        guard outputs.texts["invitations.csv"] == nil || outputs.table("invitations.csv") != nil else {
            return outputs
        }
        let lines = outputs.table("invitations.csv")?.invitations ?? []
        note(lines.violations(since: known, mayBeGone: mayBePurged))
        note(lines.violations(against: issued) { emails[$0] })
        notes.withLock { notes in
            for line in lines
            where notes.committed[line.identity].map({ $0.generation < line.generation }) ?? true {
                notes.committed[line.identity] = line
            }
        }
        return outputs
    }
}
