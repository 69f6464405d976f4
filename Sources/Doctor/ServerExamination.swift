// Asks a server what the checks want to know, and hands them the answers.

import Foundation
import HTTPTransport
import Providers
import Model

/// The requests to a server, one after the other, none of which issues anything.
struct ServerExamination {
    let connection: ServerConnection
    let issueRequest: IssueRequest
    let rates: [Rate]
    /// Why there is no credential to send, where one was meant to be.
    let credentialRefusal: Finding?

    private var reading: AnswerClassifier { AnswerClassifier(connection, method: issueRequest.method) }

    /// All that concerns the server, from reach to clock, in the order of `Check`.
    func findings() async -> [Finding] {
        // The first request looks at the way. Where there is no health to ask for, any answer does.
        let health = connection.provider.health
        let first = await get(
            health?.alive ?? connection.provider.issuePath(issueRequest.method),
            withFacts: true
        )
        let now = connection.now()
        var findings = [
            ReachCheck(connection: connection).finding(first),
            CertificateCheck(connection: connection).finding(first),
        ]
        guard case .success = first else { return findings + Self.unreached }
        findings.append(healthFinding(.alive, health?.alive, first))
        findings.append(
            healthFinding(.ready, health?.ready, await get(health?.ready))
        )
        if let path = health?.version {
            findings.append(
                VersionCheck(connection: connection, issueRequest: issueRequest).finding(
                    await get(path, withFacts: false)
                )
            )
        } else {
            findings.append(.skipped(.version, "\(connection.provider) does not tell its version"))
        }
        findings += await issuingFindings()
        findings.append(ClockCheck(now: now).finding(first))
        return findings
    }

    private static let unreached: [Finding] = [
        .alive, .ready, .version, .adminAPI, .credential, .method, .limits, .clock,
    ].map { .skipped($0, "no request could be sent") }

    /// Admin API, credential, method and limits.
    private func issuingFindings() async -> [Finding] {
        if let credentialRefusal {
            let why: Wording = "there is no credential to ask with"
            return [
                .skipped(.adminAPI, why), credentialRefusal, .skipped(.method, why), .skipped(.limits, why),
            ]
        }
        let request = RecoveryAPI(connection, issueRequest).request(
            for: .null,
            requestID: IdentityID.random().text,
            token: connection.credential.token
        )
        let reply = await send(request)
        let findings = IssuingCheck(connection: connection, reading: reading, issueRequest: issueRequest)
            .findings(reply)
        let isElsewhere = findings.contains { $0.check == .adminAPI && $0.state == .problem }
        let limits =
            isElsewhere
            ? Finding.skipped(.limits, "the admin API did not answer as it should")
            : LimitsCheck(rates: rates, now: connection.now()).finding(reply)
        return findings + [limits]
    }

    private func healthFinding(_ check: Check, _ path: String?, _ reply: Reply?) -> Finding {
        guard let path, let reply else {
            return .skipped(check, "\(connection.provider) has no path that tells")
        }
        return HealthCheck(check: check, path: path, connection: connection, reading: reading).finding(reply)
    }

    private func get(_ path: String?) async -> Reply? {
        guard let path else { return nil }
        return await get(path, withFacts: false)
    }

    private func get(_ path: String, withFacts: Bool) async -> Reply {
        var request = connection.request(.get, path, token: connection.credential.token)
        request.wantsConnectionFacts = withFacts
        return await send(request)
    }

    private func send(_ request: HTTPRequest) async -> Reply {
        do { return .success(try await connection.send(request)) } catch { return .failure(error) }
    }
}
