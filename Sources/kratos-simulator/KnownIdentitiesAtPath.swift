// Reads the identities of a roster file, for the simulator to know.

import IdentitySimulator
import Roster
import Model

/// The identities that a roster names; rejected rows are nobody the simulator knows.
///
/// The memory taken is that of the IDs alone.
///
/// - Throws: `RosterError`, in words.
func knownIdentities(rosterAt path: String) throws -> KnownIdentities {
    let reader = try RosterReader(source: FileByteSource(path: path))
    var identities = ContiguousArray<IdentityID>()
    while case let items = try reader.next(max: 1000), !items.isEmpty {
        for case .row(let row) in items { identities.append(row.identityID) }
    }
    return .listed(identities)
}
