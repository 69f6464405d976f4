import Testing

@testable import Model

@Suite struct RunKeyTests {
    /// The vectors of the reference implementation: the key is 00 … 0f, the text 00 01 02 … (siphash.c,
    /// vectors.h).
    @Test func theHashIsSipHash() {
        var hash = SipHash128(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let none = hash.finish(byteCount: 0)
        #expect(none == (0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d))
        hash = SipHash128(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        hash.absorb(0x0706_0504_0302_0100)
        let eight = hash.finish(byteCount: 8)
        #expect(eight == (0x61f5_5862_baa9_623b, 0xb497_14f3_64e2_830f))
    }

    @Test func anIDFollowsFromRunIdentityAndAttempt() throws {
        let key = RunKey(high: 1, low: 2)
        let identity = IdentityID(high: 3, low: 4)
        let id = key.requestID(for: identity, attempt: 1)
        #expect(id == key.requestID(for: identity, attempt: 1))
        let others = [
            key.requestID(for: identity, attempt: 2), key.requestID(for: .null, attempt: 1),
            RunKey(high: 1, low: 3).requestID(for: identity, attempt: 1),
            RunKey(high: 2, low: 2).requestID(for: identity, attempt: 1),
        ]
        #expect(Set(others + [id]).count == 5)
        let uuid = try #require(IdentityID(id))
        #expect(uuid.high >> 12 & 15 == 8, "version 8")
        #expect(uuid.low >> 62 == 2, "RFC 9562's variant")
    }
}
