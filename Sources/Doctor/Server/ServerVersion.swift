// The version that a server tells, and what it has not yet.

/// A release of Ory Kratos: `v26.2.0`.
struct ServerVersion: Hashable, Comparable, CustomStringConvertible {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `v26.2.0`, `1.3.1-pre.0`; nil for what is no release, as a build's name.
    init?(_ text: String) {
        let number = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = number.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            .split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    var description: String { "v\(major).\(minor)" }

    static func < (left: ServerVersion, right: ServerVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension ServerVersion {
    /// Something that a version does not have.
    struct Lack: Hashable {
        /// The first version that has it.
        let since: ServerVersion
        let text: String
        /// Whether it matters to a run without `--flow-type`.
        let matters: Bool
    }

    /// What this version lacks of what Latchstring and its users can use, the gravest first.
    ///
    /// Facts: Ory Kratos' source, v0.11 to v26.2.
    var lacks: [Lack] {
        let all = [
            Lack(
                since: ServerVersion(1, 1),
                text: "cannot look identities up by their IDs, nor list them by page_token (since v1.1)",
                matters: true
            ),
            Lack(
                since: ServerVersion(1, 2),
                text: self < ServerVersion(1, 0)
                    ? "refuses flow_type (since v1.2)" : "ignores flow_type (since v1.2)",
                matters: false
            ),
            Lack(
                since: ServerVersion(25, 4),
                text: "allows 5 tries for a code, which cannot be configured (since v25.4)",
                matters: false
            ),
        ]
        return all.filter { self < $0.since }
    }

    /// The oldest version whose answers are known.
    static let oldestKnown = ServerVersion(0, 11)
    /// The first that takes a flow type.
    static let takesFlowType = ServerVersion(1, 2)
}
