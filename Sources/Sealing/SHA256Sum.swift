// SHA-256 of what is written.

import Crypto

/// A running SHA-256.
package struct SHA256Sum: Sendable {
    private var hash = SHA256()

    package init() {}

    package mutating func update(_ bytes: some Collection<UInt8>) {
        let isWhole: Void? = bytes.withContiguousStorageIfAvailable {
            hash.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isWhole == nil { hash.update(data: Array(bytes)) }
    }

    /// The 32 bytes of what has been seen so far; more may follow.
    package var bytes: [UInt8] { Array(hash.finalize()) }

    /// A sum in lower-case hexadecimal, as sha256sum(1) writes it.
    package static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
