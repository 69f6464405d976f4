// A campaign's failures, rejected rows and summary, written again from its ledger.

import Ledger
package import Files
package import Exports
package import Model

/// The world outside of a command that only looks at a campaign.
package struct LookContext: Sendable {
    package var now: @Sendable () -> Timestamp
    package var events: RunEvents

    package init(now: @escaping @Sendable () -> Timestamp, events: RunEvents) {
        self.now = now
        self.events = events
    }
}

/// One report.
package struct ReportCampaign: Sendable {
    /// What it came to.
    package struct Result: Sendable {
        package let summary: Summary
        package let reported: CampaignOutputs.Reported
    }

    private let folder: CampaignFolder
    private let formulas: FormulaTreatment
    private let context: LookContext

    package init(_ folder: CampaignFolder, formulas: FormulaTreatment, _ context: LookContext) {
        self.folder = folder
        self.formulas = formulas
        self.context = context
    }

    /// - Throws: `CommandFailure`.
    package func run() throws -> Result {
        try CommandFailure.wrapping {
            let ledger = try folder.openSoundLedger()
            if let warning = folder.spillWarning() { context.events.emit(.spillWaits(warning)) }
            let isRunning = folder.holder?.isRun == true
            let columns = try ledger.secretColumnNames()
            if !columns.isEmpty { context.events.emit(.secretColumns(columns)) }
            let lock = try OutputsLock(folder: folder.path)
            let summary = try Summary(ledger, now: context.now(), isRunning: isRunning)
            let reported = try CampaignOutputs(folder: folder, ledger: ledger)
                .report(summary, formulas: formulas)
            extendLifetime(lock)
            try ledger.close()
            return Result(summary: summary, reported: reported)
        }
    }
}
