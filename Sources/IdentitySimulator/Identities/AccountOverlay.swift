// What was created, changed and deleted since the server was started.

import Model

/// The accounts that differ from what follows from their IDs: all that takes memory.
struct AccountOverlay: Sendable {
    private var accounts: [IdentityID: Account] = [:]
    private var identitiesByEmail: [String: IdentityID] = [:]
    private var identitiesByExternalID: [String: IdentityID] = [:]
    private var deleted: Set<IdentityID> = []
    /// The created ones, in the order of their IDs where they are sorted.
    private var created: ContiguousArray<IdentityID> = []
    private var isSorted = true
    private(set) var creations: UInt64 = 0

    var isUntouched: Bool { accounts.isEmpty && deleted.isEmpty }

    func account(_ identity: IdentityID) -> Account? { accounts[identity] }

    func isDeleted(_ identity: IdentityID) -> Bool { deleted.contains(identity) }

    func identity(withEmail email: String) -> IdentityID? { identitiesByEmail[email] }

    func identity(withExternalID externalID: String) -> IdentityID? { identitiesByExternalID[externalID] }

    mutating func create(_ account: Account) {
        creations += 1
        isSorted = isSorted && created.last.map { $0 < account.identity } ?? true
        created.append(account.identity)
        keep(account)
    }

    /// Takes the new shape of an account that exists.
    mutating func keep(_ account: Account) {
        if let before = accounts[account.identity] { forgetNames(of: before) }
        accounts[account.identity] = account
        if let email = account.email { identitiesByEmail[email] = account.identity }
        if !account.externalID.isEmpty { identitiesByExternalID[account.externalID] = account.identity }
    }

    mutating func delete(_ identity: IdentityID) {
        if let account = accounts.removeValue(forKey: identity) { forgetNames(of: account) }
        if let index = created.firstIndex(of: identity) { created.remove(at: index) }
        // Created ones too: to a server that knows every ID it would exist again.
        deleted.insert(identity)
    }

    /// The created ones in the order of their IDs.
    mutating func createdInOrder() -> ContiguousArray<IdentityID> {
        if !isSorted {
            created.sort()
            isSorted = true
        }
        return created
    }

    private mutating func forgetNames(of account: Account) {
        if let email = account.email { identitiesByEmail[email] = nil }
        if !account.externalID.isEmpty { identitiesByExternalID[account.externalID] = nil }
    }
}
