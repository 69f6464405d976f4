// Sessions as administrators see them: all of them in pages, and those of one identity.

import Synchronization
import Model

extension SimulatorCore {
    /// Answers `GET /admin/sessions`.
    func sessions(_ request: SimulatedRequest) -> Answer {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .methodNotAllowed("GET, HEAD")
        }
        let rate = arrive(.lists)
        guard rate.isAdmitted else {
            var answer = Answer.tooManyRequests(requestID: request.requestID)
            answer.headerLines += rate.lines
            return answer
        }
        let query = GoQuery(request.query)
        let listing: SessionListing
        do throws(SessionListing.Refusal) {
            listing = try SessionListing(query)
        } catch {
            return .badRequest(error.reason, requestID: request.requestID)
        }
        let now = now()
        let (shown, last) = state.withLock { state -> ([FlowJSON], Session?) in
            var found = state.selfService.sessions(before: listing.before, count: listing.size + 1) {
                listing.filter.takes($0, at: now)
            }
            let isLastPage = found.count <= listing.size
            if !isLastPage { found.removeLast() }
            let shown = found.map { session in
                let account = listing.hasIdentities ? state.account(session.identity) : nil
                return session.json(
                    at: now,
                    identity: account.map { sessionIdentity($0, schemaURL: accountWriter.schemaURL) } ?? nil,
                    devices: listing.hasDevices ? session.devices : nil
                )
            }
            return (shown, isLastPage ? nil : found.last)
        }
        let link = "Link: \(listing.link(query, last: last))\r\n"
        return Answer(
            200,
            headerLines: Answer.jsonLines + link + rate.lines,
            body: FlowJSON.list(shown).body
        ).framed(for: request)
    }

    /// Answers `GET /admin/identities/{id}/sessions`.
    func sessions(_ request: SimulatedRequest, of text: Substring) -> Answer {
        let identity: IdentityID
        do throws(GoJSONError) {
            identity = try IssueBody.identity(String(text))
        } catch {
            return .error(400, message: error.text, requestID: request.requestID)
        }
        let query = GoQuery(request.query)
        let filter: SessionFilter
        do throws(SessionListing.Refusal) {
            filter = try SessionFilter(query)
        } catch {
            return .badRequest(error.reason, requestID: request.requestID)
        }
        let page = SessionPage(query)
        let now = now()
        let (shown, total) = state.withLock { state -> ([FlowJSON], Int) in
            guard let account = state.account(identity) else { return ([], 0) }
            let all = state.selfService.sessions(of: identity).filter { filter.takes($0, at: now) }
            let shown = all.dropFirst(page.number * page.size).prefix(page.size).map { session in
                session.json(
                    at: now,
                    identity: sessionIdentity(account, schemaURL: ""),
                    devices: session.devices
                )
            }
            return (shown, all.count)
        }
        let path = "/admin/identities/\(identity.text)/sessions"
        let link = "Link: \(page.link(path[...], query, total: total))\r\n"
        return Answer(
            200,
            headerLines: Answer.jsonLines + link + "X-Total-Count: \(total)\r\n",
            body: FlowJSON.list(shown).body
        )
    }

    /// The identity as sessions show it: without addresses, and without what administrators keep of it.
    private func sessionIdentity(_ account: Account, schemaURL: String) -> FlowJSON {
        var json = account.json(schemaURL: schemaURL)
        json.add(times: account)
        return json
    }
}
