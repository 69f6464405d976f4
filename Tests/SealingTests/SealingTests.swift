import Foundation
import Sealing
import Testing
import Model

@Suite struct SealingTests {
    private let key = PrivateKey()
    private let one = IdentityID(high: 1, low: 1)
    private let other = IdentityID(high: 1, low: 2)

    private func opener(_ sealer: Sealer, _ key: PrivateKey? = nil) throws -> Opener {
        try Opener(key ?? self.key, encapsulatedKey: sealer.encapsulatedKey)
    }

    @Test(arguments: [
        ("012345", "https://x.example/recovery?flow=1"), ("", "https://x.example/?token=abc"), ("7", ""),
        ("Ünïcode-☂", "/relative"), (String(repeating: "9", count: 70_000), "x"),
    ])
    func whatIsSealedOpens(_ code: String, _ link: String) throws {
        let sealer = try Sealer(to: key.publicKey)
        let sealed = try sealer.seal(code: code, link: link, of: one)
        let opened = try opener(sealer).open(sealed, of: one)
        #expect(opened == (code, link))
    }

    @Test func theyOpenInAnyOrderAndAlone() throws {
        let sealer = try Sealer(to: key.publicKey)
        let identities = (1...20).map { IdentityID(high: 5, low: $0) }
        let sealed = try identities.map { try sealer.seal(code: "\($0.low)", link: "l", of: $0) }
        for (identity, value) in zip(identities, sealed).reversed() {
            #expect(try opener(sealer).open(value, of: identity).code == "\(identity.low)")
        }
    }

    @Test func nothingOfTheValueShows() throws {
        let sealer = try Sealer(to: key.publicKey)
        let first = try sealer.seal(code: "CANARY", link: "CANARYLINK", of: one)
        let second = try sealer.seal(code: "CANARY", link: "CANARYLINK", of: one)
        #expect(first != second, "each has a nonce of its own")
        for value in [first, second] {
            #expect(value.count == 28 + 4 + 16)
            #expect(!String(decoding: value, as: UTF8.self).contains("CANARY"))
        }
        #expect(try Sealer(to: key.publicKey).encapsulatedKey != sealer.encapsulatedKey)
    }

    @Test func anotherIdentitysValueDoesNotOpen() throws {
        let sealer = try Sealer(to: key.publicKey)
        let sealed = try sealer.seal(code: "1", link: "l", of: one)
        #expect(throws: SealingError.doesNotOpen) { try opener(sealer).open(sealed, of: other) }
    }

    @Test func aChangedValueDoesNotOpen() throws {
        let sealer = try Sealer(to: key.publicKey)
        let sealed = try sealer.seal(code: "123456", link: "https://x.example", of: one)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SealingError.doesNotOpen) { try opener(sealer).open(changed, of: one) }
        }
        for count in [0, 11, 12, 27, 28, sealed.count - 1] {
            #expect(throws: SealingError.doesNotOpen) {
                try opener(sealer).open(Array(sealed.prefix(count)), of: one)
            }
        }
    }

    @Test func anotherKeyDoesNotOpen() throws {
        let sealer = try Sealer(to: key.publicKey)
        let sealed = try sealer.seal(code: "1", link: "l", of: one)
        #expect(throws: SealingError.doesNotOpen) {
            try opener(sealer, PrivateKey()).open(sealed, of: one)
        }
        let again = try Sealer(to: key.publicKey)
        #expect(throws: SealingError.doesNotOpen) { try opener(again).open(sealed, of: one) }
        #expect(throws: SealingError.doesNotOpen) { try Opener(key, encapsulatedKey: [1, 2, 3]) }
    }

    @Test func aKeyThatSharesNothingIsRefused() throws {
        let zero = try #require(PublicKey(bytes: [UInt8](repeating: 0, count: 32)))
        #expect(throws: SealingError.unusableKey) { try Sealer(to: zero) }
        #expect(PublicKey(bytes: [1, 2, 3]) == nil)
    }

    /// Ledgers that earlier versions have sealed open for ever.
    @Test func aValueOfTheFirstVersionOpens() throws {
        let key = try PrivateKey(text: FirstVersion.key)
        #expect(key.publicKey.fingerprint == "47c2f66f26b67747")
        let encapsulated = try #require(Data(base64Encoded: FirstVersion.encapsulatedKey))
        let sealed = try #require(Data(base64Encoded: FirstVersion.sealed))
        let opened = try Opener(key, encapsulatedKey: [UInt8](encapsulated)).open([UInt8](sealed), of: one)
        #expect(opened == ("012345", "https://x.example/recovery?flow=1"))
    }

    private enum FirstVersion {
        static let key = "latchstring-seal-private-v1 cHpoK92QYNJWEMM30RQbusymDtG7/9jIwnHf4wsaf1s="
        static let encapsulatedKey = "NrL0MeiQK87GNIsOHQ/w8KyFRwDVmipVqB/R3PPvIgQ="
        static let sealed =
            "8nMOC7ugNixKCiv4rCr6ozJzLlk2ZmODhiWglBjjbAnAul3MyPVcWtKeFtFOlXRLfRH8e9xbwvUC2VZTEc8fvU2DnkbW22E="
    }

    @Test func keysAreNotShown() throws {
        let sealer = try Sealer(to: key.publicKey)
        #expect("\(sealer)" == "a seal to \(key.publicKey.fingerprint)")
        #expect(!String(reflecting: try opener(sealer)).contains("SymmetricKey"))
        #expect(Mirror(reflecting: sealer).children.isEmpty)
    }
}
