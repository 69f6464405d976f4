// Identities as administrators change them: created one by one or in batches, patched, deleted.

import NIOCore
import Synchronization
import Model

extension SimulatorCore {
    /// How many identities one request may create, and how many of them with a password in plain text.
    private static let batchMax = 1000
    private static let batchWithPasswordMax = 200

    func create(_ request: SimulatedRequest) -> Answer {
        let requestID = request.requestID
        if request.isBodyTooLarge { return .bodyTooLarge(requestID: requestID) }
        let body: IdentityBody
        do throws(GoJSONError) {
            body = try IdentityBody(try Self.tree(request))
        } catch {
            return .error(400, message: error.text, requestID: requestID)
        }
        do throws(CreationFailure) {
            let account = try keep(body)
            var answer = show(account, .fresh, status: 201)
            answer.headerLines +=
                "Location: \(currentEndpoints.adminURL)/identities/\(account.identity.text)\r\n"
            return answer
        } catch {
            switch error {
            case .refused(let refusal): return .badRequest(refusal.reason, requestID: requestID)
            case .conflict:
                return .error(
                    409,
                    reason: "This identity conflicts with another identity that already exists.",
                    message: "The resource could not be created due to a conflict",
                    requestID: requestID
                )
            }
        }
    }

    func createMany(_ request: SimulatedRequest) -> Answer {
        let requestID = request.requestID
        if request.isBodyTooLarge { return .bodyTooLarge(requestID: requestID) }
        let batch: IdentityBatch
        do throws(GoJSONError) {
            batch = try IdentityBatch(try Self.tree(request))
        } catch {
            // Kratos sends what is no error of its own with a 500 inside.
            return .error(500, message: error.text, requestID: requestID, httpStatus: 400)
        }
        if batch.items.count > Self.batchMax {
            return Self.tooMany("or deleted at once", Self.batchMax, requestID)
        }
        // A state that is none spoils all of them; what the schema says of one only spoils that one.
        if batch.items.contains(where: { $0.body?.hasValidState == false }) {
            return .badRequest(IdentityRules.Refusal.invalidState.reason, requestID: requestID)
        }
        if batch.items.count(where: { $0.body?.password != nil }) > Self.batchWithPasswordMax {
            return Self.tooMany("with a plaintext password", Self.batchWithPasswordMax, requestID)
        }
        var answer = Answer(200, headerLines: Answer.jsonLines, body: Array(#"{"identities":["#.utf8))
        for (index, item) in batch.items.enumerated() {
            if index > 0 { answer.body.append(UInt8(ascii: ",")) }
            append(item, to: &answer.body)
        }
        answer.body.append(contentsOf: "]}\n".utf8)
        return answer
    }

    private static func tooMany(_ words: String, _ limit: Int, _ requestID: String) -> Answer {
        let reason = "The maximum number of identities per request that can be created \(words) is \(limit)."
        return .badRequest(reason, requestID: requestID)
    }

    /// Creates one identity of a batch, and writes what came of it.
    private func append(_ item: IdentityBatch.Item, to bytes: inout [UInt8]) {
        guard let body = item.body else { return bytes.append(contentsOf: "null".utf8) }
        let patchID = item.patchID.map { ",\"patch_id\":\"\($0.text)\"" } ?? ""
        do throws(CreationFailure) {
            let account = try keep(body)
            bytes.append(
                contentsOf: #"{"action":"create","identity":"\#(account.identity.text)"\#(patchID)}"#.utf8
            )
        } catch {
            let refusal: Answer
            switch error {
            case .conflict: refusal = .error(409, message: Self.valueExists, requestID: "")
            case .refused(let cause): refusal = .badRequest(cause.reason, requestID: "")
            }
            bytes.append(contentsOf: "{\"action\":\"error\"\(patchID),".utf8)
            // The error as in an answer of its own, without its outer braces.
            bytes.append(contentsOf: refusal.body.dropFirst().dropLast(2))
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private enum CreationFailure: Error {
        case refused(IdentityRules.Refusal)
        case conflict
    }

    private func keep(_ body: IdentityBody) throws(CreationFailure) -> Account {
        let time = now()
        let result = state.withLock { state -> Result<Account, CreationFailure> in
            let count = state.overlay.creations
            let identity = IdentityID(
                version4: hash.word(.newIdentity, count),
                hash.word(.newIdentity, count, 1)
            )
            do throws(IdentityRules.Refusal) {
                let account = stored(try IdentityRules().account(body, identity, at: time))
                guard !state.hasRival(of: account) else { return .failure(.conflict) }
                state.overlay.create(account)
                return .success(account)
            } catch {
                return .failure(.refused(error))
            }
        }
        return try result.get()
    }

    func patch(_ request: SimulatedRequest, _ identity: IdentityID?) -> Answer {
        if request.isBodyTooLarge { return .bodyTooLarge(requestID: request.requestID) }
        let patch = request.payload.withUnsafeReadableBytes {
            bytes -> Result<IdentityPatch, IdentityPatch.Failure> in
            do throws(IdentityPatch.Failure) {
                return .success(try IdentityPatch(bytes))
            } catch {
                return .failure(error)
            }
        }
        return change(request, identity) { account, time throws(IdentityPatch.Failure) in
            try account.patched(with: try patch.get().applied(to: account.patchable), at: time)
        }
    }

    /// Kratos' `PUT`: all of an identity but its credentials, which stay where none are given.
    func update(_ request: SimulatedRequest, _ identity: IdentityID?) -> Answer {
        if request.isBodyTooLarge { return .bodyTooLarge(requestID: request.requestID) }
        let body: IdentityBody
        do throws(GoJSONError) {
            body = try IdentityBody(try Self.tree(request))
        } catch {
            let reason = "Unable to decode JSON payload: \(error.text)"
            return .badRequest(reason, requestID: request.requestID)
        }
        return change(request, identity) { account, time throws(IdentityPatch.Failure) in
            var account = try account.patched(with: account.patchable(by: body), at: time)
            guard body.password != nil || body.hashedPassword != nil else { return account }
            (account.password, account.hashedPassword) = (body.password, body.hashedPassword)
            account.passwordSetAt = time
            return account
        }
    }

    private enum ChangeFailure: Error {
        case unknown, conflict
        case refused(IdentityPatch.Failure)
    }

    private func change(
        _ request: SimulatedRequest,
        _ identity: IdentityID?,
        _ body: (Account, GoTime) throws(IdentityPatch.Failure) -> Account
    ) -> Answer {
        let requestID = request.requestID
        let time = now()
        let result = state.withLock { state -> Result<Account, ChangeFailure> in
            guard let account = identity.flatMap({ state.account($0) }) else { return .failure(.unknown) }
            do throws(IdentityPatch.Failure) {
                let changed = stored(try body(account, time))
                guard !state.hasRival(of: changed) else { return .failure(.conflict) }
                state.overlay.keep(changed)
                return .success(changed)
            } catch {
                return .failure(.refused(error))
            }
        }
        switch result {
        case .success(let account): return show(account, .shown)
        case .failure(.unknown): return .unknownIdentity(requestID: requestID)
        case .failure(.conflict): return .error(409, message: Self.valueExists, requestID: requestID)
        case .failure(.refused(let failure)):
            return .error(400, reason: failure.reason, message: failure.text, requestID: requestID)
        }
    }

    /// The account as the database gives it back.
    private func stored(_ account: Account) -> Account {
        guard configuration.keepsJSONBinary else { return account }
        var account = account
        account.traits = account.traits.inBinaryOrder
        account.metadataPublic = account.metadataPublic.inBinaryOrder
        account.metadataAdmin = account.metadataAdmin.inBinaryOrder
        return account
    }

    private static let valueExists =
        "Unable to insert or update resource because a resource with that value exists already"

    func delete(_ request: SimulatedRequest, _ identity: IdentityID?) -> Answer {
        let isDeleted = state.withLock { state in
            guard let identity, state.account(identity) != nil else { return false }
            state.overlay.delete(identity)
            return true
        }
        guard isDeleted else { return .unknownIdentity(requestID: request.requestID) }
        return Answer(204, headerLines: "", body: [])
    }

    private static func tree(_ request: SimulatedRequest) throws(GoJSONError) -> JSONTree {
        try request.payload.withUnsafeReadableBytes { bytes -> Result<JSONTree, GoJSONError> in
            do throws(GoJSONError) {
                return .success(try JSONTree(bytes))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}

extension SimulatorCore.State {
    /// Whether another identity has the address or the external ID that this one is to have.
    fileprivate func hasRival(of account: Account) -> Bool {
        if let email = account.email, let other = self.account(email: email),
            other.identity != account.identity
        {
            return true
        }
        guard let other = overlay.identity(withExternalID: account.externalID) else { return false }
        return other != account.identity
    }
}
