// Identities as administrators see them: lists, single ones, and the sessions of one.

import Glibc
import Synchronization
import Model

extension SimulatorCore {
    /// What a request to `/admin/identities` and below wants, by its method and path.
    private enum Errand {
        case list, create, batch
        case get(IdentityID?), patch(IdentityID?), put(IdentityID?), delete(IdentityID?)
        case sessions(Substring)
        case notAllowed(String)
        case nothing

        init(_ request: SimulatedRequest, below path: Substring) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
            switch (parts.count, request.method) {
            case (0, "GET"), (0, "HEAD"): self = .list
            case (0, "POST"): self = .create
            case (0, "PATCH"): self = .batch
            case (0, _): self = .notAllowed("GET, HEAD, PATCH, POST")
            case (1, "GET"), (1, "HEAD"): self = .get(IdentityID(parts[0]))
            case (1, "PATCH"): self = .patch(IdentityID(parts[0]))
            case (1, "PUT"): self = .put(IdentityID(parts[0]))
            case (1, "DELETE"): self = .delete(IdentityID(parts[0]))
            case (1, _): self = .notAllowed("DELETE, GET, HEAD, PATCH, PUT")
            case (2, "GET") where parts[1] == "sessions", (2, "HEAD") where parts[1] == "sessions":
                self = .sessions(parts[0])
            case (2, _) where parts[1] == "sessions": self = .notAllowed("GET, HEAD")
            default: self = .nothing
            }
        }

        var budget: Budget? {
            switch self {
            case .list, .sessions: .lists
            case .get: .singles
            case .create, .batch, .patch, .put, .delete: .writes
            case .notAllowed, .nothing: nil
            }
        }
    }

    /// Which of the server's limits a request is counted by.
    enum Budget {
        case lists, singles, writes
    }

    /// The answer to a request to `/admin/identities` and below.
    ///
    /// - Parameter path: what follows `/admin/identities`: nothing, or a path that begins with a slash.
    func identities(_ request: SimulatedRequest, below path: Substring) -> Answer {
        let errand = Errand(request, below: path)
        let rate = errand.budget.map(arrive) ?? (isAdmitted: true, lines: "")
        guard rate.isAdmitted else {
            var answer = Answer.tooManyRequests(requestID: request.requestID)
            answer.headerLines += rate.lines
            return answer
        }
        var answer =
            switch errand {
            case .list: list(request)
            case .create: create(request)
            case .batch: createMany(request)
            case .get(let identity): get(request, identity)
            case .patch(let identity): patch(request, identity)
            case .put(let identity): update(request, identity)
            case .delete(let identity): delete(request, identity)
            case .sessions(let identity): sessions(request, of: identity)
            case .notAllowed(let methods): Answer.methodNotAllowed(methods)
            case .nothing: Answer.notFoundPage
            }
        answer.headerLines += rate.lines
        return answer.framed(for: request)
    }

    /// Counts a request to identities, and says whether the limits let it pass.
    func arrive(_ budget: Budget) -> (isAdmitted: Bool, lines: String) {
        state.withLock { state in
            let now = max(Self.read(CLOCK_MONOTONIC), state.lastArrival)
            state.lastArrival = now
            let decision: RateDecision?
            let lines: String?
            switch budget {
            case .lists, .singles:
                state.statistics.identityReads += 1
                state.readPeaks.arrive(at: now)
                let limiter =
                    budget == .singles && state.hasSingleReadLimits
                    ? \State.singleReadLimiter : \State.readLimiter
                decision = state[keyPath: limiter].arrive(at: now)
                lines = decision.map { state[keyPath: limiter].headerLines($0, at: now) }
            case .writes:
                state.statistics.identityWrites += 1
                // Ory Network counts every write of an identity together with the codes and links.
                decision = state.limiter.arrive(at: now)
                lines = decision.map { state.limiter.headerLines($0, at: now) }
            }
            let isAdmitted = decision?.isAdmitted ?? true
            if !isAdmitted { state.statistics.rateLimited += 1 }
            return (isAdmitted, lines ?? "")
        }
    }

    var accountWriter: AccountWriter { AccountWriter(hash: hash, publicURL: currentEndpoints.publicURL) }

    private func list(_ request: SimulatedRequest) -> Answer {
        let query = GoQuery(request.query)
        let listing: IdentityListing
        do throws(IdentityListing.Refusal) {
            listing = try IdentityListing(query, ignoresIDs: configuration.ignoresIDs)
        } catch {
            return .badRequest(error.reason, requestID: request.requestID)
        }
        var (accounts, total) = state.withLock { state in
            let accounts = Self.accounts(listing, &state)
            guard case .number = listing.page else { return (accounts, 0) }
            // Kratos counts the page where it looks for an identifier, and everything else where it doesn't.
            if case .credentialsIdentifier = listing.filter { return (accounts, accounts.count) }
            return (accounts, state.accountCount())
        }
        var last: IdentityID?
        switch listing.page {
        case .after(_, let size), .number(_, let size):
            if accounts.count > size {
                accounts.removeLast(accounts.count - size)
                last = accounts.last?.identity
            }
        }
        var answer = Answer(200, headerLines: Answer.jsonLines, body: [])
        answer.headerLines += "Link: \(listing.link(query, last: last, total: total))\r\n"
        if case .number = listing.page { answer.headerLines += "X-Total-Count: \(total)\r\n" }
        let shown: AccountWriter.Credentials =
            !listing.includesCredentials ? .hidden : listing.declassifiesPassword ? .declassified : .shown
        let writer = accountWriter
        answer.body.reserveCapacity(900 * accounts.count + 3)
        answer.body.append(UInt8(ascii: "["))
        for (index, account) in accounts.enumerated() {
            if index > 0 { answer.body.append(UInt8(ascii: ",")) }
            writer.append(account, shown, to: &answer.body)
        }
        answer.body.append(contentsOf: "]\n".utf8)
        return answer
    }

    /// The accounts of a page, one more where others follow.
    private static func accounts(_ listing: IdentityListing, _ state: inout State) -> [Account] {
        let (after, skipped, size) =
            switch listing.page {
            case .after(let identity, let size): (identity, 0, size)
            case .number(let number, let size): (IdentityID.null, number * size, size)
            }
        let found: [Account]
        switch listing.filter {
        case .none: return state.accounts(after: after, skipping: skipped, size: size)
        case .credentialsIdentifier(let identifier):
            found = state.account(email: identifier).map { [$0] } ?? []
        case .ids(let ids): found = Set(ids).sorted().compactMap { state.account($0) }
        }
        return Array(found.filter { after < $0.identity }.dropFirst(skipped).prefix(size + 1))
    }

    private func get(_ request: SimulatedRequest, _ identity: IdentityID?) -> Answer {
        guard let account = identity.flatMap({ identity in state.withLock { $0.account(identity) } }) else {
            return .unknownIdentity(requestID: request.requestID)
        }
        let types = GoQuery(request.query).values(of: "include_credential")
        guard types.allSatisfy(IdentityListing.credentialTypes.contains) else {
            // Kratos names those that it has read so far: none.
            let read = types.prefix { IdentityListing.credentialTypes.contains($0) }.joined(separator: " ")
            let reason = "Invalid value `[\(read)]` for parameter `include_credential`."
            return .badRequest(reason, requestID: request.requestID)
        }
        return show(account, types.contains("password") ? .declassified : .shown)
    }

    func show(_ account: Account, _ credentials: AccountWriter.Credentials, status: Int = 200) -> Answer {
        var answer = Answer(status, headerLines: Answer.jsonLines, body: [])
        accountWriter.append(account, credentials, to: &answer.body)
        answer.body.append(UInt8(ascii: "\n"))
        return answer
    }
}
