// Reads the identities of a roster file, for the simulator to know.

import Glibc
import IdentitySimulator
import Vocabulary

/// The identities of a roster: of each line the first comma-separated field that is an identity ID.
///
/// Reads the file piece by piece, so that the memory taken is that of the IDs alone.
///
/// - Throws: `RosterFailure` where the file cannot be read or names no identity.
func knownIdentities(rosterAt path: String) throws(RosterFailure) -> KnownIdentities {
    guard let file = fopen(path, "r") else {
        throw RosterFailure(
            description: "the roster \(path) cannot be opened: \(String(cString: strerror(errno)))"
        )
    }
    defer { fclose(file) }
    var identities = ContiguousArray<IdentityID>()
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while true {
        let count = getline(&line, &capacity, file)
        guard count > 0, let line else { break }
        line.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            if let identity = firstIdentity(in: UnsafeBufferPointer(start: bytes, count: count)) {
                identities.append(identity)
            }
        }
    }
    guard ferror(file) == 0 else {
        throw RosterFailure(description: "the roster \(path) cannot be read to its end")
    }
    guard !identities.isEmpty else {
        throw RosterFailure(description: "the roster \(path) names no identity")
    }
    return .listed(identities)
}

/// A roster that the simulator can make nothing of.
struct RosterFailure: Error, CustomStringConvertible {
    let description: String
}

private func firstIdentity(in line: UnsafeBufferPointer<UInt8>) -> IdentityID? {
    for field in line.split(separator: UInt8(ascii: ",")) {
        var field = UnsafeBufferPointer(rebasing: field)
        while let last = field.last, last == 0x0a || last == 0x0d || last == UInt8(ascii: "\"") {
            field = UnsafeBufferPointer(rebasing: field.dropLast())
        }
        if field.first == UInt8(ascii: "\"") { field = UnsafeBufferPointer(rebasing: field.dropFirst()) }
        if let identity = IdentityID(utf8: field) { return identity }
    }
    return nil
}
