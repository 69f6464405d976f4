// From settings to what a run is to do.

import Campaign
import HTTPTransport
import Providers
import Exports
import Files
import Pacing

extension RosterSettings {
    var request: RosterRequest {
        RosterRequest(path: path, options: options, mustHaveColumns: namesItsColumns)
    }
}

extension IssueSettings {
    /// Nil where nobody is looked up.
    var lookup: LookupRequest? { verifies ? LookupRequest(columns: columns, rates: readRates) : nil }
}

extension ExportSettings {
    var request: ExportRequest {
        ExportRequest(invitations: invitations, perUser: perUser, replaces: replaces)
    }
}

extension RunSettings {
    var request: RunRequest {
        var request = RunRequest(
            folder: folder,
            roster: roster?.request,
            server: server.server.text,
            issueRequest: issue.issueRequest,
            pacing: pacing,
            export: export.request
        )
        request.isNamedByRoster = isNamedByRoster
        request.serverMoved = serverMoved
        request.provider = server.provider.name
        request.sync = sync
        request.reissue = reissue
        request.resolvesRelativeLinks = server.provider.resolvesRelativeLinks
        request.lookup = issue.lookup
        request.attemptsMax = attemptsMax
        request.maxIdentities = issue.maxIdentities
        request.maxFailures = maxFailures
        request.maxDuration = maxDuration
        request.retryFailed = issue.retryFailed
        request.wantsAbsent = issue.takesAbsent
        request.sealTo = sealTo
        request.skipsExport = skipsExport
        // What is to be encrypted is handed over by `export --new`.
        request.handOver = encryptsExports ? nil : handOver
        request.format = format
        request.purgeExpiredAfter = purgeExpiredAfter
        request.exitCodeOf = exitCodeOf
        request.isQuiet = isQuiet
        request.waitForLock = waitForLock
        return request
    }
}

extension ServerSettings {
    /// The connection that these settings describe.
    ///
    /// - Throws: `CommandFailure` where the credential is not to be had, a file cannot be read.
    func link(_ concurrency: Int, _ time: TimeSource) async throws -> ServerLink {
        let (connection, transport) = try await connect(concurrency: concurrency, now: time.wallClock)
        return ServerLink(connection) { transport.stop() }
    }
}
