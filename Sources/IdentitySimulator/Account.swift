// What the simulated server knows of one identity beside its ID.

package import Vocabulary

/// One identity of the simulated server.
package struct Account: Sendable {
    package let identity: IdentityID
    package var email: String?
    package var isActive = true

    package init(_ identity: IdentityID, email: String?, isActive: Bool = true) {
        self.identity = identity
        self.email = email
        self.isActive = isActive
    }
}

extension SimulatorCore.State {
    /// The identity with this ID; nil where the server has none.
    func account(_ identity: IdentityID) -> Account? {
        guard directory.has(identity) else { return nil }
        return Account(identity, email: "\(identity.text.prefix(8))@example.test")
    }
}
