// What is odd about an answer that issued: worth a word, once a run.

import Synchronization
package import Model

/// Something about an invitation that whoever sends it out should know.
package enum AnswerRemark: Hashable, Sendable {
    /// It does not expire when it was asked to.
    case expiry(ExpiryRemark)
    /// Its link leads to another host than the links before it.
    case otherHost(first: String, other: String)
    /// Its link leads to a host that users cannot reach.
    case insideHost(String, server: String)

    /// What a remark is about; of each a run says one.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case expiry, host, inside
    }

    package var kind: Kind {
        switch self {
        case .expiry: .expiry
        case .otherHost: .host
        case .insideHost: .inside
        }
    }
}

extension AnswerRemark: Worded {
    /// A sentence, for a warning; without the link.
    package var wording: Wording {
        switch self {
        case .expiry(let remark): remark.wording
        case .otherHost(let first, let other):
            "links lead to different hosts: the first to \(first), another to \(other); check both before "
                + "you send them out"
        case .insideHost(let host, let server):
            "links lead to \(host), which users cannot open from where they are: the server is \(server); "
                + "set selfservice.flows.recovery.ui_url (and serve.public.base_url) on the server to what "
                + "users open"
        }
    }
}

/// The kinds of remarks that were made.
///
/// What is odd about one answer mostly is about every one: to look at the clocks and to find words for each
/// of them cost a twelfth of a run.
final class RemarkedKinds: Sendable {
    private let made = Mutex<Set<AnswerRemark.Kind>>([])

    /// The remark, where there is one and none of its kind was made before.
    func first(_ kind: AnswerRemark.Kind, _ remark: () -> AnswerRemark?) -> [AnswerRemark] {
        guard !made.withLock({ $0.contains(kind) }), let remark = remark(),
            made.withLock({ $0.insert(kind).inserted })
        else { return [] }
        return [remark]
    }
}

/// The host that the links of a run lead to.
final class LinkHosts: Sendable {
    private struct Known {
        let host: String
        /// How its link begins, with the slash before the path: those that begin alike lead to the same host.
        ///
        /// Nil where there is no such slash.
        let beginning: [UInt8]?
    }

    private let first = Mutex<Known?>(nil)

    /// A remark where the link leads elsewhere than the first that had a host; relative links have none.
    func remark(on link: String) -> AnswerRemark? {
        let known = first.withLock { $0 }
        // There is one for each identity, and nearly all begin alike.
        if let beginning = known?.beginning, link.utf8.starts(with: beginning) { return nil }
        guard let host = Self.host(of: link) else { return nil }
        let first = first.withLock { first in
            let known = first ?? Known(host: host, beginning: Self.beginning(of: link))
            first = known
            return known.host
        }
        return host == first ? nil : .otherHost(first: first, other: host)
    }

    /// The link up to its third slash, which is not before the end of its host.
    static func beginning(of link: String) -> [UInt8]? {
        let bytes = Array(link.utf8)
        let slashes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }
        return slashes.count > 2 ? Array(bytes[...slashes[2]]) : nil
    }

    /// The host of a link as browsers see it, in lower case, without a user's name and a port; nil where it
    /// has none.
    static func host(of link: String) -> String? {
        guard let mark = link.utf8.firstRange(of: "//".utf8) else { return nil }
        let scheme = link[..<mark.lowerBound].lowercased()
        guard ["https:", "http:", ""].contains(scheme) else { return nil }
        // To browsers a backslash is a slash.
        let authority = link.utf8[mark.upperBound...].prefix { !"/\\?#".utf8.contains($0) }
        let place = authority.lastIndex(of: UInt8(ascii: "@")).map {
            authority[authority.index(after: $0)...]
        }
        let whole = place ?? authority
        let isIPv6 = whole.first == UInt8(ascii: "[")
        let host = whole.prefix { $0 != UInt8(ascii: isIPv6 ? "]" : ":") }
        guard !host.isEmpty else { return nil }
        return (String(decoding: host, as: UTF8.self).lowercased() + (isIPv6 ? "]" : "")).line(
            lengthMax: hostLengthMax
        )
    }

    /// RFC 1035, 2.3.4.
    private static let hostLengthMax = 255
}
