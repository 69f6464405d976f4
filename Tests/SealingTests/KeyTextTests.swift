import Sealing
import Testing

@Suite struct KeyTextTests {
    private let key = PrivateKey()

    @Test func aKeyComesBackFromItsText() throws {
        #expect(try PublicKey(text: key.publicKey.text) == key.publicKey)
        #expect(try PrivateKey(text: key.secretText).publicKey == key.publicKey)
        let untidy = "\n  \(key.publicKey.text.replacing("\n", with: "\r\n"))\r\n# the end\n"
        #expect(try PublicKey(text: untidy) == key.publicKey)
    }

    @Test func itIsOneLineWithACommentThatNamesIt() {
        let lines = key.publicKey.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("# ") && lines[0].contains(key.publicKey.fingerprint))
        #expect(lines[1].hasPrefix("latchstring-seal-public-v1 "))
        #expect(key.secretText.contains("\nlatchstring-seal-private-v1 "))
        #expect(key.secretText.contains(key.publicKey.fingerprint))
        #expect(key.publicKey.fingerprint.count == 16)
    }

    @Test func oneForTheOtherIsTold() {
        #expect(throws: KeyTextError.isPrivate) { try PublicKey(text: key.secretText) }
        #expect(throws: KeyTextError.isPublic) { try PrivateKey(text: key.publicKey.text) }
        #expect(throws: KeyTextError.isPrivate, "not even beside the right one") {
            try PublicKey(text: key.publicKey.text + key.secretText)
        }
    }

    @Test(arguments: [
        "", "# nothing", "latchstring-seal-public-v1", "latchstring-seal-public-v1 ???",
        "latchstring-seal-public-v1 AAAA", "latchstring-seal-public-v2 AAAA", "ssh-ed25519 AAAA me",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ])
    func whatIsNoKeyIsRefused(_ text: String) {
        #expect(throws: KeyTextError.isNoKey) { try PublicKey(text: text) }
        #expect(throws: KeyTextError.isNoKey) { try PublicKey(text: text + "\n" + text) }
    }

    @Test func twoKeysAreNone() {
        #expect(throws: KeyTextError.isNoKey) {
            try PublicKey(text: key.publicKey.text + PrivateKey().publicKey.text)
        }
    }

    @Test func aPrivateKeyIsNotShown() {
        let secret = key.secretText.split(separator: " ").last.map(String.init) ?? ""
        for text in ["\(key)", String(reflecting: key), String(describing: [key])] {
            #expect(!text.contains(secret.prefix(8)))
        }
    }
}
