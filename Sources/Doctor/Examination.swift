// The whole examination: what is looked at, in which order, and what is left out where something else has
// failed.

import HTTPTransport
package import Providers
package import Roster
package import Model

/// Looks at everything that a run depends on, without issuing or writing anything.
package struct Examination: Sendable {
    /// The server, or why nobody can even try to reach it.
    package enum Server: Sendable {
        /// `credentialRefusal`: why there is no credential to send, where one was meant to be.
        case open(ServerConnection, credentialRefusal: Finding?)
        case closed(Finding)
    }

    /// The roster, and how it is read.
    package struct RosterFile: Sendable {
        let path: String
        let options: RosterOptions

        package init(_ path: String, options: RosterOptions) {
            self.path = path
            self.options = options
        }
    }

    private let server: Server
    private let publicServer: ServerConnection?
    private let issueRequest: IssueRequest
    private let rates: [Rate]
    private let roster: RosterFile?
    private let outputFolder: String
    private let campaignFolder: String?

    /// - Parameters:
    ///   - publicServer: gets no credential.
    ///   - rates: the limits that a run would keep.
    ///   - roster: nil where there is none to look at.
    ///   - campaignFolder: nil where no campaign is named.
    package init(
        server: Server,
        publicServer: ServerConnection?,
        issueRequest: IssueRequest,
        rates: [Rate],
        roster: RosterFile?,
        outputFolder: String,
        campaignFolder: String?
    ) {
        self.server = server
        self.publicServer = publicServer
        self.issueRequest = issueRequest
        self.rates = rates
        self.roster = roster
        self.outputFolder = outputFolder
        self.campaignFolder = campaignFolder
    }

    /// Goes through all checks; `tell` hears of each finding as soon as it is there.
    package func report(_ tell: (Finding) throws -> Void = { _ in }) async throws -> DoctorReport {
        var findings: [Finding] = []
        func note(_ new: [Finding]) throws {
            findings += new
            try new.forEach(tell)
        }
        try note(await serverFindings())
        let mayLookUp = findings.contains { $0.check == .credential && $0.state == .ok }
        try note([await recoveryFinding()])
        let (rosterFinding, survey) = surveyRoster()
        try note([rosterFinding])
        try note([await identitiesFinding(survey, mayLookUp: mayLookUp)])
        let folder = FolderSurvey(outputFolder: outputFolder, campaignFolder: campaignFolder)
        let diskSpace = DiskSpaceCheck(folder: folder, roster: survey.map { ($0.rows, $0.bytes) })
        try note([folder.finding, diskSpace.finding])
        return DoctorReport(findings)
    }

    private func serverFindings() async -> [Finding] {
        switch server {
        case .open(let connection, let credentialRefusal):
            return await ServerExamination(
                connection: connection,
                issueRequest: issueRequest,
                rates: rates,
                credentialRefusal: credentialRefusal
            ).findings()
        case .closed(let finding):
            let checks: [Check] = [
                .reach, .tls, .alive, .ready, .version, .adminAPI, .credential, .method, .limits, .clock,
            ]
            return checks.map { check in
                check == finding.check ? finding : .skipped(check, "no connection can be made")
            }
        }
    }

    private func recoveryFinding() async -> Finding {
        guard let publicServer else {
            return .skipped(.recovery, "\(.publicServer) is not given")
        }
        let check = RecoveryCheck(
            connection: publicServer,
            reading: AnswerClassifier(publicServer, method: issueRequest.method)
        )
        do {
            return check.finding(
                .success(try await publicServer.send(publicServer.request(.get, RecoveryCheck.path)))
            )
        } catch {
            return check.finding(.failure(error))
        }
    }

    private func surveyRoster() -> (Finding, RosterSurvey?) {
        guard let roster else { return (.skipped(.roster, "no roster is given"), nil) }
        do {
            let survey = try RosterSurvey.read(roster.path, roster.options)
            return (survey.finding, survey)
        } catch {
            return (.problem(.roster, "\(error)", "a run would refuse it"), nil)
        }
    }

    private func identitiesFinding(_ survey: RosterSurvey?, mayLookUp: Bool) async -> Finding {
        guard roster != nil else { return .skipped(.identities, "no roster is given") }
        guard let survey, !survey.sample.isEmpty else {
            return .skipped(.identities, "the roster has no IDs to look up")
        }
        guard mayLookUp, case .open(let connection, _) = server else {
            return .skipped(.identities, "admin_api and credential have to be ok for that")
        }
        let reply = await IdentityLookup(connection, columns: []).lookUp(survey.sample, onSend: nil)
        return IdentitiesCheck(asked: survey.sample).finding(reply.outcome)
    }
}
