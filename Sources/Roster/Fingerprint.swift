// What tells whether two rosters are the same file: SHA-256 over every raw byte.

import Crypto

/// A running SHA-256, read as lower-case hexadecimal.
struct FingerprintHash {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// Of what has been seen so far; more may follow.
    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}

/// The fingerprint of a file in one streaming pass without parsing: what `RosterReader.fingerprint` ends
/// with.
///
/// Throws what the source throws.
package func rosterFingerprint(of source: some ByteSource) throws -> String {
    var source = source
    var hash = FingerprintHash()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count = try source.read(into: buffer)
        guard count > 0 else { return hash.text }
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
}
