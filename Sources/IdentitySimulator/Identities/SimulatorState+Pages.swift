// The identities in the order of their IDs, page by page.

import Model

extension SimulatorCore.State {
    /// The accounts after an ID, in the order of IDs, one more than asked for where there are more.
    mutating func accounts(after identity: IdentityID, skipping skipped: Int = 0, size: Int) -> [Account] {
        var accounts: [Account] = []
        var left = skipped
        forEachIdentity(after: identity) { state, identity in
            guard let account = state.account(identity) else { return true }
            if left > 0 { left -= 1 } else { accounts.append(account) }
            return accounts.count <= size
        }
        return accounts
    }

    /// The number of all accounts.
    mutating func accountCount() -> Int {
        var count = 0
        forEachIdentity(after: .null) { state, identity in
            if state.exists(identity, inDirectory: state.directory.has(identity)) { count += 1 }
            return true
        }
        return count
    }

    /// Goes through the identities that the server was started with and those that were created since, in one
    /// order.
    ///
    /// - Parameter body: takes an identity; false ends the way.
    private mutating func forEachIdentity(after identity: IdentityID, _ body: (Self, IdentityID) -> Bool) {
        let first = directory.identitiesInOrder()
        let second = overlay.createdInOrder()
        var here = first.firstIndex(after: identity)
        var there = second.firstIndex(after: identity)
        while here < first.count || there < second.count {
            let next: IdentityID
            if there == second.count || here < first.count && first[here] < second[there] {
                next = first[here]
                here += 1
            } else {
                next = second[there]
                there += 1
            }
            guard body(self, next) else { return }
        }
    }
}

extension ContiguousArray<IdentityID> {
    /// Where in this sorted list the first ID stands that comes after another.
    func firstIndex(after identity: IdentityID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= identity { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
