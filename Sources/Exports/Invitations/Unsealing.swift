// Sealed codes and links, opened while they are exported.

import Ledger
package import Sealing
package import Model

/// A sealed value that does not open; it says whose.
package struct UnsealingError: ProblemError, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        case doesNotOpen = "code_does_not_open"
    }

    package let identityID: IdentityID

    package var problem: Problem {
        Problem(
            Code.doesNotOpen.rawValue,
            "the code of identity \(identityID) does not open: the ledger was changed or is damaged; "
                + "nothing was written"
        )
    }
}

/// The private key's way into the values of a campaign.
package struct Unsealing: Sendable {
    private let openers: [SealID: Opener]

    /// - Parameter seals: the campaign's; those that are none open nothing.
    package init(_ seals: [SealRecord], with key: PrivateKey) {
        openers = seals.reduce(into: [:]) { openers, seal in
            openers[seal.id] = try? Opener(key, encapsulatedKey: seal.encapsulatedKey)
        }
    }

    /// - Throws: `UnsealingError`.
    func open(_ sealed: [UInt8], _ seal: SealID, of identity: IdentityID) throws(UnsealingError) -> (
        code: String, link: String
    ) {
        guard let opened = try? openers[seal]?.open(sealed, of: identity) else {
            throw UnsealingError(identityID: identity)
        }
        return opened
    }
}
