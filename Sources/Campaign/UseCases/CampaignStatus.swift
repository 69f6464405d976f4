// The counts of a campaign, and who works on it.

package import Files
package import Exports

/// A campaign as it is now.
package struct CampaignStatus: Sendable {
    package let summary: Summary
    /// Who works on the campaign; nil while nobody does.
    package let holder: CampaignFolder.Holder?

    /// Looks at the campaign.
    ///
    /// - Throws: `CommandFailure`.
    package init(_ folder: CampaignFolder, _ context: LookContext) throws {
        (summary, holder) = try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            if let warning = folder.spillWarning() { context.events.emit(.spillWaits(warning)) }
            let holder = folder.holder
            let summary = try Summary(ledger, now: context.now(), isRunning: holder?.isRun == true)
            return (summary, holder)
        }
    }

    /// Identities that are through: issued or failed.
    package var done: Int { summary.issued + summary.failed }

    /// In a hundred, rounded down to tenths, so that 100 means all.
    package var percentDone: Double {
        summary.identities > 0 ? Double(done * 1000 / summary.identities) / 10 : 0
    }
}
