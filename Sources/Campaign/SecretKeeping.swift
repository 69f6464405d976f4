// What becomes of a code and a link between the server's answer and the ledger.

package import Sealing
package import Model

/// Makes what the ledger keeps of the code and the link in an answer.
package protocol SecretKeeping: Sendable {
    /// Nil where it cannot be made; then nobody has them.
    func secret(of recovery: IssuedCode, for identity: IdentityID) -> InvitationSecret?

    /// Whether that is too much for a thread that has other things to do: more than microseconds.
    var takesLong: Bool { get }
}

/// Keeps them as they are.
package struct PlainSecrets: SecretKeeping {
    package init() {}

    package var takesLong: Bool { false }

    package func secret(of recovery: IssuedCode, for identity: IdentityID) -> InvitationSecret? {
        .plain(code: recovery.code, link: recovery.link)
    }
}

/// Encrypts them, so that nothing that is written down can be read here.
package struct SealedSecrets: SecretKeeping {
    private let sealer: Sealer
    private let seal: SealID

    package var takesLong: Bool { true }

    /// - Parameter seal: the ledger's number of the sealer's encapsulated key.
    package init(_ sealer: Sealer, seal: SealID) {
        self.sealer = sealer
        self.seal = seal
    }

    package func secret(of recovery: IssuedCode, for identity: IdentityID) -> InvitationSecret? {
        let sealed = try? sealer.seal(code: recovery.code, link: recovery.link, of: identity)
        return sealed.map { .sealed(seal, $0) }
    }
}
