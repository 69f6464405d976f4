// What a run would do, told without doing it.

import Providers
package import Files
package import Pacing
import Ledger
import Model
import Work

/// What a plan is of: the same as the run that follows, as far as that matters.
package struct PlanRequest: Sendable {
    package var folder: CampaignFolder
    /// Nil for everybody in the campaign.
    package var roster: RosterRequest?
    /// Whether the campaign is named after the roster's file.
    package var isNamedByRoster: Bool
    /// The server's base URL; nil where none is given.
    package var server: String?
    /// Nil where nobody is looked up.
    package var lookup: LookupRequest?
    /// The part of every window that is ours.
    package var share: Double
    package var attemptsMax: Int
    /// How long an outage may last; nil for the time that it has by itself.
    package var giveUpAfter: Duration?
    package var retryFailed: Bool
    package var wantsAbsent: Bool
    /// Whose invitations are issued anew; nil for nobody's.
    package var reissue: ReissueRequest?

    package init(
        folder: CampaignFolder,
        roster: RosterRequest?,
        isNamedByRoster: Bool = false,
        server: String? = nil,
        lookup: LookupRequest? = nil,
        share: Double = 1,
        attemptsMax: Int = 5,
        giveUpAfter: Duration? = nil,
        retryFailed: Bool = false,
        wantsAbsent: Bool = false,
        reissue: ReissueRequest? = nil
    ) {
        self.folder = folder
        self.roster = roster
        self.isNamedByRoster = isNamedByRoster
        self.server = server
        self.lookup = lookup
        self.share = share
        self.attemptsMax = attemptsMax
        self.giveUpAfter = giveUpAfter
        self.retryFailed = retryFailed
        self.wantsAbsent = wantsAbsent
        self.reissue = reissue
    }
}

/// The world outside of a plan.
package struct PlanContext: Sendable {
    package var time: TimeSource
    /// Connects to the server; called only where identities are looked up.
    package var connect: @Sendable () async throws -> ServerLink
    package var events: RunEvents

    package init(
        time: TimeSource,
        connect: @escaping @Sendable () async throws -> ServerLink,
        events: RunEvents
    ) {
        self.time = time
        self.connect = connect
        self.events = events
    }
}

/// One plan; nothing is written but a temporary file.
package struct PlanCampaign: Sendable {
    private let request: PlanRequest
    private let context: PlanContext

    package init(_ request: PlanRequest, _ context: PlanContext) {
        self.request = request
        self.context = context
    }

    /// - Throws: `CommandFailure`.
    package func run() async throws -> RosterPlan {
        context.events.emit(.step(.readingRoster))
        let folder = request.folder
        let (file, ledger) = try CommandFailure.wrapping {
            let exists = try folder.exists()
            let file = try request.roster.map {
                try RosterFile($0.path, options: $0.options, mayBeEmpty: exists)
            }
            // Without a roster there has to be a campaign.
            return (file, try exists || request.roster == nil ? folder.openLedger() : nil)
        }
        try CommandFailure.wrapping {
            for note in try file?.notes(mustHaveColumns: request.roster?.mustHaveColumns == true) ?? [] {
                context.events.emit(.rosterNote(note))
            }
            if let ledger { try check(ledger) }
        }
        let reissue = try CommandFailure.wrapping { try plannedReissue() }
        let link = request.lookup == nil ? nil : try await context.connect()
        defer { link?.close() }
        return try await plan(file, ledger, reissue, link)
    }

    private func plannedReissue() throws -> PlannedReissue? {
        guard let reissue = request.reissue else { return nil }
        var list: RosterFile?
        if case .listed(let roster) = reissue.whose {
            list = try RosterFile(roster.path, options: roster.options, mayBeEmpty: true)
        }
        return PlannedReissue(reissue, list: list?.reader, now: context.time.wallClock())
    }

    private func plan(
        _ file: RosterFile?,
        _ ledger: (any CampaignStore)?,
        _ reissue: PlannedReissue?,
        _ link: ServerLink?
    ) async throws -> RosterPlan {
        let columns = request.lookup?.columns ?? []
        let lookups = try link.map { link in
            try PlannedLookups(
                IdentityLookup(link.connection, columns: columns),
                options: StageOptions(
                    lookingUp: request.lookup,
                    share: request.share,
                    attemptsMax: request.attemptsMax,
                    giveUpAfter: request.giveUpAfter
                ),
                time: context.time
            )
        }
        var planner = Planner(
            campaign: ledger,
            retryFailed: request.retryFailed,
            takesAbsent: request.roster == nil || request.wantsAbsent,
            columns: columns,
            lookups: lookups,
            reissue: reissue,
            events: context.events
        )
        do {
            let plan = try await planner.plan(file?.reader)
            await lookups?.end()
            if let note = file?.laterColumnNote { context.events.emit(.rosterNote(note)) }
            return plan
        } catch let stopped as PlannedLookups.Stopped {
            await lookups?.end()
            throw Self.failure(stopped.reason)
        } catch {
            await lookups?.end()
            throw CommandFailure(describing: error)
        }
    }

    /// The plan is of the campaign's own server, and of its own roster.
    private func check(_ ledger: any LedgerReader) throws {
        let campaign = try ledger.campaign()
        if let server = request.server, campaign.server != server, campaign.isServerBound {
            throw CommandFailure(
                .error,
                "the campaign \(request.folder.name) belongs to \(campaign.server), not to \(server)",
                advice: "use another \(.campaign)"
            )
        }
        guard request.isNamedByRoster, let roster = request.roster else { return }
        try request.folder.check(rosterFile: roster.path, against: ledger)
    }

    private static func failure(_ reason: StopReason) -> CommandFailure {
        if case .fatal(let answer) = reason { return CommandFailure(ExitStatus(reason), answer.problem) }
        return CommandFailure(ExitStatus(reason), "stopped before the end; nothing was sent but look-ups")
    }
}
