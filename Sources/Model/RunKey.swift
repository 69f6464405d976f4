// The IDs of requests, as they are made and as they are found again.

/// What tells a run from every other, also from those of restored ledgers, where the numbers of runs come
/// again.
///
/// The ID of each request of a run follows from it: the ID of a request that nobody could store any more can
/// be told from the ledger alone.
package struct RunKey: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func random() -> RunKey {
        var random = SystemRandomNumberGenerator()
        return RunKey(high: random.next(), low: random.next())
    }

    /// The `X-Request-ID` of an attempt: a UUID of version 8 (RFC 9562, 5.8) made of the SipHash-2-4 with 128
    /// bits of the identity and the attempt, keyed with this.
    ///
    /// - Parameter attempt: the number of the attempt among all that have come to a result for the identity,
    ///   from 1. A request that goes again at once, as the server left it unread, has the same number.
    package func requestID(for identity: IdentityID, attempt: Int) -> String {
        var hash = SipHash128(high, low)
        hash.absorb(identity.high)
        hash.absorb(identity.low)
        hash.absorb(UInt64(bitPattern: Int64(attempt)))
        let (first, second) = hash.finish(byteCount: 24)
        return IdentityID(
            high: first & 0xffff_ffff_ffff_0fff | 0x8000,
            low: second & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        ).text
    }
}

extension RunKey: CustomStringConvertible {
    /// 32 hexadecimal digits in the form of a UUID.
    package var description: String { IdentityID(high: high, low: low).text }
}

/// SipHash-2-4 with 128 bits (Aumasson and Bernstein, github.com/veorq/SipHash), of whole words of 8 bytes.
struct SipHash128 {
    private var (v0, v1, v2, v3): (UInt64, UInt64, UInt64, UInt64)

    /// - Parameters:
    ///   - key0: the first 8 bytes of the key, little-endian.
    ///   - key1: its last 8 bytes.
    init(_ key0: UInt64, _ key1: UInt64) {
        v0 = key0 ^ 0x736f_6d65_7073_6575
        v1 = key1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key0 ^ 0x6c79_6765_6e65_7261
        v3 = key1 ^ 0x7465_6462_7974_6573
    }

    /// Takes in 8 bytes, read as a little-endian number.
    mutating func absorb(_ word: UInt64) {
        v3 ^= word
        rounds(2)
        v0 ^= word
    }

    /// The hash of the words so far, which were so many bytes; each half a little-endian number.
    mutating func finish(byteCount: Int) -> (first: UInt64, second: UInt64) {
        absorb(UInt64(byteCount & 0xff) << 56)
        v2 ^= 0xee
        rounds(4)
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        rounds(4)
        return (first, v0 ^ v1 ^ v2 ^ v3)
    }

    private mutating func rounds(_ count: Int) {
        for _ in 0..<count {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
