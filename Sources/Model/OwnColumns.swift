// The columns of the program's own outputs, by name: one list, which every later version adds to.

/// The names that outputs give their own columns, and which of them hold secrets.
///
/// An output may be the roster of the next campaign. Then these columns speak of the campaign before.
package enum OwnColumns {
    /// The columns that open an account, or that stand beside one that does; in lower case.
    package static let secrets = ["recovery_code", "recovery_link", "expires_at"]

    /// The own columns of `invitations.csv`, in its order.
    package static let invitations = ["identity_id"] + secrets + ["issued_at", "generation"]

    /// The own columns of `failures.csv`, in its order.
    package static let failures = [
        "identity_id", "kind", "http_status", "error_id", "reason", "attempts", "ambiguous_attempts",
        "last_attempt_at", "request_id",
    ]

    /// The columns of `deliveries.csv`, in its order.
    package static let deliveries = [
        "identity_id", "address", "state", "reply", "at", "reason", "generation", "attempts", "queue_id",
    ]

    /// The names of outputs that are rosters, or look like one, without their endings.
    package static let outputNames = ["invitations", "failures", "rejected"]

    /// What an output puts before the name of a roster's column that it uses itself.
    package static let clashPrefix = "roster_"

    /// Those of `secrets` that are secrets wherever they stand, below the traits of an identity too.
    private static let keys = ["recovery_code", "recovery_link"]

    /// Whether a column of that name holds what an earlier campaign issued.
    ///
    /// In any case, with blanks or quotes around it, and with any number of `roster_` before it.
    package static func isSecret(_ name: String) -> Bool {
        let name = folded(name)
        if secrets.contains(withoutPrefixes(name[...])) { return true }
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return keys.contains(withoutPrefixes(name[name.utf8.index(after: dot)...]))
    }

    /// Whether a header is that of an `invitations.csv`: it has all of its own columns.
    ///
    /// Those of earlier versions have no more than the ID and the secrets.
    package static func areOfInvitations(_ names: [String]) -> Bool {
        Set(names.map(folded)).isSuperset(of: invitations)
    }

    /// Whether a header is that of a `failures.csv`: it has all of its own columns.
    package static func areOfFailures(_ names: [String]) -> Bool {
        Set(names.map(folded)).isSuperset(of: failures)
    }

    /// A column's name in lower case, without what cannot be seen around it, and without quotes around that.
    package static func folded(_ name: String) -> String {
        var scalars = name.unicodeScalars[...]
        while let first = scalars.first, isAroundNames(first) { scalars.removeFirst() }
        while let last = scalars.last, isAroundNames(last) { scalars.removeLast() }
        return String(scalars).lowercased()
    }

    private static func isAroundNames(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "'", "=": true
        default:
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .format
        }
    }

    private static func withoutPrefixes(_ name: Substring) -> String {
        var name = name
        while name.hasPrefix(clashPrefix) { name.removeFirst(clashPrefix.count) }
        return String(name)
    }
}
